import type { EventDetail, EventList } from '../../../../emulator/tracePage/protocol'
import { fakePeople, type TestTracePage, tracePages, webhookEvent } from '../../../support/tracePage'

const startPage = tracePages()
const DAY = Date.parse('2026-01-01T00:00:00Z')
const minutesAgo = (n: number) => DAY - n * 60_000

describe('a filter', () => {
  let page: TestTracePage
  beforeAll(async () => {
    page = await startPage()
    const joined = webhookEvent({ syncAction: 'user_add_org', userId: '42', name: '小明' })
    const left = webhookEvent({ EventType: 'user_leave_org', UserId: ['42', '43'] })
    const streamed = webhookEvent({ eventType: 'user_leave_org' })
    const ok = [{ answer: '{}' }, { state: 'delivered' }] as const
    await page.trace({ id: 'abc-1', receivedAt: minutesAgo(90), json: joined }, [...ok])
    await page.trace({ id: 'abc-2', receivedAt: minutesAgo(50), json: left, type: 'other' }, [...ok])
    await page.trace({ id: 'xyz', receivedAt: minutesAgo(10), json: streamed, bus: 'second', deliveries: [] })
    await page.trace({ id: 'abc-3', receivedAt: minutesAgo(1), json: joined, source: 'elsewhere' }, [
      { error: 'down' },
      { state: 'pending', nextAttemptAt: DAY + 1_000 },
    ])
  })

  test.each<[string, string[]]>([
    ['', ['abc-3', 'xyz', 'abc-2', 'abc-1']],
    ['state=delivered', ['abc-2', 'abc-1']],
    ['state=retrying', ['abc-3']],
    ['state=unmatched', ['xyz']],
    ['state=dead', []],
    ['action=user_add_org', ['abc-3', 'abc-1']],
    ['action=user_leave_org', ['xyz', 'abc-2']],
    ['action=leave', ['xyz', 'abc-2']],
    ['action=LEAVE_', ['xyz', 'abc-2']],
    ['action=user%25org', []],
    ['action=user-leave', []],
    ['person=42', ['abc-3', 'abc-2', 'abc-1']],
    ['person=43', ['abc-2']],
    ['person=43,42,44', ['abc-3', 'abc-2', 'abc-1']],
    ['person=4', []],
    ['person=小明', []],
    ['person=42&action=add', ['abc-3', 'abc-1']],
    ['state=set-aside', []],
    ['type=other', ['abc-2']],
    ['id=abc', ['abc-3', 'abc-2', 'abc-1']],
    ['id=xyz', ['xyz']],
    ['source=elsewhere', ['abc-3']],
    ['bus=second', ['xyz']],
    ['rule=rule', ['abc-3', 'abc-2', 'abc-1']],
    ['last=1h', ['abc-3', 'xyz', 'abc-2']],
    ['last=5m', ['abc-3']],
    ['from=2025-12-31T23:00:00Z&to=2025-12-31T23:55:00Z', ['xyz', 'abc-2']],
    ['from=2026-01-01T07:50:00%2B08:00', ['abc-3', 'xyz']],
    ['before=3', ['abc-2', 'abc-1']],
    ['limit=1', ['abc-3']],
    ['state=delivered&last=1h&action=user_leave_org', ['abc-2']],
  ])('%s finds %j', async (query, ids) => {
    const { status, body } = await page.get(`/trace/events?${query}`)
    expect(status).toBe(200)
    expect((body as EventList).events.map(({ id }) => id)).toEqual(ids)
  })

  test.each([
    ['state=lost', 'state: must be delivered, pending, retrying, blocked, dead, set-aside, unmatched'],
    ['from=yesterday', 'from: must be 2026-11-24T08:00:00Z'],
    ['to=2026-02-30T00:00:00Z', 'to: must be 2026-11-24T08:00:00Z'],
    ['last=1y', 'last: must be 15m, 2h or 1d'],
    ['before=x', 'before: must be a number from 1'],
    ['before=0', 'before: must be a number from 1'],
    ['limit=-1', 'limit: must be a number from 1'],
  ])('%s is refused', async (query, message) => {
    expect(await page.get(`/trace/events?${query}`)).toEqual({ status: 400, body: { code: 'InvalidFilter', message } })
  })

  test('counts are of every state and every page; the total is of what the filter finds', async () => {
    const { body } = await page.get('/trace/events?id=abc&state=delivered&limit=1')
    const [event] = (body as EventList).events
    expect(body).toMatchObject({ counts: { delivered: 2, retrying: 1 }, total: 2, through: 4, older: event?.seq })
  })

  test('pages lead to the last event and end there', async () => {
    const ids: string[] = []
    let query = '?limit=3'
    for (;;) {
      const { events, older } = (await page.get(`/trace/events${query}`)).body as EventList
      ids.push(...events.map(({ id }) => id))
      if (older === undefined) break
      query = `?limit=3&before=${older}`
    }
    expect(ids).toEqual(['abc-3', 'xyz', 'abc-2', 'abc-1'])
  })
})

