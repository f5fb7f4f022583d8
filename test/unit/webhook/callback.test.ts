import vectors from '../../fixtures/dingtalk.json'
import { seedBody } from '../../fixtures/seedBody'
import { callbackEnvironment, callbackKeys, callbackRequest, readReply } from '../../support/callback'
import { NOW, setUpWebhook } from '../../support/webhook'

const add =
  '{"EventType":"user_add_org","EventTime":1663143335567,"CorpId":"ding9f50","eventId":"c7c7120f2c07419","timeStamp":"1685501863357","userId":["015xxxx227"]}'

test('a callback is decrypted, published, and answered with the encrypted success', async () => {
  const { post, published, log } = setUpWebhook(callbackEnvironment)
  const response = await post(callbackRequest(add))
  expect(response.statusCode).toBe(200)
  expect(Object.keys(response.json)).toEqual(['msg_signature', 'timeStamp', 'nonce', 'encrypt'])
  expect(response.json['timeStamp']).toMatch(/^\d{13}$/)
  expect(readReply(response.json)).toBe('success')

  const event = JSON.parse(published[0] ?? '') as { id: string; data: Record<string, unknown> }
  expect(event.id).toBe('c7c7120f2c07419')
  expect(event.data['body']).toEqual(JSON.parse(add))
  expect(event.data['queryString']).toEqual({ timestamp: String(NOW), nonce: '6clubcaE' })
  expect(log.lines).toEqual([
    expect.objectContaining({ kind: 'callback', eventId: event.id, type: 'user_add_org', outcome: 'published' }),
  ])
})

describe('the published vectors, at their own time: signature and key hold, but "success" is no event', () => {
  const signed = vectors.published.filter(({ kind, signature }) => kind === 'decrypt' && signature !== undefined)
  test.each(signed.map((vector) => [vector.id, vector]))('%s', async (_, vector) => {
    const { token = '', encodingAesKey, ownerKey = '', signature = '', timestamp = '', nonce = '', encrypt } = vector
    const environment = { DINGTALK_TOKEN: token, DINGTALK_AES_KEY: encodingAesKey, DINGTALK_OWNER_KEYS: ownerKey }
    const sentAt = Number(timestamp.padEnd(13, '0'))
    const request = { query: { signature, timestamp, nonce }, body: JSON.stringify({ encrypt }) }
    const inTime = setUpWebhook(environment, undefined, () => sentAt)
    expect(await inTime.post(request)).toMatchObject({ statusCode: 400, json: { code: 'MalformedJson' } })
    const tooLate = setUpWebhook(environment, undefined, () => sentAt + 3_601_000)
    expect(await tooLate.post(request)).toMatchObject({ statusCode: 401, json: { code: 'Unauthorized' } })
  })
})

test.each<[string, Record<string, string>]>([
  ['msg_signature and timeStamp', { msg_signature: 'signature', timeStamp: 'timestamp' }],
  [
    'both spellings at once',
    { signature: 'signature', msg_signature: 'signature', timestamp: 'timestamp', timeStamp: 'timestamp' },
  ],
])('%s are read too', async (_, names) => {
  const { post, published } = setUpWebhook(callbackEnvironment)
  const { query = {}, body = '' } = callbackRequest(add)
  const renamed = Object.fromEntries(Object.entries(names).map(([name, from]) => [name, query[from] ?? '']))
  expect((await post({ query: { ...renamed, nonce: query['nonce'] ?? '' }, body })).statusCode).toBe(200)
  expect(published).toHaveLength(1)
})

test.each([
  ['13 digits', NOW],
  ['10 digits', Math.floor(NOW / 1000)],
  ['an hour ago', NOW - 3_600_000],
  ['in an hour', NOW + 3_600_000],
])('a timestamp of %s is within the window', async (_, at) => {
  const { post } = setUpWebhook(callbackEnvironment)
  expect((await post(callbackRequest(add, { at }))).statusCode).toBe(200)
})

describe("DingTalk's handshakes are answered and not published", () => {
  test.each([
    ['{"EventType":"check_url"}', 'success'],
    ['{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}', 'LPIdSnlF'],
    ['{"EventType":"check_update_suite_url","Random":"abc","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}', 'abc'],
    ['{"EventType":"check_create_suite_url"}', 'success'],
    ['{"EventType":"check_update_suite_url","Random":{"a":1}}', 'success'],
  ])('%s: %s', async (message, reply) => {
    const { post, published, log } = setUpWebhook(callbackEnvironment)
    const response = await post(callbackRequest(message))
    expect(response.statusCode).toBe(200)
    expect(readReply(response.json)).toBe(reply)
    expect(published).toEqual([])
    expect(log.lines).toEqual([expect.objectContaining({ kind: 'handshake', outcome: 'answered' })])
  })
})

