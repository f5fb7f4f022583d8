import { createHash, createHmac } from 'node:crypto'
import { signCallback } from '../../../shared/dingtalk/callbackCrypto'
import { seedBody } from '../../fixtures/seedBody'
import { callbackEnvironment, callbackKeys, callbackRequest } from '../../support/callback'
import type { RequestParts } from '../../support/fcEvent'
import { extendSha1 } from '../../support/lengthExtension'
import { NOW, setUpWebhook } from '../../support/webhook'

type Attack = [what: string, request: RequestParts]

const TOKEN = 'right-token-right-token'
const SECRET = 'connector-secret'
/** Every door is there, and none may open. */
const environment = { ...callbackEnvironment, WEBHOOK_TOKEN: TOKEN, CONNECTOR_API_SECRET: SECRET }
const json = { 'Content-Type': 'application/json' }
const event = '{"EventType":"user_add_org","eventId":"e1","userId":["u1"]}'
const callback = callbackRequest(event)
const query = callback.query ?? {}
const { signature = '', timestamp = '', nonce = '' } = query
const { encrypt } = JSON.parse(String(callback.body)) as { encrypt: string }
const withQuery = (changes: Record<string, string>): RequestParts => ({ ...callback, query: { ...query, ...changes } })
const sealed = (text: string): RequestParts => ({ ...callback, body: JSON.stringify({ encrypt: text }) })
const bytes = Buffer.from(encrypt, 'base64')
const flipped = (at: number, bit = 1) => {
  const changed = Buffer.from(bytes)
  changed.writeUInt8((changed.at(at) ?? 0) ^ bit, at < 0 ? changed.length + at : at)
  return changed.toString('base64')
}
const plain = (headers: Record<string, string>, more: RequestParts = {}): RequestParts => ({
  body: seedBody,
  headers: { ...json, ...headers },
  ...more,
})
const hmac = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('base64')
const connector = (at: number | string, given = hmac(String(at))) =>
  plain({ 'x-ddpaas-signature-timestamp': String(at), 'x-ddpaas-signature': given })
const seconds = (offset: number) => Math.floor(NOW / 1000) + offset

/**
 * The signature is over the sorted parts, joined: here the border between nonce and envelope is another, and the signature
 * holds. @param count how many characters the nonce gets of the envelope; below 0, how many it gives
 */
function moved(count: number): RequestParts {
  for (;;) {
    const request = callbackRequest(event)
    const sealedText = (JSON.parse(String(request.body)) as { encrypt: string }).encrypt
    const joined = nonce + sealedText
    const [newNonce, newText] = [joined.slice(0, nonce.length + count), joined.slice(nonce.length + count)]
    const signed = signCallback(callbackKeys.token, String(NOW), newNonce, newText)
    // most are in another order then: as many are made as it takes
    if (signed !== request.query?.['signature']) continue
    return { query: { ...request.query, nonce: newNonce }, body: JSON.stringify({ encrypt: newText }) }
  }
}

/** In the other alphabet of Base64, with the signature over the first. */
function forUrls(): RequestParts {
  for (;;) {
    const { body, ...others } = callbackRequest(event)
    const { encrypt: text } = JSON.parse(String(body)) as { encrypt: string }
    const other = Buffer.from(text, 'base64').toString('base64url')
    // one in fifteen has none of the characters that differ
    if (other !== text) return { ...others, body: JSON.stringify({ encrypt: other }) }
  }
}

