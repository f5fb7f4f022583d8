import fc from 'fast-check'
import { callbackEnvironment, callbackRequest } from '../../support/callback'
import { fcContext, fcHttpEvent, type RequestParts } from '../../support/fcEvent'
import { setUpWebhook } from '../../support/webhook'

/** What must never be in a log line or an answer, wherever in a request it stands; only an eventId is meant to be told. */
const PLANTED = 'pLaNtEd-5ecret'

const TYPES = [
  'application/json',
  'text/plain',
  'application/x+json',
  'application/x-www-form-urlencoded',
  'text/xml',
  '',
]

const environments: Record<string, string>[] = [
  {},
  callbackEnvironment,
  { WEBHOOK_TOKEN: 'right-token-right-token' },
  { ...callbackEnvironment, CONNECTOR_API_SECRET: 'a connector secret', ALLOWED_IPS: '203.119.0.0/16' },
  { ALLOWED_REFERERS: 'dingtalk.com', LOG_HASH_KEY: 'a key for hashes of users' },
]

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('encrypt', 'EventType', 'userId', 'syncAction', 'bizData', 'SYNC_HTTP_PUSH_HIGH', PLANTED),
)
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4 }),
  ),
})).value
const jsonText = value.map((any) => JSON.stringify(any) ?? 'null')
const levels = fc.constantFrom(1, 63, 64, 65, 5_000)
const hostile = fc.oneof(
  levels.map((count) => '['.repeat(count) + ']'.repeat(count)),
  levels.map((count) => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`),
  levels.map((count) => `{"data":${JSON.stringify('['.repeat(count) + ']'.repeat(count))},"tel":1}`),
  fc.tuple(word, jsonText, jsonText, levels).map(([key, first, last, count]) => {
    const [name, deep] = [JSON.stringify(key), `${'['.repeat(count)}${first}${']'.repeat(count)}`]
    return `{${name}:${deep},${name}:${last}}`
  }),
  fc.constantFrom('1e400', '-0', '9'.repeat(5_000), `{"id":${'9'.repeat(5_000)}}`, '{"a":1E+9999,"b":0.1e-999}'),
  fc.constantFrom('"\\ud800"', '{"\\udfff":"\\ud800","userId":"\\ud83d"}', '{"eventId":"\\ud800","tel":"\\udc00"}'),
  jsonText.map((text) => `\ufeff${text}`),
  jsonText.map((text) => `{"a":${JSON.stringify(`\ufeff${text}`)}}`),
  fc
    .constantFrom('toString', 'toJSON', 'valueOf', 'then', '__proto__', 'constructor', 'isLosslessNumber')
    .map((name) => {
      const trap = `{"${name}":1,"value":{"${name}":null}}`
      return `{"EventType":"SYNC_HTTP_PUSH_HIGH","${name}":${trap},"bizData":[{"id":${trap},"corp_id":${trap},"biz_type":13,
      "biz_data":{"userId":${trap},"eventId":${trap},"syncAction":${trap}}},${trap}]}`
    }),
)
const body = fc.oneof(
  jsonText,
  hostile,
  word,
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  jsonText.map((text) => text.slice(0, -1)),
)
const texts = fc.dictionary(word, word, { maxKeys: 4 })
const plainRequest: fc.Arbitrary<RequestParts> = fc.record({
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constant('POST') },
    { weight: 1, arbitrary: word.filter((method) => method !== '') },
  ),
  path: word,
  sourceIp: fc.oneof(fc.ipV4(), fc.ipV6(), word),
  query: fc.oneof(texts, fc.record({ token: word, signature: word, timestamp: word, nonce: word })),
  headers: fc.tuple(texts, fc.constantFrom(...TYPES), word).map(([other, type, any]) => ({
    ...other,
    'Content-Type': type,
    Referer: any,
    Authorization: any,
    traceparent: any,
    'X-Forwarded-For': any,
  })),
  body,
})
/** Signed by DingTalk's own key, so that what is inside gets in. */
const signedRequest = fc.oneof(jsonText, word, hostile).map((message) => callbackRequest(message))

test('no request makes a 500, and none a line of the log or an answer with what must not be there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(plainRequest, signedRequest),
      fc.constantFrom(...environments),
      async (request, environment) => {
        const { handler, log } = setUpWebhook(environment)
        const response = await handler(fcHttpEvent(request), fcContext)
        expect([200, 400, 401, 403, 405, 413, 415, 503]).toContain(response.statusCode)
        expect(log.lines.filter(({ outcome }) => outcome !== 'set_aside')).toHaveLength(1)
        expect(log.text()).not.toContain(PLANTED)
        expect(response.body).not.toContain(PLANTED)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('whatever is taken is published as one valid CloudEvent, its body as it was sent', async () => {
  await fc.assert(
    fc.asyncProperty(value, async (any) => {
      const sent = JSON.stringify(any) ?? 'null'
      const { post, published } = setUpWebhook({ DROP_FIELDS: 'none' })
      const response = await post({ body: sent })
      // ciphertext, or a push without rows
      if (response.statusCode === 401 || sent.includes('SYNC_HTTP_PUSH')) return
      const event = JSON.parse(published[0] ?? '') as { id: string; data: { body: unknown } }
      expect(event.data.body).toEqual(JSON.parse(sent))
      expect(event.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/)
    }),
    { numRuns: 500 },
  )
})

/** What must never be published: it stands under the names of dropped fields and of secrets, and nowhere else. */
const DROPPED = 'dRoPpEd-5ecret'
const dropped = ['mobile', 'Mobile', 'state_code', 'orgEmail', 'org_email', 'EMAIL', 'tel', 'extFields', 'ext_fields']
const nested = ['user.mobile', 'user[org_email]', 'contact/remark', ' avatar ']
const secret = [
  'SuiteTicket',
  'suite_ticket',
  'tmpAuthCode',
  'permanent_code',
  'suite_access_token',
  'app.client_secret',
]

/** JSON texts that hold dropped fields in every way that a field can be held, and the names they use. */
const holding = (names: string[]) => {
  const name = fc.constantFrom(...names)
  const quoted = fc.tuple(name, fc.boolean()).map(([text, isEscaped]) => {
    const [first = ''] = text
    const escaped = `\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`
    return isEscaped ? `"${escaped}${text.slice(1)}"` : JSON.stringify(text)
  })
  const secretText = fc.constantFrom(
    `"${DROPPED}"`,
    `["${DROPPED}"]`,
    `{"a":{"b":"${DROPPED}"}}`,
    `"{\\"a\\":\\"${DROPPED}\\"}"`,
  )
  const field = fc.tuple(quoted, secretText).map(([key, text]) => `${key}:${text}`)
  const before = fc.constantFrom('a=1&', '&', 'a&', '=&', 'a==&', 'a b=1&', 'a=1&a=b=c=', 'a=', '%7B=%7D&')
  const form = fc.tuple(before, name, fc.boolean()).map(([first, text, isEncoded]) => {
    const key = isEncoded ? encodeURIComponent(text) : text.replace(/ /g, '+')
    return `${first}${key}=${DROPPED}&b=2`
  })
  const around = fc.constantFrom<[string, string]>(['callback(', ')'], ['x ', ''], ['x = ', ';'], ['a=%7B&b=', '&c'])
  return fc.letrec<{ text: string; member: string }>((tie) => ({
    member: fc.oneof(
      field,
      fc.tuple(word, tie('text')).map(([key, text]) => `${JSON.stringify(key)}:${text}`),
      fc.tuple(fc.constantFrom('data', 'biz_data', 'msg'), tie('text')).map(([key, text]) => `"${key}":${text}`),
    ),
    text: fc.oneof(
      { maxDepth: 4 },
      field.map((member) => `{${member}}`),
      form.map((text) => JSON.stringify(text)),
      fc.array(tie('member'), { maxLength: 3 }).map((members) => `{${members.join(' , ')}}`),
      fc.array(tie('text'), { maxLength: 3 }).map((texts) => `[${texts.join(',')}]`),
      tie('text').map((text) => JSON.stringify(text)),
      tie('text').map((text) => JSON.stringify(`\ufeff ${text}`)),
      fc
        .tuple(tie('text'), fc.nat(60))
        .map(([text, cut]) => JSON.stringify(text.slice(0, Math.max(1, text.length - cut)))),
      tie('text').map((text) => JSON.stringify(`payload=${encodeURIComponent(text)}`)),
      tie('text').map((text) => JSON.stringify(encodeURIComponent(text))),
      fc.tuple(tie('text'), around).map(([text, [left, right]]) => JSON.stringify(`${left}${text}${right}`)),
      name.map((text) => JSON.stringify(`<x><${text.replace(/[^\w]+/g, ':')}>${DROPPED}</x>`)),
    ),
  })).text
}

const requestOf = (names: string[]): fc.Arbitrary<RequestParts> => {
  const text = holding(names)
  const rows = fc.array(
    fc.record({ id: fc.nat(), biz_type: fc.constantFrom(13, '14', 245, 2, null), biz_data: fc.oneof(text, word) }),
    { maxLength: 3 },
  )
  const pushes = rows.map((bizData) => JSON.stringify({ EventType: 'SYNC_HTTP_PUSH_MEDIUM', bizData }))
  const forms = text.map(
    (json) => `a=1&payload=${encodeURIComponent(json)}&data=${encodeURIComponent(JSON.stringify(json))}`,
  )
  const frames = text.map((data) => JSON.stringify({ specVersion: '1.0', type: 'EVENT', headers: {}, data }))
  const message = fc.oneof(text, pushes, frames)
  const values = fc.dictionary(fc.constantFrom(...names, 'x-kept'), fc.oneof(text, fc.constant('kept')), { maxKeys: 2 })
  const hidden = (sent: Record<string, string>) =>
    Object.fromEntries(Object.entries(sent).map(([key, one]) => [key, key === 'x-kept' ? one : DROPPED]))
  const plain = fc
    .record({
      body: fc.oneof(
        message,
        forms,
        message.map((json) => json.slice(0, -1)),
      ),
      query: values,
      headers: values,
    })
    .chain(({ body: sent, query, headers }) =>
      fc.constantFrom(...TYPES).map((type) => ({
        body: sent,
        query: hidden(query),
        headers: { ...hidden(headers), 'Content-Type': type },
      })),
    )
  return fc.oneof(
    plain,
    message.map((json) => callbackRequest(json)),
  )
}

test.each<[string, string[], Record<string, string>]>([
  ['what is dropped by default', [...dropped, ...nested, ...secret], {}],
  ['the app’s secrets, when nothing is to be dropped', secret, { DROP_FIELDS: 'none' }],
])(
  '%s is in nothing that is published, whatever its form, its spelling and its place',
  async (_, names, environment) => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(requestOf(names), async (request) => {
        const isCallback = request.query !== undefined && 'signature' in request.query
        const { handler, published, log } = setUpWebhook({ ...environment, ...(isCallback && callbackEnvironment) })
        const response = await handler(fcHttpEvent(request), fcContext)
        expect([200, 400, 401, 415]).toContain(response.statusCode)
        expect(published.join() + log.text() + response.body).not.toContain(DROPPED)
        for (const json of published) JSON.parse(json)
        taken += published.length
      }),
      { numRuns: 3_000 },
    )
    expect(taken).toBeGreaterThan(1_000)
  },
)
