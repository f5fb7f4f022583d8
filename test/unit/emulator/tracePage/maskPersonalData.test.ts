import type { EventDetail, EventList, TableRows } from '../../../../emulator/tracePage/protocol'
import { fakePeople, tracePages, webhookEvent } from '../../../support/tracePage'

const startPage = tracePages()

/** What the page shows of an event, parsed. */
async function shown(json: string, query = ''): Promise<Record<string, unknown>> {
  const page = await startPage()
  await page.trace({ id: 'e', json })
  const { body } = await page.get(`/trace/events/1${query}`)
  return JSON.parse((body as EventDetail).event)
}

describe('a field of data.body', () => {
  test.each<[string, unknown, unknown]>([
    ['name', '小明', '小*'],
    ['name', '欧阳小明', '欧*'],
    ['name', '𠮷田', '𠮷*'],
    ['name', '明', '***'],
    ['nick', '小明', '***'],
    ['mobile', '13800138000', '***'],
    ['mobile', 13800138000, '***'],
    ['email', 'xiaoming@example.com', '***'],
    ['avatar', 'https://example.com/a.png', '***'],
    ['avatar', '', ''],
    ['avatar', null, null],
    ['position', '总监', '***'],
    ['hiredDate', 1544976000000, '***'],
    ['dingId', '$:LWCP_v1:$5RU', '***'],
    ['unionid', 'abciE', '***'],
    ['whatComesNext', 'x', '***'],
    ['biz_data', '{"name":"小明"}', '***'],
    ['roles', [{ id: 20768, name: '行政' }], [{ id: '***', name: '行*' }]],
    ['tags', ['a', ['b']], ['***', ['***']]],
    ['diffInfo', { curr: { name: '小红' }, userid: '42' }, { curr: { name: '小*' }, userid: '42' }],
    ['syncAction', 'user_add_org', 'user_add_org'],
    ['EventType', 'user_add_org', 'user_add_org'],
    ['userId', '141146379001246379', '141146379001246379'],
    ['UserId', ['1', '2'], ['1', '2']],
    ['userId', { name: '小明' }, { name: '小*' }],
    ['staffId', '141146379001246379', '141146379001246379'],
    ['result', 'agree', 'agree'],
    ['remark', '家里有事', '***'],
    ['bizCategoryId', 'hrm.termination', '***'],
    ['address', '示例路1号', '***'],
    ['CorpId', 'ding123', 'ding123'],
    ['eventId', 'abc', 'abc'],
    ['department', [1, 432825033], [1, 432825033]],
    ['EventTime', 1767225600000, 1767225600000],
    ['active', true, true],
    ['active', 'true', 'true'],
    ['isBoss', 0, 0],
  ])('%s: %j is shown as %j', async (name, value, expected) => {
    expect(await shown(webhookEvent({ [name]: value }))).toMatchObject({ data: { body: { [name]: expected } } })
  })
})

test.each<[string, object, object]>([
  ['what came with the request', { headers: { 'x-real-ip': '10.0.0.1' }, queryString: { q: 'a' }, path: '/小明' }, {}],
  ['a body of text', { body: '小明 has joined' }, {}],
  ['data of another shape', { person: '小明' }, { person: '***' }],
])('%s is masked', async (_, data, expected) => {
  const { data: masked } = await shown(JSON.stringify({ id: 'e', source: 's', type: 't', data }))
  expect(JSON.stringify(masked)).not.toMatch(/小明|10\.0\.0\.1|"a"/)
  expect(masked).toMatchObject(expected)
})

test("attributes by which events are routed are shown, a producer's own are masked", async () => {
  const attributes = {
    subject: 'acs:x',
    time: '2026-01-01T00:00:00Z',
    aliyuneventbusname: 'bus',
    emulatorbuses: 'a',
    employee: '小明',
  }
  expect(await shown(webhookEvent({}, attributes))).toMatchObject({ id: 'e', ...attributes, employee: '***' })
})