const unproved: Attack[] = [
  // DingTalk's signature: forged, stripped, another's
  ['no proof of any kind', { body: seedBody, headers: json }],
  ['an envelope without its signature', { body: String(callback.body) }],
  ['an empty signature', withQuery({ signature: '' })],
  ['a signature of zeros', withQuery({ signature: '0'.repeat(40) })],
  ['a signature that is cut off', withQuery({ signature: signature.slice(0, 39) })],
  ['a signature with more behind it', withQuery({ signature: `${signature}0` })],
  ['a signature with a blank', withQuery({ signature: ` ${signature}` })],
  ['a signature in capitals', withQuery({ signature: signature.toUpperCase() })],
  ['a signature twice', withQuery({ signature: `${signature},${signature}` })],
  ['a wrong one beside the right one, first', withQuery({ signature: `${'0'.repeat(40)},${signature}` })],
  ['a wrong one under the name that goes first', withQuery({ msg_signature: '0'.repeat(40) })],
  ['a signature by SHA-256', withQuery({ signature: createHash('sha256').update(encrypt).digest('hex') })],
  ['a signature without the token', withQuery({ signature: signCallback('', timestamp, nonce, encrypt) })],
  ['another owner’s signature', callbackRequest(event, { token: 'tokenOfAnother' })],
  [
    'all of another owner’s',
    callbackRequest(event, { token: 'tokenOfAnother', aesKey: 'x'.repeat(43), owner: 'dingother' }),
  ],
  ['the signature in a header', { ...callback, query: { timestamp, nonce }, headers: { ...json, signature } }],
  ['the signature in a cookie', { ...callback, query: {}, headers: { ...json, Cookie: `signature=${signature}` } }],
  ['the signature in the body', { query: {}, body: JSON.stringify({ encrypt, ...query }) }],

  // sent again, and mixed from what was seen
  ['sent again an hour later', callbackRequest(event, { at: NOW - 3_600_001 })],
  ['sent an hour before its time', callbackRequest(event, { at: NOW + 3_600_001 })],
  ['an old signature with the time of now', { ...callbackRequest(event, { at: 1 }), query: { ...query } }],
  ['a time of eleven digits', callbackRequest(event, { at: `${NOW}`.slice(0, 11) })],
  ['a time with a sign', callbackRequest(event, { at: `+${NOW}` })],
  ['a time in powers of ten', callbackRequest(event, { at: '1.6e12' })],
  ['a time with a blank', callbackRequest(event, { at: ` ${NOW}` })],
  [
    'a time of other digits',
    callbackRequest(event, { at: `${NOW}`.replaceAll(/\d/g, (digit) => '０１２３４５６７８９'[+digit] ?? '') }),
  ],
  ['a time twice', callbackRequest(event, { at: `${NOW},${NOW}` })],
  ['another body', sealed(JSON.parse(String(callbackRequest('{"EventType":"user_leave_org"}').body)).encrypt)],
  ['another time', withQuery({ timestamp: String(NOW + 1) })],
  ['another nonce', withQuery({ nonce: 'another1' })],
  ['time and nonce in each other’s place', withQuery({ timestamp: nonce, nonce: timestamp })],
  ...[1, 4, 7].map((count): Attack => [`the nonce’s last ${count} moved to the envelope`, moved(-count)]),
  ...[1, 4, 16, 64, 128].map((count): Attack => [`the envelope’s first ${count} moved to the nonce`, moved(count)]),
  [
    'the time’s end moved to the nonce',
    withQuery({ timestamp: timestamp.slice(0, 12), nonce: timestamp.slice(12) + nonce }),
  ],

  // every part of the envelope
  ['a bit of the random bytes', sealed(flipped(0))],
  ['a bit before the length', sealed(flipped(15, 128))],
  ['a bit of the length', sealed(flipped(16))],
  ['a bit of the message', sealed(flipped(24))],
  ['a bit of the owner', sealed(flipped(-33))],
  ['a bit of the padding', sealed(flipped(-1))],
  ['a block less', sealed(bytes.subarray(0, -16).toString('base64'))],
  ['its first block gone', sealed(bytes.subarray(16).toString('base64'))],
  [
    'two blocks in each other’s place',
    sealed(Buffer.concat([bytes.subarray(16, 32), bytes.subarray(0, 16), bytes.subarray(32)]).toString('base64')),
  ],
  ['a block more', sealed(Buffer.concat([bytes, Buffer.alloc(16)]).toString('base64'))],
  ['half a block', sealed(bytes.subarray(0, -7).toString('base64'))],
  ['the same bytes with a line break', sealed(`${encrypt}\n`)],
  ['the same bytes, for URLs', forUrls()],
  ['the same bytes with more padding', sealed(`${encrypt}=`)],
  ['no envelope text', sealed('')],

  // an envelope that cannot be read tells no more than one that is forged
  ['an envelope that is a number', { ...callback, body: '{"encrypt":1}' }],
  ['an envelope that is null', { ...callback, body: '{"encrypt":null}' }],
  ['an envelope in a list', { ...callback, body: JSON.stringify([{ encrypt }]) }],
  ['an envelope below another name', { ...callback, body: JSON.stringify({ data: { encrypt } }) }],
  [
    'an envelope by inheritance',
    { ...callback, body: JSON.stringify({ a: 1 }).replace('"a":1', `"__proto__":{"encrypt":"${encrypt}"}`) },
  ],
  ['half an envelope', { ...callback, body: String(callback.body).slice(0, -1) }],
  ['no JSON', { ...callback, body: 'success' }],
  ['nothing', { ...callback, body: '' }],
  ['bytes that are no text', { ...callback, body: Buffer.from([0x7b, 0xff, 0x7d]) }],
  ['very many levels', { ...callback, body: '['.repeat(20_000) + ']'.repeat(20_000) }],
  ['a plain event with the signature of an envelope', { ...callback, body: seedBody }],

  // the token, where it does not belong, and nearly the token
  ['the token in a cookie', plain({ Cookie: `token=${TOKEN}` })],
  ['the token in a header of its name', plain({ token: TOKEN })],
  ['the token in X-Token', plain({ 'X-Token': TOKEN })],
  ['the token in X-Forwarded-Authorization', plain({ 'X-Forwarded-Authorization': `Bearer ${TOKEN}` })],
  ['the token in Proxy-Authorization', plain({ 'Proxy-Authorization': `Bearer ${TOKEN}` })],
  ['the token in a referer', plain({ Referer: `https://example.com/?token=${TOKEN}` })],
  ['the token in the path', plain({}, { path: `/webhook/putEvents/${TOKEN}` })],
  ['the token in a path’s parameter', plain({}, { path: `/webhook/putEvents;token=${TOKEN}` })],
  [
    'the token in the body',
    { body: JSON.stringify({ token: TOKEN, authorization: `Bearer ${TOKEN}` }), headers: json },
  ],
  ['the token in a form', { body: `token=${TOKEN}`, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
  ['the token without its scheme', plain({ Authorization: TOKEN })],
  ['the token by Basic', plain({ Authorization: `Basic ${Buffer.from(`token:${TOKEN}`).toString('base64')}` })],
  ['the token by Digest', plain({ Authorization: `Digest ${TOKEN}` })],
  ['two bearers', plain({ Authorization: `Bearer ${TOKEN},Bearer ${TOKEN}` })],
  ['two headers that differ in case', plain({ Authorization: 'Bearer wrong', authorization: `Bearer ${TOKEN}` })],
  ['the same, the right one first', plain({ authorization: `Bearer ${TOKEN}`, Authorization: 'Bearer wrong' })],
  ['another scheme before it', plain({ Authorization: `Basic Bearer ${TOKEN}` })],
  ['two blanks before it', plain({ Authorization: `Bearer  ${TOKEN}` })],
  ['a blank behind it', plain({ Authorization: `Bearer ${TOKEN} ` })],
  ['its beginning', plain({ Authorization: `Bearer ${TOKEN.slice(0, -1)}` })],
  ['more behind it', plain({ Authorization: `Bearer ${TOKEN}x` })],
  ['a NUL behind it', plain({ Authorization: `Bearer ${TOKEN}\0` })],
  ['capitals', plain({ Authorization: `Bearer ${TOKEN.toUpperCase()}` })],
  ['?Token=', plain({}, { query: { Token: TOKEN } })],
  ['?token[]=', plain({}, { query: { 'token[]': TOKEN } })],
  ['?access_token=', plain({}, { query: { access_token: TOKEN } })],
  ['?token= twice', plain({}, { query: { token: `${TOKEN},${TOKEN}` } })],
  ['DingTalk’s token in its place', plain({ Authorization: `Bearer ${callbackKeys.token}` })],
  ['the connector’s secret in its place', plain({ Authorization: `Bearer ${SECRET}` })],
  ['nothing in its place', plain({ Authorization: 'Bearer ' }, { query: { token: '' } })],
  [
    'an envelope with the token, and no signature',
    { ...plain({ Authorization: `Bearer ${TOKEN}` }), body: String(callback.body) },
  ],
  [
    'an envelope with the token, and a forged signature',
    { ...withQuery({ nonce: 'x' }), headers: { ...json, Authorization: `Bearer ${TOKEN}` } },
  ],

  // the connector's signature
  ['the connector’s, an hour late', connector(seconds(-3601))],
  ['the connector’s, an hour early', connector(seconds(3602))],
  ['the connector’s, of another time', connector(seconds(0), hmac(String(seconds(1))))],
  ['the connector’s, without its time', plain({ 'x-ddpaas-signature': hmac('') })],
  ['the connector’s time alone', plain({ 'x-ddpaas-signature-timestamp': String(seconds(0)) })],
  ['the connector’s, by another secret', connector(seconds(0), hmac(String(seconds(0)), 'another-secret'))],
  ['the connector’s, by no secret', connector(seconds(0), hmac(String(seconds(0)), ''))],
  ['the connector’s, without its padding', connector(seconds(0), hmac(String(seconds(0))).replace('=', ''))],
  [
    'the connector’s, in the query',
    plain(
      {},
      { query: { 'x-ddpaas-signature': hmac(String(seconds(0))), 'x-ddpaas-signature-timestamp': String(seconds(0)) } },
    ),
  ],
  ['the connector’s secret as its signature', connector(seconds(0), SECRET)],
]

describe('whoever has not proved that they may send gets one answer, whatever was wrong', () => {
  test.each(unproved)('%s', async (_, request) => {
    const reference = await setUpWebhook(environment).post({ body: '{}' })
    const { post, published, log } = setUpWebhook(environment)
    const answer = await post(request)
    expect(answer).toEqual({ ...reference, statusCode: 401 })
    expect(published).toEqual([])
    expect(log.lines).toEqual([expect.objectContaining({ outcome: 'refused', status: 401, check: expect.any(String) })])
    const said = JSON.stringify([answer, log.lines])
    for (const secret of [TOKEN, SECRET, callbackKeys.token, callbackKeys.aesKey, signature]) {
      expect(said).not.toContain(secret)
    }
  })

  test('none of these is refused for another reason: what they are made of opens the doors', async () => {
    const good = [callback, connector(seconds(0)), plain({ Authorization: `Bearer ${TOKEN}` })]
    const statuses = good.map(async (request) => (await setUpWebhook(environment).post(request)).statusCode)
    expect(await Promise.all(statuses)).toEqual([200, 200, 200])
  })

  test('length extension: a token that is hashed first can be counted on, and no text says the bytes that it takes', async () => {
    const token = '0token'
    const own = { ...callbackEnvironment, DINGTALK_TOKEN: token }
    const [at, seal] = ['1652426909504', `Z${encrypt}`]
    const known = { timestamp: at, nonce: '6clubcaE', signature: signCallback(token, at, '6clubcaE', seal) }
    const length = token.length + at.length + '6clubcaE'.length + seal.length
    const extended = extendSha1(known.signature, length, 'AAAA')
    // it is what the attack promises
    const hashed = Buffer.concat([Buffer.from(`${token}${at}6clubcaE${seal}`), extended.suffix])
    expect(createHash('sha1').update(hashed).digest('hex')).toBe(extended.signature)

    const envelope = (suffix: Buffer) => Buffer.concat([Buffer.from(`{"encrypt":"${seal}`), suffix, Buffer.from('"}')])
    const escaped = JSON.stringify(extended.suffix.toString('latin1')).slice(1, -1)
    for (const body of [envelope(extended.suffix), envelope(Buffer.from(escaped))]) {
      const { post, published } = setUpWebhook(own)
      expect((await post({ query: { ...known, signature: extended.signature }, body })).statusCode).toBe(401)
      expect(published).toEqual([])
    }
  })
})

/** Signed anew, as only somebody can who has the token, and not the key. */
const signedAnew = (text: string): RequestParts => ({
  query: { timestamp, nonce, signature: signCallback(callbackKeys.token, timestamp, nonce, text) },
  body: JSON.stringify({ encrypt: text }),
})

describe('padding probes: with the token, and without the key, one answer for all that does not open', () => {
  const beforeLast = bytes.length - 17
  test.each<[string, string[]]>([
    ['every other last byte', Array.from({ length: 255 }, (_, bit) => flipped(beforeLast, bit + 1))],
    ['every bit of the length', Array.from({ length: 32 }, (_, bit) => flipped(bit >> 3, 1 << (bit & 7)))],
    ['a bit of the owner', [flipped(-50), flipped(-33)]],
    ['what another key has sealed', [sealedBy({ aesKey: 'x'.repeat(43) })]],
    ['what is sealed for another owner', [sealedBy({ owner: 'dingother' })]],
    [
      'blocks less, and more',
      [16, 32, 48]
        .flatMap((cut) => [bytes.subarray(0, -cut), bytes.subarray(cut)])
        .map((part) => part.toString('base64')),
    ],
    ['zeros', [Buffer.alloc(64).toString('base64')]],
  ])('%s', async (_, envelopes) => {
    for (const text of envelopes) {
      const { post, published } = setUpWebhook(environment)
      const answer = await post(signedAnew(text))
      expect(answer).toMatchObject({
        statusCode: 503,
        body: '{"code":"ServiceUnavailable","message":"The event was not accepted. Send it again.","requestId":"request-1"}',
      })
      expect(published).toEqual([])
    }
  })
})

function sealedBy(keys: Partial<typeof callbackKeys>): string {
  return (JSON.parse(String(callbackRequest(event, keys).body)) as { encrypt: string }).encrypt
}

describe('what is sent again within its window', () => {
  test('is published as the same event: whoever stores it knows it by source and id', async () => {
    const { post, published } = setUpWebhook(environment)
    for (const _ of [1, 2]) expect((await post(callback)).statusCode).toBe(200)
    const [first, second] = published.map((text) => JSON.parse(text))
    expect(second).toEqual(first)
    expect(first.id).toBe('e1')
  })

  test('with the milliseconds of its time taken for the beginning of its nonce it is that event, too', async () => {
    const { post, published } = setUpWebhook(environment)
    const shifted = { timestamp: timestamp.slice(0, 10), nonce: timestamp.slice(10) + nonce }
    const text = [callbackKeys.token, ...Object.values(shifted), encrypt].sort().join('')
    // where the parts are in the same order, as most are
    if (text === [callbackKeys.token, timestamp, nonce, encrypt].sort().join('')) {
      expect((await post(withQuery(shifted))).statusCode).toBe(200)
      await post(callback)
      const [first, second] = published.map((sent) => JSON.parse(sent))
      expect([first.id, first.data.body]).toEqual([second.id, second.data.body])
    } else expect((await post(withQuery(shifted))).statusCode).toBe(401)
  })

  test('a nonce that was used before is no reason to refuse what is signed with it', async () => {
    const { post, published } = setUpWebhook(environment)
    for (const id of ['e1', 'e2']) await post(callbackRequest(event.replace('e1', id)))
    expect(published.map((text) => JSON.parse(text).id)).toEqual(['e1', 'e2'])
  })
})
