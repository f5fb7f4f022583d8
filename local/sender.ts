import { randomInt, randomUUID } from 'node:crypto'
import { aesKeyOf, decryptCallback, encryptCallback, signCallback } from '../shared/dingtalk/callbackCrypto'

/** Personnel events that a DingTalk connector's trigger names (`syncAction`). */
export const CONNECTOR_ACTIONS = [
  'user_add_org',
  'user_modify_org',
  'user_active_org',
  'user_dept_change',
  'user_role_change',
  'user_leave_org',
] as const
export type ConnectorAction = (typeof CONNECTOR_ACTIONS)[number]

export interface Person {
  userId: string
  name: string
}

/** A user id as DingTalk makes them: 18 digits, too many for a JavaScript number. */
export function randomUserId(): string {
  return `1${Array.from({ length: 17 }, () => randomInt(10)).join('')}`
}

/** The body that a connector's HTTP Webhook node sends: the article's example, with this person in it. */
export function connectorBody(action: ConnectorAction, { userId, name }: Person): Record<string, unknown> {
  if (action === 'user_leave_org') return { syncAction: action, userId }
  return {
    syncAction: action,
    orderInDepts: '{1:176292748870660512}',
    dingId: `$:LWCP_v1:$${Buffer.from(userId).toString('base64')}`,
    active: true,
    avatar: '',
    isAdmin: false,
    userId,
    isHide: false,
    isLeaderInDepts: '{1:false}',
    isBoss: false,
    isSenior: false,
    name,
    department: [1],
  }
}

/** The event that DingTalk's native subscription pushes, before encryption: ids and no fields. */
export function nativeEvent(
  action: ConnectorAction,
  { userId, name }: Person,
  corpId: string,
): Record<string, unknown> {
  const now = Date.now()
  return {
    EventType: action,
    EventTime: now,
    CorpId: corpId,
    eventId: randomUUID().replaceAll('-', ''),
    timeStamp: String(now),
    userId: [userId],
    ...(action === 'user_modify_org' && { diffInfo: { prev: {}, curr: { name }, userid: userId } }),
  }
}

export interface CallbackKeys {
  token: string
  aesKey: string
  ownerKey: string
}

/** Signs and encrypts an event as DingTalk's callback does. */
export function encryptedCallback(url: URL, event: unknown, { token, aesKey, ownerKey }: CallbackKeys) {
  const encrypt = encryptCallback(aesKeyOf(aesKey), { message: JSON.stringify(event), ownerKey })
  const [timestamp, nonce] = [String(Date.now()), randomUUID().slice(0, 8)]
  const signed = new URL(url)
  signed.searchParams.set('signature', signCallback(token, timestamp, nonce, encrypt))
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('nonce', nonce)
  return { url: signed, body: { encrypt } }
}

/** What a reply to a callback says once decrypted; undefined when DingTalk would not take it. */
export function readCallbackReply(text: string, { token, aesKey, ownerKey }: CallbackKeys): string | undefined {
  const { msg_signature, timeStamp, nonce, encrypt } = JSON.parse(text) as Record<string, string>
  if (msg_signature !== signCallback(token, timeStamp ?? '', nonce ?? '', encrypt ?? '')) return undefined
  const opened = decryptCallback(aesKeyOf(aesKey), encrypt ?? '')
  return opened?.ownerKey === ownerKey ? opened.message : undefined
}

/**
 * Posts a body as DingTalk's connector does.
 * @returns the status and the text of the answer
 */
export async function postJson(
  url: URL,
  body: unknown,
  token: string | undefined,
): Promise<{ status: number; text: string }> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}
