import { aesKeyOf, decryptCallback, encryptCallback, signCallback } from '../../shared/dingtalk/callbackCrypto'
import type { RequestParts } from './fcEvent'
import { NOW } from './webhook'

export const callbackKeys = {
  token: 'tokenA1',
  aesKey: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
  owner: 'dingappkey1',
}

/** The variables of a webhook that takes these callbacks. */
export const callbackEnvironment = {
  DINGTALK_TOKEN: callbackKeys.token,
  DINGTALK_AES_KEY: callbackKeys.aesKey,
  DINGTALK_OWNER_KEYS: callbackKeys.owner,
}

/** A callback as DingTalk posts it: signed in the query, encrypted in the body. */
export function callbackRequest(
  message: string,
  keys: Partial<typeof callbackKeys> & { at?: number | string } = {},
): RequestParts {
  const { token, aesKey, owner, at } = { ...callbackKeys, at: NOW, ...keys }
  const encrypt = encryptCallback(aesKeyOf(aesKey), { message, ownerKey: owner })
  const [timestamp, nonce] = [String(at), '6clubcaE']
  return {
    query: { signature: signCallback(token, timestamp, nonce, encrypt), timestamp, nonce },
    body: JSON.stringify({ encrypt }),
  }
}

/** What DingTalk reads in a reply: its text when signature, key and owner are right. */
export function readReply(reply: Record<string, unknown>, keys: Partial<typeof callbackKeys> = {}): string | undefined {
  const { token, aesKey, owner } = { ...callbackKeys, ...keys }
  const { msg_signature: signature, timeStamp, nonce, encrypt } = reply as Record<string, string>
  if (signature !== signCallback(token, timeStamp ?? '', nonce ?? '', encrypt ?? '')) return undefined
  const opened = decryptCallback(aesKeyOf(aesKey), encrypt ?? '')
  return opened?.ownerKey === owner ? opened.message : undefined
}
