/**
 * @param key what to call it in an error, which does not quote it: it may hold a token
 * @throws Error
 */
export function parseUrl(key: string, text: string, schemes: readonly ('http' | 'https')[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && schemes.some((scheme) => url.protocol === `${scheme}:`)) return url
  throw new Error(`${key}: must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`)
}
