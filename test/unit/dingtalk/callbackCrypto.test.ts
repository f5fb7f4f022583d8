import { createCipheriv } from 'node:crypto'
import {
  aesKeyOf,
  decryptCallback,
  encryptCallback,
  isWholeBlocks,
  signCallback,
} from '../../../shared/dingtalk/callbackCrypto'
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

describe('whoever has the key, too, encrypts it as is written down', () => {
  const key = aesKeyOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ')
  const bytes = (length: number, value = 0x78) => Buffer.alloc(length, value)
  /** A block of random bytes, a length, and what follows, encrypted as it is. */
  const written = (length: number, ...parts: Buffer[]) => {
    const lengthBytes = Buffer.alloc(4)
    lengthBytes.writeUInt32BE(length)
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(Buffer.concat([bytes(16), lengthBytes, ...parts])), cipher.final()])
  }

  test.each<[string, () => Buffer, object | undefined]>([
    ['a message and its owner', () => written(2, bytes(5), bytes(7, 7)), { message: 'xx', ownerKey: 'xxx' }],
    ['of padding the last byte counts', () => written(2, bytes(11), bytes(1, 7)), { message: 'xx', ownerKey: 'xxx' }],
    ['no owner', () => written(5, bytes(5), bytes(7, 7)), { message: 'xxxxx', ownerKey: '' }],
    ['no message', () => written(0, bytes(5), bytes(7, 7)), { message: '', ownerKey: 'xxxxx' }],
    ['32 bytes of padding', () => written(2, bytes(12), bytes(32, 32)), { message: 'xx', ownerKey: 'xxxxxxxxxx' }],
    ['33 bytes of padding', () => written(2, bytes(11), bytes(33, 33)), undefined],
    ['padding that is longer than all', () => written(0, bytes(12, 32)), undefined],
    ['no padding', () => written(2, bytes(12)), undefined],
    ['a 0 for padding', () => written(2, bytes(11), bytes(1, 0)), undefined],
    ['a length that reaches into the padding', () => written(6, bytes(5), bytes(7, 7)), undefined],
    ['a length beyond the end', () => written(0xffff_ffff, bytes(5), bytes(7, 7)), undefined],
    ['a message that is no UTF-8', () => written(2, bytes(2, 0xff), bytes(3), bytes(7, 7)), undefined],
    ['an owner that is no UTF-8', () => written(2, bytes(2), bytes(3, 0xff), bytes(7, 7)), undefined],
    ['one block', () => written(0, bytes(12)).subarray(0, 16), undefined],
  ])('%s', (_, encrypted, opened) => {
    expect(decryptCallback(key, encrypted().toString('base64'))).toEqual(opened)
  })
})

test.each<[string, string, boolean]>([
  ['a block', `${'A'.repeat(22)}==`, true],
  ['two', `${'A'.repeat(43)}=`, true],
  ['three, with all of its characters', `${'A'.repeat(62)}+/`, true],
  ['nothing', '', false],
  ['half a block', 'A'.repeat(32), false],
  ['padding that is left out', 'A'.repeat(22), false],
  ['another character first', `*${'A'.repeat(63)}`, false],
  ['another character last', `${'A'.repeat(63)}*`, false],
  ['a line feed last', `${'A'.repeat(63)}\n`, false],
  ['Base64 of URLs', `${'A'.repeat(62)}-_`, false],
  ['more after padding', `${'A'.repeat(61)}==A`, false],
])('ciphertext or not: %s', (_, encrypt, isSo) => {
  expect(isWholeBlocks(encrypt)).toBe(isSo)
})

test('a wrong key does not open it', () => {
  const right = aesKeyOf('a'.repeat(43))
  const wrong = aesKeyOf('b'.repeat(43))
  for (let round = 0; round < 200; round++) {
    const encrypt = encryptCallback(right, { message: '{"EventType":"check_url"}', ownerKey: 'owner' })
    expect(decryptCallback(wrong, encrypt)).toBeUndefined()
  }
})
