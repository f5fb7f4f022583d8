import { randomUUID } from 'node:crypto'
import { aesKeyOf, decryptCallback, encryptCallback, signCallback } from '../../shared/dingtalk/callbackCrypto'
import { jsonFields } from '../../shared/json'

export interface CallbackKeys {
  token: string
  aesKey: string
  ownerKey: string
}

/**
 * Signs and encrypts a message as DingTalk's callback does.
 * @param now milliseconds since 1970
 */
export function encryptedCallback(url: URL, message: unknown, { token, aesKey, ownerKey }: CallbackKeys, now: number) {
  const encrypt = encryptCallback(aesKeyOf(aesKey), { message: JSON.stringify(message), ownerKey })
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
