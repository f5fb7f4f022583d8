import { randomBytes } from 'node:crypto'
import {
  aesKeyOf,
  decryptCallback,
  encryptCallback,
  isWholeBlocks,
  MAX_NONCE,
  type OwnedMessage,
  signCallback,
} from '../../shared/dingtalk/callbackCrypto'
import { sameText } from '../../shared/sameText'
import { isWithinWindow, unauthorized } from './authenticate'
import type { WebhookConfig } from './config'
import { HttpError } from './httpError'
import type { WebhookRequest } from './readRequest'

/** The reply to an encrypted callback: exactly these keys, in this case, or DingTalk calls it a failure. */
export interface CallbackReply {
  msg_signature: string
  timeStamp: string
  nonce: string
  encrypt: string
}

export interface OpenedCallback {
  /** the decrypted event, as text */
  message: string
  /** encrypts and signs a reply's text, for the owner whose callback it was */
  reply(text: string, now: number): CallbackReply
}

export interface CallbackOpener {
  /** whether the query holds what a signature needs; costs nothing */
  looksSigned(request: WebhookRequest): boolean
  /** @throws HttpError 401 when the signature does not hold, 503 when it holds and none of our keys opens the body */
  open(request: WebhookRequest, encrypt: string, now: number): OpenedCallback
}

/**
 * Verifies and decrypts DingTalk's callbacks; undefined when DINGTALK_* is not set. Tokens and keys may be several, so
 * that the old and the new one work side by side while they are rotated.
 * https://open.dingtalk.com/document/development/callback-event-message-body-encryption-and-decryption
 */
export function compileCallback(config: WebhookConfig): CallbackOpener | undefined {
  const { DINGTALK_TOKEN: tokens, DINGTALK_OWNER_KEYS: owners, CALLBACK_WINDOW_S: windowS } = config
  if (tokens.length === 0) return undefined
  const keys = config.DINGTALK_AES_KEY.map(aesKeyOf)

  return {
    looksSigned: (request) => signatureOf(request) !== undefined,

    open(request, encrypt, now) {
      const sent = signatureOf(request)
      if (sent === undefined) throw unauthorized('signature_time')
      const { signature, timestamp, nonce } = sent
      // all of them, whichever it is
      const [token] = tokens.filter((one) => sameText(signature, signCallback(one, timestamp, nonce, encrypt)))
      if (token === undefined || nonce.length > MAX_NONCE || !isWholeBlocks(encrypt)) throw unauthorized('signature')
      // after the signature: the log tells what was sent again too late from what is forged
      if (!isWithinWindow(timestamp, now, windowS)) throw unauthorized('signature_time')

      const [key, opened] = openWithAny(keys, encrypt)
      if (!owners.includes(opened.ownerKey)) {
        const message = `DINGTALK_OWNER_KEYS does not hold the owner key of this callback: ${printable(opened.ownerKey)}`
        throw new HttpError(503, 'owner_unknown', message, { check: 'owner' })
      }
      return {
        message: opened.message,
        reply: (text, at) => signedReply(token, key, { message: text, ownerKey: opened.ownerKey }, at),
      }
    },
  }
}

function openWithAny(keys: readonly Buffer[], encrypt: string): [Buffer, OwnedMessage] {
  for (const key of keys) {
    const opened = decryptCallback(key, encrypt)
    if (opened !== undefined) return [key, opened]
  }
  const message = 'DINGTALK_AES_KEY opens no callback: compare it with the EncodingAESKey in DingTalk’s console'
  throw new HttpError(503, 'aes_key_mismatch', message, { check: 'aes_key' })
}

/** The query's values, by either of the spellings that DingTalk uses; when both are there they are equal. */
function signatureOf({ query }: WebhookRequest) {
  const signature = query['msg_signature'] ?? query['signature']
  const timestamp = query['timeStamp'] ?? query['timestamp']
  const nonce = query['nonce']
  if (!signature || !timestamp || !nonce) return undefined
  return { signature, timestamp, nonce }
}

/** For the log: an owner key is an appKey, a corpId or a suiteKey, no secret; but these bytes are the sender's. */
function printable(ownerKey: string): string {
  return /^[\w-]{1,64}$/.test(ownerKey) ? ownerKey : '(not printable)'
}

function signedReply(token: string, key: Buffer, opened: OwnedMessage, now: number): CallbackReply {
  const timeStamp = String(now)
  const nonce = randomBytes(8).toString('hex')
  const encrypt = encryptCallback(key, opened)
  return { msg_signature: signCallback(token, timeStamp, nonce, encrypt), timeStamp, nonce, encrypt }
}

/**
 * What DingTalk wants to read when it checks a callback's URL; undefined when the event is no such check.
 * https://open.dingtalk.com/document/development/configure-stream-push
 */
export function handshakeReply(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('EventType' in event)) return undefined
  switch (event.EventType) {
    case 'check_url':
      return 'success'
    case 'check_create_suite_url':
    case 'check_update_suite_url':
      return 'Random' in event && typeof event.Random === 'string' ? event.Random : 'success'
    default:
      return undefined
  }
}
