import type { Signer } from './target'

/**
 * The headers by which a receiver can tell that a request is of this emulator, and that nobody changed its body: RSA
 * (PKCS #1 v1.5) and SHA-256 over the address, the other headers and the body, a line each.
 *
 * The body is the last, with no line break after it: so the page has it. The helper of the official Java SDK, which is for
 * the older HMAC-SHA1 signature, adds one; some receivers try both.
 * https://help.aliyun.com/en/eventbridge/user-guide/signature-algorithm
 *
 * @param url as the target's Endpoint has it, with its query
 * @param token what the target's owner chose, for a receiver to compare
 * @param now milliseconds since 1970; a receiver refuses what is older than a minute
 */
export async function signRequest(
  { sign, certificateUrl }: Signer,
  { url, body, token }: { url: string; body: string; token: string | undefined },
  now: number,
): Promise<Record<string, string>> {
  const headers = {
    'x-eventbridge-signature-timestamp': String(now),
    'x-eventbridge-hash-method': 'SHA256',
    'x-eventbridge-signature-version': '1.0',
    'x-eventbridge-signature-url': await certificateUrl(),
    ...(token && { 'x-eventbridge-signature-token': token }),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const signature = await sign([url, ...lines, body].join('\n'))
  return { ...headers, 'x-eventbridge-signature-v2': signature }
}
