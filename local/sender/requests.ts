import { createHmac, randomUUID } from 'node:crypto'
import { aesKeyOf, decryptCallback, encryptCallback, signCallback } from '../../shared/dingtalk/callbackCrypto'
import { jsonFields } from '../../shared/json'

/** What a connector proves itself with, as far as the webhook asks for it. */
export interface ConnectorSecrets {
  token: string | undefined
  apiSecret: string | undefined
}

/**
 * The headers by which a connector's HTTP Webhook node proves that it may send. It has one authentication: where both are
 * known it is the token.
 * https://open.dingtalk.com/document/connection/custom-signature-authentication-1
 * @param now milliseconds since 1970
 */
export function connectorHeaders({ token, apiSecret }: ConnectorSecrets, now: number): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` }
  if (apiSecret === undefined) return {}
  // in seconds, as in the document's example
  const timestamp = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', apiSecret).update(timestamp).digest('base64')
  return { 'x-ddpaas-signature-timestamp': timestamp, 'x-ddpaas-signature': signature }
}

/** What a callback is signed and encrypted with. */
export interface CallbackKeys {
  token: string
  aesKey: string
  ownerKey: string
}

/**
 * Signs and encrypts a message as DingTalk's callback does.
 * @param message JSON text
 * @param now milliseconds since 1970
 */
export function encryptedCallback(url: URL, message: string, { token, aesKey, ownerKey }: CallbackKeys, now: number) {
  const encrypt = encryptCallback(aesKeyOf(aesKey), { message, ownerKey })
  const [timestamp, nonce] = [String(now), randomUUID().slice(0, 8)]
  const signed = new URL(url)
  signed.searchParams.set('signature', signCallback(token, timestamp, nonce, encrypt))
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('nonce', nonce)
  return { url: signed, body: { encrypt } }
}

/** What a reply to a callback says once decrypted; undefined when DingTalk would not take it. */
export function readCallbackReply(text: string, { token, aesKey, ownerKey }: CallbackKeys): string | undefined {
  const { msg_signature, timeStamp, nonce, encrypt } = jsonFields(text) as Partial<Record<string, string>>
  if (msg_signature !== signCallback(token, timeStamp ?? '', nonce ?? '', encrypt ?? '')) return undefined
  const opened = decryptCallback(aesKeyOf(aesKey), encrypt ?? '')
  return opened?.ownerKey === ownerKey ? opened.message : undefined
}

/** Where callbacks go, and what they are signed and encrypted with. */
export interface CallbackTarget {
  url: URL
  keys: CallbackKeys
}

/** How long DingTalk waits for an answer. */
const ANSWER_WITHIN_MS = 2_500

/**
 * Sends a callback.
 * @param message JSON text
 * @param signedAt milliseconds since 1970
 * @returns what the answer says once decrypted, where DingTalk would take it; no status when there is none in time
 */
export async function sendCallback(
  { url, keys }: CallbackTarget,
  message: string,
  signedAt: number,
): Promise<{ status?: number; reply?: string | undefined }> {
  const callback = encryptedCallback(url, message, keys, signedAt)
  try {
    const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const { status, text } = await postJson(callback.url, JSON.stringify(callback.body), {}, deadline)
    return { status, reply: status === 200 ? readCallbackReply(text, keys) : undefined }
  } catch {
    return {}
  }
}

export interface Answer {
  status: number
  text: string
}

/**
 * Posts JSON text as DingTalk does, which follows no redirect.
 * @param signal ends the wait for an answer
 */
export async function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'manual',
    signal,
  })
  return { status: response.status, text: await response.text() }
}