describe('while a key is rotated', () => {
  const newKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg'
  const environment = {
    DINGTALK_TOKEN: `newToken, ${callbackKeys.token}`,
    DINGTALK_AES_KEY: `${newKey}, ${callbackKeys.aesKey}`,
    DINGTALK_OWNER_KEYS: `dingcorp1,${callbackKeys.owner}`,
  }
  test.each<[string, Partial<typeof callbackKeys>]>([
    ['the old ones', {}],
    ['the new ones', { token: 'newToken', aesKey: newKey }],
    ['another owner', { owner: 'dingcorp1' }],
  ])('%s open, and the reply uses them', async (_, keys) => {
    const { post } = setUpWebhook(environment)
    const response = await post(callbackRequest(add, keys))
    expect(response.statusCode).toBe(200)
    expect(readReply(response.json, keys)).toBe('success')
  })
})

describe('our own fault, not the sender’s: 503, and the log says what to compare', () => {
  test('a wrong AES key', async () => {
    const { post, log, published } = setUpWebhook({ ...callbackEnvironment, DINGTALK_AES_KEY: 'x'.repeat(43) })
    expect(await post(callbackRequest(add))).toMatchObject({ statusCode: 503, json: { code: 'ServiceUnavailable' } })
    expect(log.lines[0]).toMatchObject({
      code: 'aes_key_mismatch',
      check: 'aes_key',
      detail: expect.stringContaining('DINGTALK_AES_KEY'),
    })
    expect(published).toEqual([])
  })
  test('an unknown owner', async () => {
    const { post, log, published } = setUpWebhook({ ...callbackEnvironment, DINGTALK_OWNER_KEYS: 'dingother' })
    expect((await post(callbackRequest(add))).statusCode).toBe(503)
    expect(log.lines[0]).toMatchObject({
      code: 'owner_unknown',
      check: 'owner',
      detail: expect.stringMatching(/DINGTALK_OWNER_KEYS.*dingappkey1/),
    })
    expect(published).toEqual([])
  })

  test.each([['ding\nplanted'], ['planted ding'], ['ding planted'], ['planted'.repeat(10)], ['']])(
    'the owner %j is not shown: its bytes are the sender’s',
    async (owner) => {
      const { post, log } = setUpWebhook(callbackEnvironment)
      expect((await post(callbackRequest(add, { owner }))).statusCode).toBe(503)
      expect(log.lines[0]).toMatchObject({
        code: 'owner_unknown',
        detail: expect.stringMatching(/: \(not printable\)$/),
      })
      expect(log.text()).not.toContain('planted')
    },
  )
})

describe('which door opens for what', () => {
  const token = { WEBHOOK_TOKEN: 'right-token-right-token' }
  const bearer = { 'Content-Type': 'application/json', Authorization: 'Bearer right-token-right-token' }
  test.each<[string, Record<string, string>, object, number]>([
    ['a callback, with DINGTALK_*', callbackEnvironment, callbackRequest(add), 200],
    ['a callback, with DINGTALK_* and a token', { ...callbackEnvironment, ...token }, callbackRequest(add), 200],
    [
      'a plain body with the token, with DINGTALK_* and a token',
      { ...callbackEnvironment, ...token },
      { body: seedBody, headers: bearer },
      200,
    ],
    ['a plain body without the token, with both', { ...callbackEnvironment, ...token }, { body: seedBody }, 401],
    ['a plain body, where only DINGTALK_* is set', callbackEnvironment, { body: seedBody }, 401],
    [
      'a plain body with a good signature of another body',
      callbackEnvironment,
      { ...callbackRequest(add), body: seedBody },
      401,
    ],
    ['an encrypted body, with nothing configured', {}, callbackRequest(add), 401],
    ['an encrypted body with the token, without DINGTALK_*', token, { ...callbackRequest(add), headers: bearer }, 401],
    [
      'an encrypted body with the token and a wrong signature',
      { ...callbackEnvironment, ...token },
      { ...callbackRequest(add, { token: 'wrong' }), headers: bearer },
      401,
    ],
  ])('%s: %#', async (_, environment, parts, status) => {
    const { post, published } = setUpWebhook(environment)
    expect((await post(parts)).statusCode).toBe(status)
    expect(published).toHaveLength(status === 200 ? 1 : 0)
  })
})
