import type { Samples, Tried } from '../../../../emulator/tracePage/tryProtocol'
import { emulators, type TestEmulator } from '../../../support/emulator'
import { startServer, type TestServer } from '../../../support/rawHttp'

// What a page without functions does: events that somebody makes up are sent and tried, by the emulator itself.

const start = emulators()
let emulator: TestEmulator
let server: TestServer

const rule = (name: string, pattern: object, more = '') => `  - RuleName: ${name}
    FilterPattern: ${JSON.stringify(pattern)}
    Targets:
      - Id: f
        Type: acs.fc.function
        Endpoint: acs:fc:cn-hangzhou:1:functions/f
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }${more}]
`
/** none that JavaScript's numbers have */
const ID = '9007199254740993'
const SECRET = 'SEC-of-the-robot'
const patterns: Record<string, object> = {
  all: {},
  attributes: { source: ['my.orders'], type: [{ prefix: 'order:' }], subject: [{ suffix: '.pdf' }] },
  numbers: { data: { n: [{ numeric: ['>', 5, '<', 7] }], m: [{ numeric: ['<', -3] }], k: [{ numeric: ['!=', 0] }] } },
  texts: { data: { a: { b: [{ contains: 'x' }] }, not: [{ 'anything-but': ['example'] }], any: [{ exists: true }] } },
  rest: { data: { gone: [{ exists: false }], ip: [{ cidr: '10.1.0.0/16' }], none: [null], big: [true, 1] } },
}

beforeAll(async () => {
  const rules = Object.entries(patterns).map(([name, pattern]) => rule(name, pattern))
  const robot = `  - RuleName: robot
    FilterPattern: { source: [my.robot] }
    Targets:
      - Id: robot
        Type: acs.dingtalk
        Endpoint: http://127.0.0.1/robot?access_token=TOKEN
        ParamList:
          - { ResourceKey: URL, Form: CONSTANT, Value: 'http://127.0.0.1/robot?access_token=TOKEN' }
          - { ResourceKey: SecretKey, Form: CONSTANT, Value: ${SECRET} }
          - { ResourceKey: Body, Form: CONSTANT, Value: '{"msgtype":"text"}' }
      - Id: list
        Type: acs.fc.function
        Endpoint: acs:fc:cn-hangzhou:1:functions/f
        ParamList:
          - { ResourceKey: Body, Form: JSONPATH, Value: $.data.name }
          - { ResourceKey: DataFormat, Form: CONSTANT, Value: ObjectList }
      - Id: queue
        Type: acs.mns.queue
        Endpoint: acs:mns:cn-hangzhou:1:queues/q
        ParamList:
          - { ResourceKey: queue, Form: CONSTANT, Value: q }
          - { ResourceKey: IsBase64Encode, Form: CONSTANT, Value: 'true' }
          - { ResourceKey: Body, Form: JSONPATH, Value: $.data.name }
`
  const unmade = rule('unmade', { aliyunaccountid: ['999'] })
  const digits = rule('digits', { data: { id: ['ID'] } }).replace('"ID"', ID)
  const off = rule('off', {}).replace('    FilterPattern', '    Status: DISABLE\n    FilterPattern')
  emulator = await start({ yaml: `EventBusName: my-bus\nRules:\n${rules.join('')}${robot}${unmade}${digits}${off}` })
  server = await startServer((req, res) => void emulator.eventBridge.tracePage(req, res))
})
afterAll(() => server.close())

async function post<T>(path: string, body: object): Promise<T> {
  const headers = { 'x-trace-page': '1' }
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  return (await answer.json()) as T
}
async function get<T>(path: string): Promise<T> {
  return (await (await fetch(`http://127.0.0.1:${server.port}${path}`)).json()) as T
}
const event = (fields: object) =>
  JSON.stringify({ id: '1', source: 's', type: 't', specversion: '1.0', aliyuneventbusname: 'my-bus', ...fields })
