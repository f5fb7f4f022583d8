import { sign, stringToSign } from '../../shared/eventbridge/signature'
import { accessKey } from './emulator'

/** Posts this to EventBridge's API on a port of 127.0.0.1, signed, as nothing but the headers say. */
export function signedPost(
  port: number,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer,
  key = accessKey,
) {
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const signature = sign(stringToSign('POST', lowerCase, path), key.accessKeySecret)
  return fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { ...lowerCase, authorization: `acs:${key.accessKeyId}:${signature}` },
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  })
}
