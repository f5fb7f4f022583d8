import { validateHeaderName, validateHeaderValue } from 'node:http'

/** Where a request ends and whom it is for: what comes from elsewhere must not say so. */
const OF_THE_REQUEST = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade']

/**
 * Headers by lower-case name.
 * @param key what they are called in an error, which quotes neither a name nor a value of theirs
 * @param when what the error ends with
 * @throws Error for what no header can be; Node's own would quote a name
 */
export function readHeaders(
  key: string,
  texts: readonly (readonly [string, string])[],
  when = '',
): Record<string, string> {
  const headers = texts.map(([name, value]) => [name.toLowerCase(), value] as const)
  const own = headers.find(([name]) => OF_THE_REQUEST.includes(name))
  if (own !== undefined) throw new Error(`${key}: ${own[0]} is the request's own`)
  if (!headers.every(([name, value]) => canBeHeader(name, value))) {
    throw new Error(`${key}: a name or a value is none that a header can have${when}`)
  }
  return Object.fromEntries(headers)
}

/** Whether a request can have it, beside the headers that are its own. */
export function canBeHeader(name: string, value: string): boolean {
  if (OF_THE_REQUEST.includes(name.toLowerCase())) return false
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}
