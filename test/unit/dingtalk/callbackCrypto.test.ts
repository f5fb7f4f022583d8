import { aesKeyOf, decryptCallback, encryptCallback, signCallback } from '../../../shared/dingtalk/callbackCrypto'
import vectors from '../../fixtures/dingtalk.json'

interface Vector {
  id: string
  kind: string
  token?: string
  encodingAesKey: string
  ownerKey?: string
  signature?: string
  timestamp?: string
  nonce?: string
  encrypt: string
  plaintext?: string
  random?: string
  decoded?: { random: string; owner: string }
}
const all: Vector[] = [...vectors.published, ...vectors.computed]
const opening = all.filter(({ kind }) => kind.startsWith('decrypt') || kind === 'encrypt')
const signed = all.filter(({ signature, kind }) => signature !== undefined && kind !== 'reject-signature')

test.each(opening.map((vector) => [vector.id, vector]))('%s opens, and encrypts to the same bytes', (_, vector) => {
  const key = aesKeyOf(vector.encodingAesKey)
  const opened = { message: vector.plaintext, ownerKey: vector.ownerKey }
  expect(decryptCallback(key, vector.encrypt)).toEqual(opened)
  const random = Buffer.from(vector.random ?? vector.decoded?.random ?? '')
  expect(encryptCallback(key, opened as { message: string; ownerKey: string }, random)).toBe(vector.encrypt)
})

test.each(signed.map((vector) => [vector.id, vector]))('%s has the signature that it says', (_, vector) => {
  const { token = '', timestamp = '', nonce = '', encrypt, signature = '' } = vector
  expect(signCallback(token, timestamp, nonce, encrypt)).toBe(signature)
})

test('another nonce has another signature', () => {
  const vector = all.find(({ kind }) => kind === 'reject-signature')
  expect(vector).toBeDefined()
  const { token = '', timestamp = '', nonce = '', encrypt = '', signature = '' } = vector ?? {}
  expect(signCallback(token, timestamp, nonce, encrypt)).not.toBe(signature)
})

test.each([1, 15, 16, 17, 31, 32, 33, 100])('a message of %i bytes, whatever padding it needs', (length) => {
  const key = aesKeyOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ')
  const opened = { message: 'x'.repeat(length), ownerKey: '小' }
  expect(decryptCallback(key, encryptCallback(key, opened))).toEqual(opened)
})

test.each<[string, (encrypt: string) => string]>([
  ['nothing', () => ''],
  ['no Base64', () => '*'],
  ['half a block', (encrypt) => encrypt.slice(0, 30)],
  ['the last block missing', (encrypt) => Buffer.from(encrypt, 'base64').subarray(0, -16).toString('base64')],
  ['the first block missing', (encrypt) => Buffer.from(encrypt, 'base64').subarray(16).toString('base64')],
])('%s does not open', (_, spoil) => {
  const key = aesKeyOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ')
  const encrypt = encryptCallback(key, { message: 'success', ownerKey: 'owner' }, Buffer.alloc(16, 0xff))
  expect(decryptCallback(key, spoil(encrypt))).toBeUndefined()
})

test('a wrong key does not open it', () => {
  const right = aesKeyOf('a'.repeat(43))
  const wrong = aesKeyOf('b'.repeat(43))
  for (let round = 0; round < 200; round++) {
    const encrypt = encryptCallback(right, { message: '{"EventType":"check_url"}', ownerKey: 'owner' })
    expect(decryptCallback(wrong, encrypt)).toBeUndefined()
  }
})
