import { createHmac, randomUUID } from 'node:crypto'
import type { FcCredentials } from '../shared/fc/types'
import { isObject } from '../shared/json'

const ANSWER_WITHIN_MS = 10_000

interface RpcAnswer {
  /** of the error, `HTTP 502` where the answer has none; undefined when it was done */
  code: string | undefined
  body: unknown
}

/**
 * Calls one of Alibaba Cloud's older APIs, in the RPC style.
 * @param parameters Action and Version, and what the action takes
 * @throws when nobody answers in time
 */
export async function callRpc(
  endpoint: URL,
  parameters: Readonly<Record<string, string>>,
  credentials: FcCredentials,
): Promise<RpcAnswer> {
  const form = signedForm(
    'POST',
    { ...parameters, Format: 'JSON' },
    { credentials, time: new Date(), nonce: randomUUID() },
  )
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const response = await fetch(endpoint, { method: 'POST', headers, body: form, signal })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return { code: undefined, body }
  const code = isObject(body) ? body['Code'] : undefined
  return { code: typeof code === 'string' ? code : `HTTP ${response.status}`, body }
}

interface Signing {
  credentials: FcCredentials
  time: Date
  /** used once */
  nonce: string
}

/**
 * The parameters of a request in the RPC style of Alibaba Cloud's older APIs, signed.
 * https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
 */
export function signedForm(
  method: 'GET' | 'POST',
  parameters: Readonly<Record<string, string>>,
  { credentials, time, nonce }: Signing,
): string {
  const all = Object.entries({
    ...parameters,
    AccessKeyId: credentials.accessKeyId,
    ...(credentials.securityToken && { SecurityToken: credentials.securityToken }),
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: nonce,
    SignatureVersion: '1.0',
    Timestamp: `${time.toISOString().slice(0, 19)}Z`,
  })
  const query = all
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const text = `${method}&${encode('/')}&${encode(query)}`
  const signature = createHmac('sha1', `${credentials.accessKeySecret}&`).update(text).digest('base64')
  return `${query}&Signature=${encode(signature)}`
}

/** RFC 3986, which encodes some characters more than encodeURIComponent does. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
