import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Padding is PKCS7 with blocks of 32 bytes; node knows 16 only, so it is done here. */
const PAD_BLOCK = 32
const RANDOM_BYTES = 16
/** of AES */
const BLOCK = 16
const LENGTH_BYTES = 4

/**
 * The signature of a callback: hex(SHA1) over token, timestamp, nonce and ciphertext, sorted and joined.
 * https://open.dingtalk.com/document/development/callback-event-message-body-encryption-and-decryption
 */
export function signCallback(token: string, timestamp: string, nonce: string, encrypt: string): string {
  const text = [token, timestamp, nonce, encrypt].sort().join('')
  return createHash('sha1').update(text).digest('hex')
}

/**
 * Whether a text can be a callback's ciphertext: Base64 as it is written, of whole blocks.
 *
 * The signature is over parts that are joined without anything between them, so it holds as well when the end of one is
 * taken for the beginning of the next. Within a nonce of MAX_NONCE characters no whole blocks can be hidden, and without
 * whole blocks there is no ciphertext; so nobody gets to have us decrypt what DingTalk has not sent.
 */
export function isWholeBlocks(encrypt: string): boolean {
  const isBase64 = encrypt.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(encrypt)
  return isBase64 && Buffer.byteLength(encrypt, 'base64') % BLOCK === 0
}

/** 64 characters are 48 bytes, the least that are whole characters of Base64 and whole blocks. DingTalk's have 8. */
export const MAX_NONCE = 63

/** The AES key of an EncodingAESKey: 43 characters of Base64, its padding left out. */
export function aesKeyOf(encodingAesKey: string): Buffer {
  return Buffer.from(`${encodingAesKey}=`, 'base64')
}

/** What a callback's ciphertext holds. */
export interface OwnedMessage {
  message: string
  /** whose callback it is: appKey (Client ID), corpId or suiteKey */
  ownerKey: string
}

/**
 * Decrypts a callback: AES-256-CBC with the key's first half as iv over random(16) ‖ uint32BE(length) ‖ message ‖ owner.
 * Undefined when the key does not open it: a wrong key yields bytes whose padding or length cannot be right.
 */
export function decryptCallback(key: Buffer, encrypt: string): OwnedMessage | undefined {
  const padded = decryptAes(key, Buffer.from(encrypt, 'base64'))
  const from = RANDOM_BYTES + LENGTH_BYTES
  if (padded === undefined || padded.length < from) return undefined
  // all the way whatever is wrong, so that neither answer nor time tells which part it was
  const end = padded.length - paddingOf(padded)
  const to = from + padded.readUInt32BE(RANDOM_BYTES)
  const opened = decodeUtf8(padded.subarray(from, Math.min(to, end)), padded.subarray(Math.min(to, end), end))
  return end < padded.length && to <= end ? opened : undefined
}

/** Encrypts a reply. `random` is 16 bytes, fresh for each. */
export function encryptCallback(
  key: Buffer,
  { message, ownerKey }: OwnedMessage,
  random = randomBytes(RANDOM_BYTES),
): string {
  const text = Buffer.from(message)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(text.length)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = pad(Buffer.concat([random, length, text, Buffer.from(ownerKey)]))
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

function decryptAes(key: Buffer, bytes: Buffer): Buffer | undefined {
  if (bytes.length % BLOCK !== 0) return undefined
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([decipher.update(bytes), decipher.final()])
}

function pad(bytes: Buffer): Buffer {
  const count = PAD_BLOCK - (bytes.length % PAD_BLOCK)
  return Buffer.concat([bytes, Buffer.alloc(count, count)])
}

/** 0 for what is no padding. Of its bytes the last one counts alone, as in DingTalk's own library. */
function paddingOf(bytes: Buffer): number {
  const count = bytes[bytes.length - 1] ?? 0
  return count <= PAD_BLOCK ? count : 0
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(message: Buffer, ownerKey: Buffer): OwnedMessage | undefined {
  try {
    return { message: decoder.decode(message), ownerKey: decoder.decode(ownerKey) }
  } catch {
    return undefined
  }
}
