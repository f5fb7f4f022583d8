import { createHash } from 'node:crypto'
import { EventBridgeUnavailable, EventInvalid } from '../../../shared/eventbridge/errors'
import type { PutEventsAnswer } from '../../../shared/eventbridge/putEventsAnswer'
import { hashUserId } from '../../../shared/logUsers'
import { seedBody } from '../../fixtures/seedBody'
import { fcContext, fcHttpEvent, type RequestParts } from '../../support/fcEvent'
import { accepted, setUpWebhook } from '../../support/webhook'

test("the article's request becomes the article's CloudEvent", async () => {
  const { post, published, log } = setUpWebhook({ DROP_FIELDS: 'none' })
  const response = await post({ body: seedBody })

  expect(response.statusCode).toBe(200)
  expect(response.json).toEqual(accepted)
  expect(JSON.parse(published[0] ?? '')).toEqual({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: 'my.dingtalk',
    type: 'eventbridge:Events:HTTPEvent',
    subject: 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/dingtalk/eventsource/my.dingtalk',
    datacontenttype: 'application/json',
    time: '2022-05-13T15:28:29.504+08:00',
    aliyuneventbusname: 'dingtalk',
    data: {
      headers: { 'Content-Type': 'application/json' },
      path: '/webhook/putEvents',
      body: JSON.parse(seedBody),
      httpMethod: 'POST',
      queryString: {},
    },
  })
  expect(log.lines).toEqual([
    {
      level: 'info',
      requestId: 'request-1',
      kind: 'plain',
      eventId: expect.any(String),
      type: 'user_add_org',
      outcome: 'published',
      ms: expect.any(Number),
    },
  ])
})

test('a platform that tells the request’s id in the event alone is believed', async () => {
  const { handler, log } = setUpWebhook()
  const { requestId: _, ...context } = fcContext
  const { statusCode, body } = await handler(fcHttpEvent({ body: '{' }), context)
  expect([statusCode, JSON.parse(body).requestId]).toEqual([400, '1-64f6cd87-5f3b'])
  expect(log.lines).toEqual([expect.objectContaining({ requestId: '1-64f6cd87-5f3b' })])
})

describe('what EventBridge says', () => {
  const failed = (code: string): PutEventsAnswer => ({
    RequestId: 'R',
    FailedEntryCount: 1,
    EntryList: [{ EventId: 'e', TraceId: 't', ErrorCode: code, ErrorMessage: 'm' }],
  })
  const entryOf = (ErrorCode: string | null): PutEventsAnswer => ({
    ...accepted,
    EntryList: [{ EventId: 'e', ErrorCode }],
  })
  test.each<[string, number, string, () => Promise<PutEventsAnswer>]>([
    ['accepted', 200, '', async () => accepted],
    ['accepted with the code Success', 200, '', async () => ({ ...failed('Success'), FailedEntryCount: 0 })],
    ['the bus is gone', 503, 'ServiceUnavailable', async () => failed('EventBusNotExist')],
    ['the entry is too large', 400, 'EventSizeExceed', async () => failed('EventSizeExceed')],
    ['a failure without a code', 503, 'ServiceUnavailable', async () => ({ ...accepted, FailedEntryCount: 1 })],
    ['accepted with null for a code', 200, '', async () => entryOf(null)],
    ['accepted with nothing for a code', 200, '', async () => entryOf('')],
    ['accepted with success', 200, '', async () => entryOf('success')],
    [
      'two failures, where one entry says so',
      503,
      'ServiceUnavailable',
      async () => ({ ...failed('EventInvalid'), FailedEntryCount: 2, EntryList: [{}] }),
    ],
    ['no entry at all', 503, 'ServiceUnavailable', async () => ({ ...accepted, EntryList: [] })],
    ['unavailable', 503, 'ServiceUnavailable', () => Promise.reject(new EventBridgeUnavailable('Timeout', 'planted'))],
    ['invalid', 400, 'EventInvalid', () => Promise.reject(new EventInvalid('EventInvalid', 'planted'))],
    ['something unexpected', 500, 'InternalError', () => Promise.reject(new Error('planted'))],
  ])('%s: %i %s', async (_, status, code, answer) => {
    const { post, log } = setUpWebhook({}, answer)
    const response = await post({ body: seedBody })
    expect(response.statusCode).toBe(status)
    if (status !== 200) expect(response.json['code']).toBe(code)
    expect(response.body).not.toContain('planted')
    expect(log.lines).toHaveLength(1)
  })
})

