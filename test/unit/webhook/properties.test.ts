import fc from 'fast-check'
import { callbackEnvironment, callbackRequest } from '../../support/callback'
import { fcContext, fcHttpEvent, type RequestParts } from '../../support/fcEvent'
import { setUpWebhook } from '../../support/webhook'

/** What must never be in a log line or an answer, wherever in a request it stands; only an eventId is meant to be told. */
const PLANTED = 'pLaNtEd-5ecret'

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
const body = fc.oneof(
  jsonText,
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
  headers: fc
    .tuple(texts, fc.constantFrom('application/json', 'text/plain', 'application/x+json', ''), word)
    .map(([other, type, any]) => ({
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
const signedRequest = fc.oneof(jsonText, word).map((message) => callbackRequest(message))

test('no request makes a 500, and none a line of the log or an answer with what must not be there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(plainRequest, signedRequest),
      fc.constantFrom(...environments),
      async (request, environment) => {
        const { handler, log } = setUpWebhook(environment)
        const response = await handler(fcHttpEvent(request), fcContext)
        expect([200, 400, 401, 403, 405, 413, 415, 503]).toContain(response.statusCode)
        expect(log.lines).toHaveLength(1)
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
      if (response.statusCode === 401) return
      const event = JSON.parse(published[0] ?? '') as { id: string; data: { body: unknown } }
      expect(event.data.body).toEqual(JSON.parse(sent))
      expect(event.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/)
    }),
    { numRuns: 500 },
  )
})
