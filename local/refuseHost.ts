import type { IncomingMessage } from 'node:http'

/**
 * Checks Host and Origin, so that no page in a browser can reach the stack through a name that resolves to 127.0.0.1.
 * @param publicHost a tunnel's host, which reaches /webhook/* alone
 * @returns why the request is refused, or undefined when it is not
 */
export function refuseHost(
  { url, headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  port: number,
  publicHost: string | undefined,
): string | undefined {
  const own = ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) => {
    // clients leave the default port out
    return port === 80 ? [`${name}:${port}`, name] : [`${name}:${port}`]
  })
  const host = (headers.host ?? '').toLowerCase()
  const isPublic = host === publicHost && url?.startsWith('/webhook/') === true
  if (!own.includes(host) && !isPublic) {
    return `This host is not served. Use http://127.0.0.1:${port}, or set PUBLIC_ORIGIN for a tunnel to /webhook/.`
  }
  const { origin } = headers
  if (origin !== undefined && !own.includes(origin.replace('http://', '')) && !isPublic) {
    return 'Requests from other origins are not served.'
  }
  return undefined
}