const tryIt = (asked: object) => post<Tried>('/trace/try', { event: event({}), pattern: '', ...asked })

test('a sample of each enabled rule is one that the rule matches; none is offered where a form cannot make one', async () => {
  const { matching, buses } = await get<Samples>('/trace/samples')
  expect(buses.map(({ name }) => name)).toEqual(['default', 'my-bus'])
  expect(matching.map(({ rule: name }) => name).sort()).toEqual([...Object.keys(patterns), 'robot', 'digits'].sort())
  for (const { rule: name, ...draft } of matching) {
    const { seq } = await post<{ seq: number }>('/trace/publish', draft)
    const trace = await get<{ deliveries: { rule: string }[] }>(`/trace/events/${seq}`)
    expect(trace.deliveries.map((delivery) => delivery.rule)).toContain(name)
  }
})

test("a rule's pattern is shown, and its sample made, with all digits", async () => {
  const rules = await get<{ rule: string; pattern: string }[]>('/trace/rules')
  expect(rules.find(({ rule: name }) => name === 'digits')?.pattern).toBe(
    JSON.stringify({ data: { id: ['ID'] } }, null, 2).replace('"ID"', ID),
  )
  const { matching } = await get<Samples>('/trace/samples')
  expect(matching.find(({ rule: name }) => name === 'digits')?.data).toContain(ID)
})

test.each<[string, object, object]>([
  ['no such bus', { bus: 'other' }, { code: 'EventBusNotExist' }],
  ['no source', { source: '' }, { code: 'EventSourceInvalid' }],
  ['no type', { type: '' }, { code: 'EventTypeInvalid' }],
  ['a long subject', { subject: 'x'.repeat(513) }, { code: 'EventSubjectInvalid' }],
  ['too large', { data: `"${'x'.repeat(262_144)}"` }, { code: 'EventSizeExceed' }],
  ['nested too deep', { data: '['.repeat(600) + ']'.repeat(600) }, { code: 'JsonAttributeInvalid' }],
  ['nested far too deep', { data: '['.repeat(50_000) + ']'.repeat(50_000) }, { code: 'JsonAttributeInvalid' }],
  ['no JSON', { data: '{"a":1,}' }, { fault: { line: 1, column: 8 } }],
])('%s is refused, and nothing is kept', async (_, fields, refused) => {
  const before = (await get<{ total: number }>('/trace/events')).total
  const answer = await post('/trace/publish', { bus: 'my-bus', source: 's', type: 't', data: '{}', ...fields })
  expect(answer).toMatchObject({ refused })
  expect((await get<{ total: number }>('/trace/events')).total).toBe(before)
})

test('an event without data, and numbers as they were written', async () => {
  const fields = { bus: 'my-bus', source: 's', type: 't' }
  const { seq } = await post<{ seq: number }>('/trace/publish', { ...fields, data: ' ' })
  expect((await get<{ event: string }>(`/trace/events/${seq}?reveal=1`)).event).not.toContain('"data"')
  const data = '{"id":12345678901234567890}'
  const big = await post<{ seq: number }>('/trace/publish', { ...fields, data })
  const again = await get<Samples>(`/trace/samples?event=${big.seq}&reveal=1`)
  expect(again.again).toMatchObject({ bus: 'my-bus', source: 's', data: '{\n  "id": 12345678901234567890\n}' })
  expect((await get<Samples>(`/trace/samples?event=${big.seq}`)).again?.data).toContain('***')
})

test.each<[string, string, object]>([
  ['matches', '{"source":["s"]}', {}],
  ['does not', '{"source":["x"]}', { why: 'source does not match ["x"]' }],
  ['is refused', '{"data":{"a":[{"x":1}]}}', { fault: expect.stringContaining('data.a[0]: unknown operator "x"') }],
  ['is no JSON', '{\n"a" 1}', { fault: { line: 2, column: 5, message: 'is no JSON: a colon is missing' } }],
  ['asks for what the service adds', '{"aliyunregionid":["cn-hangzhou"]}', {}],
])('a pattern %s', async (_, pattern, tried) => {
  expect((await tryIt({ pattern })).pattern).toEqual(tried)
})