test.each<[string, object, EventList['events'][number]['people'], number]>([
  ['nobody', { syncAction: 'org_dept_create', name: '财务部' }, [], 0],
  ['somebody, by name', { userId: '42', name: '小明' }, [{ userId: '42', name: '小*' }], 1],
  ['somebody whose name is one character', { userId: '42', name: '明' }, [{ userId: '42', name: '***' }], 1],
  ['somebody without a name', { UserId: ['42'] }, [{ userId: '42' }], 1],
  ['many', { UserId: ['1', '2', '3', '4', '5'] }, [{ userId: '1' }, { userId: '2' }, { userId: '3' }], 5],
])('an event says that it is about %s, and no name in full', async (_, body, people, peopleCount) => {
  const page = await startPage()
  await page.trace({ id: 'e', json: webhookEvent(body) })
  const { events } = (await page.get('/trace/events')).body as EventList
  expect(events[0]).toMatchObject({ people, peopleCount })
  expect((await page.get('/trace/events/1?reveal=1')).body).toMatchObject({ people, peopleCount })
})

test.each<[string, string, string]>([
  [
    'the webhook’s',
    webhookEvent({ userId: '42' }),
    'data body headers path httpMethod queryString id source type specversion',
  ],
  ['another’s', '{"id":"e","data":{"a":1},"source":"s"}', 'data a id source'],
  ['one of text', '{"id":"e","data":"text"}', 'data id'],
  ['one without data', '{"id":"e","source":"s"}', 'id source'],
])('of %s event the body comes first, then the rest', async (_, json, names) => {
  const page = await startPage()
  await page.trace({ id: 'e', json })
  for (const query of ['', '?reveal=1']) {
    const { event } = (await page.get(`/trace/events/1${query}`)).body as EventDetail
    expect(event.match(/(?<=^ {2}(?: {2})?")\w+/gm)?.join(' ')).toBe(names)
  }
})

test('a list asks the store for all of its events at once', async () => {
  const page = await startPage()
  for (const id of ['a', 'b', 'c']) await page.trace({ id })
  const findAll = jest.spyOn(page.store.traces, 'findAll')
  const find = jest.spyOn(page.store.traces, 'find')
  expect(((await page.get('/trace/events?limit=2')).body as EventList).events).toHaveLength(2)
  expect(findAll.mock.calls).toEqual([[[3, 2]]])
  expect(find).not.toHaveBeenCalled()
})

test('an event tells its whole story', async () => {
  const page = await startPage()
  await page.trace(
    {
      id: 'e',
      traceId: 'trace',
      json: webhookEvent({ syncAction: 'user_add_org' }),
      mismatches: [{ rule: 'other', why: 'source does not match ["x"]' }],
    },
    [
      { error: 'down', ms: 7 },
      { state: 'pending', nextAttemptAt: 2_000 },
    ],
    [
      { error: 'still down', startedAt: 2_000 },
      { state: 'dead-lettered', queue: 'acs:mns:q' },
    ],
  )
  const { body } = await page.get('/trace/events/1')
  expect(body).toMatchObject({
    ...{ seq: 1, bus: 'bus', id: 'e', action: 'user_add_org', traceId: 'trace', receivedAt: 1_000, state: 'dead' },
    mismatches: [{ rule: 'other', why: 'source does not match ["x"]' }],
    deliveries: [
      {
        ...{ rule: 'rule', target: 'target', state: 'dead-lettered', nextAttemptAt: 0 },
        tries: [
          { number: 1, startedAt: 1_000, ms: 7, error: 'down', answer: null },
          { number: 2, startedAt: 2_000, ms: 5, error: 'still down', answer: null },
        ],
      },
    ],
    deadLetters: [{ queue: 'acs:mns:q', deadAt: 2_005 }],
  })
})

test.each([
  ['HTTP 200', 'HTTP 200'],
  ['HTTP 200 小明', '***'],
  ['小明', '***'],
  ['{"name":"小明"}', '{"name":"小*"}'],
])('what a target answered, %s, is shown as %s', async (answer, shown) => {
  const page = await startPage()
  await page.trace({ id: 'e' }, [{ answer }, { state: 'delivered' }])
  const { body } = await page.get('/trace/events/1')
  expect(body).toMatchObject({ deliveries: [{ tries: [{ answer: shown }] }] })
})

test.each(['/trace/events/2', '/trace/events/2/rows', '/trace/events/x', '/trace/nothing', '/trace/events/1/more'])(
  '%s is not there',
  async (path) => {
    const page = await startPage()
    await page.trace({ id: 'e' })
    expect(await page.get(path)).toMatchObject({ status: 404, body: { code: 'NotFound' } })
  },
)

describe('rows', () => {
  test('of an event that names nobody, and where there is no database: none', async () => {
    for (const people of [undefined, { ...fakePeople({}), rowsOf: async () => [] }]) {
      const page = await startPage(people && { people })
      await page.trace({ id: 'e' })
      expect(await page.get('/trace/events/1/rows')).toEqual({ status: 200, body: [] })
    }
  })

  test('a database that does not answer is named by its code alone; the event is there nevertheless', async () => {
    const error = Object.assign(new Error('Access denied for 小明'), { code: 'ER_ACCESS_DENIED_ERROR' })
    const page = await startPage({ people: { ...fakePeople({}), rowsOf: () => Promise.reject(error) } })
    await page.trace({ id: 'e' })
    const message = 'The database did not answer (ER_ACCESS_DENIED_ERROR).'
    const refused = { status: 502, body: { code: 'DatabaseUnavailable', message } }
    expect(await page.get('/trace/events/1/rows')).toEqual(refused)
    expect(((await page.get('/trace/events/1')).body as EventDetail).id).toBe('e')
  })
})