test('an event that is revealed is the very event, digits beyond 2^53 included', async () => {
  const json = webhookEvent({ name: '小明' }).replace('{"name"', '{"n":12345678901234567890,"name"')
  const page = await startPage()
  await page.trace({ id: 'e', json })
  const { body } = await page.get('/trace/events/1?reveal=1')
  const { event } = body as EventDetail
  expect(event.replaceAll(/\n */g, '').replaceAll('": ', '":')).toContain('{"n":12345678901234567890,"name":"小明"}')
  expect(JSON.parse(event)).toEqual(JSON.parse(json))
})

test.each<[string, string]>([
  ['a name', '小明'],
  ['a mobile number', '13800138000'],
  ['an address', 'xiaoming@example.com'],
])('%s as a key is masked', async (_, key) => {
  const text = JSON.stringify(await shown(webhookEvent({ members: { [key]: true } })))
  expect(text).not.toContain(key)
  expect(text).toContain('"members":{"***":true}')
})

test('an error is shown as it is: it is the emulator’s own', async () => {
  const page = await startPage()
  const error = 'UnhandledInvocationError (ECONNREFUSED)'
  await page.trace({ id: 'e', json: webhookEvent({}) }, [{ error }, { state: 'dropped' }])
  const [list, detail] = await Promise.all(
    ['/trace/events', '/trace/events/1'].map(async (path) => (await page.get(path)).body),
  )
  expect((list as EventList).events[0]?.deliveries[0]?.tries[0]?.error).toBe(error)
  expect((detail as EventDetail).deliveries[0]?.tries[0]?.error).toBe(error)
})

test.each([
  ['{"received":1,"stored":1,"ignored":0,"deadLettered":0}', '{"received":1,"stored":1,"ignored":0,"deadLettered":0}'],
  ['{"employee":{"name":"小明","age":43}}', '{"employee":{"name":"小*","age":"***"}}'],
  [
    '{"errorMessage":"Duplicate entry 小明 for 13800138000","errorType":"Error"}',
    '{"errorMessage":"***","errorType":"***"}',
  ],
  ['"小明"', '"***"'],
  ['stored 小明', '***'],
  ['{"name":"小', '***'],
  ['null', 'null'],
])('an answer %s is shown as %s', async (answer, expected) => {
  const page = await startPage()
  await page.trace({ id: 'e', json: webhookEvent({}) }, [{ answer }, { state: 'delivered' }])
  const tries = async (query: string) =>
    ((await page.get(`/trace/events/1${query}`)).body as EventDetail).deliveries[0]?.tries[0]?.answer
  expect(await tries('')).toBe(expected)
  expect(await tries('?reveal=1')).toBe(answer)
})

test.each<[string, unknown, unknown]>([
  ['name', '小明', '小*'],
  ['title', '总监', '***'],
  ['hiredDate', '2018-12-17', '***'],
  ['managerUserId', '42', '***'],
  ['userId', '42', '42'],
  ['corpId', '', ''],
  ['active', 'true', 'true'],
  ['isBoss', 1, 1],
  ['level', 7, '***'],
  ['department', [1, 2], [1, 2]],
  ['isLeaderInDepts', { 1: false }, { 1: false }],
  ['leftAt', '2026-01-01 00:00:00.000', '2026-01-01 00:00:00.000'],
  ['title', null, null],
])("a row's %s %j is shown as %j", async (name, value, expected) => {
  const page = await startPage({ people: fakePeople({ [name]: value }) })
  await page.trace({ id: 'e' })
  const columnValue = async (query: string) =>
    ((await page.get(`/trace/events/1/rows${query}`)).body as TableRows[])[0]?.rows[0]?.columns[0]?.value
  expect(await columnValue('')).toEqual(expected)
  expect(await columnValue('?reveal=1')).toEqual(value)
})