describe('the CloudEvent', () => {
  const eventOf = async (parts: RequestParts, environment: Record<string, string> = {}) => {
    const { post, published } = setUpWebhook(environment)
    expect((await post(parts)).statusCode).toBe(200)
    const text = published[0] ?? ''
    return { text, event: JSON.parse(text) as { id: string; traceparent?: string; data: Record<string, unknown> } }
  }

  test('the digits of large integers stay, and nothing is stringified twice', async () => {
    const { text } = await eventOf({ body: '{"order":176292748870660512,"one":1.0,"mobile":"1","big":1e400}' })
    expect(text).toContain('"body":{"order":176292748870660512,"one":1.0,"big":1e400}')
  })

  test.each<[string, string | undefined, string, unknown]>([
    ['JSON', 'application/json; charset=utf-8', '[1]', [1]],
    ['a JSON scalar', 'application/json', '"x"', 'x'],
    ['JSON of a vendor', 'application/vnd.x+json', '{"a":1}', { a: 1 }],
    ['JSON as text', 'text/plain; charset=utf-8', '{"a":1}', { a: 1 }],
    ['JSON as curl -d sends it', 'application/x-www-form-urlencoded', ' [{"a":1}]', [{ a: 1 }]],
    ['JSON as XML', 'application/xml', '{"a":1}', { a: 1 }],
    ['a form', 'application/x-www-form-urlencoded', 'a=1&b=小', 'a=1&b=小'],
    ['no content type', undefined, '{"a":1}', { a: 1 }],
  ])('%s', async (_, type, body, expected) => {
    const { event } = await eventOf({ body, headers: type === undefined ? {} : { 'Content-Type': type } })
    expect(event.data['body']).toEqual(expected)
  })

  test('secrets and dropped fields do not travel in headers and in the query', async () => {
    const headers = {
      Authorization: 'planted',
      cookie: 'planted',
      'Proxy-Authorization': 'planted',
      'X-Fc-Security-Token': 'planted',
      'x-ddpaas-signature': 'planted',
      'X-Access-Token': 'planted',
      'X-Webhook-Secret': 'planted',
      Referer: 'https://example.com/webhook?token=planted',
      'X-Original-URL': '/webhook/putEvents?a=1&msg_signature=planted',
      mobile: 'planted',
      'X-Event': '{"SuiteTicket":"planted"}',
      'Content-Type': 'application/json',
      'X-Request-Id': 'kept',
    }
    const query = {
      token: 'planted',
      signature: 'planted',
      msg_signature: 'planted',
      access_token: 'planted',
      sign: 'planted',
      org_email: 'planted',
      data: '{"mobile":"planted"}',
      nonce: 'kept',
    }
    const { text, event } = await eventOf({ body: seedBody, headers, query })
    expect(text).not.toContain('planted')
    expect(event.data['headers']).toEqual({ 'Content-Type': 'application/json', 'X-Request-Id': 'kept' })
    expect(event.data['queryString']).toEqual({ nonce: 'kept' })
  })

  test.each([
    ['c7c7120f2c0741', 'c7c7120f2c0741'],
    ['c7c7120f2c07419**ebd', createHash('sha256').update('c7c7120f2c07419**ebd').digest('hex')],
    ['-leading', createHash('sha256').update('-leading').digest('hex')],
    ['x'.repeat(129), createHash('sha256').update('x'.repeat(129)).digest('hex')],
  ])("DingTalk's eventId %s stays when EventBridge takes it, else its hash", async (eventId, kept) => {
    const first = await eventOf({ body: JSON.stringify({ eventId }) })
    const second = await eventOf({ body: JSON.stringify({ eventId, again: true }) })
    expect(first.event.id).toBe(second.event.id)
    expect(first.event.id).toBe(kept)
  })

  test('a frame of DingTalk Stream has it in its headers', async () => {
    const frame = {
      specVersion: '1.0',
      type: 'EVENT',
      headers: { eventType: 'user_add_org', eventId: 'e-7' },
      data: '{}',
    }
    expect((await eventOf({ body: JSON.stringify(frame) })).event.id).toBe('e-7')
  })

  test.each([[123], [''], [null], [{}]])('an eventId %p is none', async (eventId) => {
    expect((await eventOf({ body: JSON.stringify({ eventId }) })).event.id).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('a traceparent travels, a malformed one does not', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const headers = { 'Content-Type': 'application/json' }
    expect((await eventOf({ body: '{}', headers: { ...headers, Traceparent: traceparent } })).event.traceparent).toBe(
      traceparent,
    )
    expect((await eventOf({ body: '{}', headers: { ...headers, Traceparent: 'x' } })).event.traceparent).toBeUndefined()
  })
})

test('no line of the log says anything of a person', async () => {
  const { post, log } = setUpWebhook()
  await post({ body: seedBody, query: { token: 'planted-token' } })
  await post({ body: seedBody.slice(0, -1) })
  expect(log.lines).toHaveLength(2)
  expect(log.text()).not.toMatch(/小明|141146379001246379|LWCP|planted/)
})

test('a line of the log names everybody that its events are about, by hashes', async () => {
  const LOG_HASH_KEY = 'a key for hashes of users'
  const { post, log } = setUpWebhook({ LOG_HASH_KEY })
  const row = { id: 1, biz_id: 'p3', biz_type: 13, biz_data: '{"syncAction":"user_leave_org"}' }
  await post({ body: '{"EventType":"user_leave_org","UserId":"[\\"p1\\",\\"p2\\"]"}' })
  await post({ body: JSON.stringify({ headers: { eventType: 'user_leave_org' }, data: '{"userId":[7]}' }) })
  await post({ body: JSON.stringify({ EventType: 'SYNC_HTTP_PUSH_HIGH', bizData: [row] }) })
  const hashed = (...ids: string[]) => ids.map((id) => hashUserId(id, LOG_HASH_KEY)).join(' ')
  expect(log.lines.map(({ users }) => users)).toEqual([hashed('p1', 'p2'), hashed('7'), hashed('p3')])
})

describe('when it is loaded', () => {
  const environment = { ...process.env }
  afterEach(() => {
    process.env = environment
    jest.restoreAllMocks()
    jest.dontMock('../../../functions/webhook/config')
  })

  /** What its log says, and how it then answers. */
  async function load(variables: Record<string, string>) {
    const lines: unknown[] = []
    const keep = (line: string) => void lines.push(JSON.parse(line))
    jest.spyOn(console, 'log').mockImplementation(keep)
    jest.spyOn(console, 'error').mockImplementation(keep)
    process.env = {
      ...environment,
      EVENT_BUS_NAME: 'dingtalk',
      EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1',
      ...variables,
    }
    let answer: { statusCode: number; body: string } | undefined
    await jest.isolateModulesAsync(async () => {
      const { handler } = await import('../../../functions/webhook/index')
      answer = await handler(fcHttpEvent({ body: '{' }), fcContext)
    })
    return { lines, answer }
  }

  test('without a check of who sends it says that it is open', async () => {
    const { lines, answer } = await load({})
    expect(lines[0]).toMatchObject({ level: 'info', outcome: 'open' })
    expect(answer?.statusCode).toBe(400)
  })

  test('with one it says nothing', async () => {
    expect((await load({ WEBHOOK_TOKEN: 'sixteen-letters-x' })).lines).not.toContainEqual(
      expect.objectContaining({ outcome: 'open' }),
    )
  })

  test('with a configuration that cannot be, each request is answered, and the log names the variable alone', async () => {
    const { lines, answer } = await load({ MAX_BODY_BYTES: 'planted' })
    expect(lines).toEqual([
      { level: 'error', outcome: 'bad_configuration', detail: 'MAX_BODY_BYTES: must be a whole number' },
    ])
    expect(answer?.statusCode).toBe(500)
  })

  test('a fault of ours there is told by its place, without its message', async () => {
    jest.doMock('../../../functions/webhook/config', () => ({
      readConfig() {
        throw new TypeError('planted')
      },
    }))
    const { lines, answer } = await load({})
    expect(lines).toEqual([
      { level: 'error', outcome: 'bad_configuration', detail: expect.stringMatching(/^TypeError at /) },
    ])
    expect(`${JSON.stringify(lines)} ${answer?.body}`).not.toContain('planted')
  })
})
