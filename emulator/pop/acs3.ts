import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { encode } from './encode'

/*
 * The signature ACS3-HMAC-SHA256, of the header Authorization:
 * https://help.aliyun.com/en/sdk/product-overview/v3-request-structure-and-signature
 */

export interface Acs3Authorization {
  accessKeyId: string
  /** lower-case names, as the client lists them */
  signedHeaders: string[]
  signature: string
}

/** Undefined for a header of another form. */
export function parseAcs3(authorization: string): Acs3Authorization | undefined {
  const form = /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]+)$/i
  const [, accessKeyId, signedHeaders, signature] = form.exec(authorization) ?? []
  if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined) return undefined
  return { accessKeyId, signedHeaders: signedHeaders.toLowerCase().split(';'), signature: signature.toLowerCase() }
}

export interface SignedRequest {
  method: string
  path: string
  /** decoded */
  query: Iterable<[string, string]>
  /** as they were received: Host with its port */
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A signed header that is not there counts as an empty one, which no client signs. */
export function acs3StringToSign(
  { method, path, query, headers, body }: SignedRequest,
  signedHeaders: readonly string[],
): string {
  // by name alone: "a" is before "a.b", though "=" is after "."
  const sorted = [...query].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const names = [...signedHeaders].sort()
  const canonical = [
    method,
    path,
    sorted.map(([name, value]) => `${name}=${encode(value)}`).join('&'),
    ...names.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    sha256(body),
  ]
  return `ACS3-HMAC-SHA256\n${sha256(canonical.join('\n'))}`
}

export function acs3Signature(stringToSign: string, secret: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex')
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
