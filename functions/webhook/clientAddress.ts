import type { WebhookRequest } from './readRequest'

/**
 * Who is calling. The platform's source address is the truth; X-Forwarded-For is written by whoever calls, and counts
 * only as far as proxies of our own wrote it: from the right, the first hop that is not one of them.
 *
 * @param isTrustedProxy addresses of TRUSTED_PROXIES
 */
export function clientAddress(request: WebhookRequest, isTrustedProxy: (address: string) => boolean): string {
  const hops = (request.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  let client = request.sourceIp
  while (isTrustedProxy(client) && hops.length > 0) client = hops.pop() ?? ''
  return client
}