test('a pattern is tried digit by digit', async () => {
  const given = event({ data: 0 }).replace('"data":0', '"data":{"id":9007199254740993}')
  const tried = async (id: string) => (await tryIt({ event: given, pattern: `{"data":{"id":[${id}]}}` })).pattern
  expect(await tried('9007199254740993')).toEqual({})
  expect(await tried('9007199254740992')).toEqual({ why: 'data.id does not match [9007199254740992]' })
})

test.each<[object, object]>([
  [{ form: 'JSONPATH', value: '$.data.n' }, { text: '12345678901234567890' }],
  [{ form: 'JSONPATH', value: '$.data.gone' }, { text: '' }],
  [{ form: 'JSONPATH', value: 'data' }, { why: expect.stringContaining('a path names one value') }],
  [{ form: 'JSONPATH' }, { why: 'Body: JSONPATH needs a Value' }],
  [{ form: 'CONSTANT', value: 'c' }, { text: 'c' }],
  [{ form: 'TEMPLATE', value: '{"n":"$.data.name"}', template: 'Hi ${n}, ${m}' }, { text: 'Hi 小明, ${m}' }],
  [{ form: 'TEMPLATE', value: '[]', template: 'x' }, { why: expect.stringContaining('Value must be the JSON text') }],
])('the transform %j', async (transform, tried) => {
  const data = { name: '小明' }
  const text = event({ data }).replace('"小明"', '"小明","n":12345678901234567890')
  expect((await tryIt({ event: text, transform })).transform).toEqual(tried)
})

test('ORIGINAL is the event with what the service adds', async () => {
  const tried = (await tryIt({ transform: { form: 'ORIGINAL' } })).transform as { text: string }
  expect(JSON.parse(tried.text)).toMatchObject({
    id: '1',
    aliyunregionid: 'cn-hangzhou',
    aliyunaccountid: '123456789012',
  })
})

test('what each rule would do, and what its targets would get; no secret and no address', async () => {
  const tried = await tryIt({ event: event({ source: 'my.robot', data: { name: '小明' } }) })
  const { rules } = tried
  expect(rules.find(({ rule: name }) => name === 'robot')?.targets.map(({ id, params }) => [id, params])).toEqual([
    ['robot', [{ key: 'Body', text: '{"msgtype":"text"}' }]],
    ['list', [{ key: 'Body', text: '["小明"]' }]],
    ['queue', [{ key: 'Body', text: Buffer.from('小明').toString('base64') }]],
  ])
  expect(rules.find(({ rule: name }) => name === 'off')).toMatchObject({ why: 'the rule is disabled', targets: [] })
  expect(rules.find(({ rule: name }) => name === 'attributes')?.why).toBe('source does not match ["my.orders"]')
  expect(JSON.stringify(tried)).not.toMatch(/SEC-of|TOKEN/)
})

test.each<[string, string, object]>([
  ['nothing', '', { fault: { line: 1, column: 1 } }],
  ['no JSON', '{"id":', { fault: { line: 1, column: 7 } }],
  ['nested far too deep', '['.repeat(50_000) + ']'.repeat(50_000), { fault: { message: 'is nested too deep' } }],
  ['no object', '[]', { fault: { message: expect.stringContaining('is no event') } }],
  ['what PutEvents refuses', '{"id":"1"}', { refused: { code: 'EventSpecversionInvalid' } }],
])('an event that is %s', async (_, text, tried) => {
  expect(await tryIt({ event: text })).toMatchObject(tried)
})

test('nothing that was tried is kept', async () => {
  const { total } = await get<{ total: number }>('/trace/events')
  await tryIt({ pattern: '{}', transform: { form: 'ORIGINAL' } })
  expect((await get<{ total: number }>('/trace/events')).total).toBe(total)
})
