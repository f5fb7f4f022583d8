import { createHmac, randomUUID } from 'node:crypto'
import type { FcCredentials } from '../../shared/fc/types'
import { isObject } from '../../shared/json'

/** https://www.alibabacloud.com/help/doc-detail/181425.htm */
const ROLE = 'AliyunServiceRoleForEventBridgeSendToFC'
const COMMAND = 'aliyun resourcemanager CreateServiceLinkedRole --ServiceName sendevent-fc.eventbridge.aliyuncs.com'

const RAM = new URL('https://ram.aliyuncs.com/')
const ANSWER_WITHIN_MS = 10_000

interface RoleCheck {
  state: 'ok' | 'missing' | 'unknown'
  /** for a person, with the command that makes the role */
  line: string
}

/**
 * Whether the account has the service-linked role by which EventBridge invokes functions: without it nothing is
 * delivered. It takes ram:GetRole to know.
 */
export async function checkServiceRole(credentials: FcCredentials, ram: URL = RAM): Promise<RoleCheck> {
  const form = signedForm(
    'POST',
    { Action: 'GetRole', RoleName: ROLE, Version: '2015-05-01', Format: 'JSON' },
    { credentials, time: new Date(), nonce: randomUUID() },
  )
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const asked = fetch(ram, { method: 'POST', headers, body: form, signal })
  const code = await asked.then(errorOf, () => 'no connection')
  if (code === undefined) return { state: 'ok', line: `the role ${ROLE} is there` }
  if (code === 'EntityNotExist.Role') {
    return { state: 'missing', line: `The role ${ROLE} is missing, by which EventBridge invokes functions: ${COMMAND}` }
  }
  return {
    state: 'unknown',
    line: `whether the role ${ROLE} is there is not known (${code}); this makes it: ${COMMAND}`,
  }
}

async function errorOf(response: Response): Promise<string | undefined> {
  if (response.ok) return undefined
  const answer: unknown = await response.json().catch(() => undefined)
  const code = isObject(answer) ? answer['Code'] : undefined
  return typeof code === 'string' ? code : `HTTP ${response.status}`
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
