import type { Applied } from '../../../functions/employees/applyChanges'
import { createEmployees } from '../../../functions/employees/employees'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { DeadLetter } from '../../../functions/employees/repository'
import type { Change } from '../../../functions/employees/toChanges'
import { ConfigError } from '../../../shared/config'
import { hashUserId } from '../../../shared/logUsers'
import type { Mapping } from '../../../shared/mapping/mapping'
import { seedBody } from '../../fixtures/seedBody'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'

const seed = JSON.parse(seedBody) as Record<string, unknown>

function setUp(
  apply: (changes: readonly Change[]) => Promise<Applied> = async () => ({ refused: [], unfit: [] }),
  mappings: readonly Mapping[] = [shippedMapping],
  applyRoster: () => Promise<undefined> = async () => undefined,
) {
  const letters: DeadLetter[] = []
  const applied: Change[] = []
  const log = keptLog()
  const employees = createEmployees({
    mappings,
    defaults: { DINGTALK_CORP_ID: '' },
    repository: {
      apply: (changes) => {
        applied.push(...changes)
        return apply(changes)
      },
      applyRoster,
      bury: async (buried) => {
        letters.push(...buried)
      },
    },
    logHashKey: 'a key for hashes of users',
    now: Date.now,
    log,
  })
  const deliver = (payload: unknown) =>
    employees(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)), { requestId: 'r' })
  return { deliver, letters, applied, log }
}

test('good, foreign and bad events of one delivery: the bad ones hold up nothing', async () => {
  const { deliver, letters, applied } = setUp()
  const summary = await deliver([
    deliveredEvent(seed, { id: 'good' }),
    deliveredEvent({ syncAction: 'org_dept_create' }, { id: 'foreign' }),
    deliveredEvent({ syncAction: 'user_add_org' }, { id: 'bad' }),
    'not an event',
  ])
  expect(summary).toEqual({ received: 4, stored: 1, ignored: 1, deadLettered: 2 })
  expect(applied.map(({ event }) => event.id)).toEqual(['good'])
  expect(letters.map(({ eventId, reason }) => [eventId, reason])).toEqual([
    [expect.stringMatching(/^[0-9a-f]{64}$/), 'not a CloudEvent: it has no id or no source'],
    ['bad', 'the event names no userId that can be read'],
  ])
})

test('an event that the code itself is at a loss with is a dead letter of that table, and the others take theirs', async () => {
  // no mapping that the build lets through is like that, as far as is known
  const broken: Mapping = { ...shippedMapping, table: 'broken', columns: [null as never] }
  const { deliver, letters, applied, log } = setUp(undefined, [broken, shippedMapping])
  const event = deliveredEvent(seed, { id: 'e' })
  expect(await deliver([event])).toEqual({ received: 1, stored: 0, ignored: 0, deadLettered: 1 })
  expect(letters).toMatchObject([{ table: 'broken', reason: 'the code cannot read it; its place is in the log' }])
  expect(applied).toHaveLength(1)
  const detail = expect.stringMatching(/^TypeError at /)
  expect(log.lines).toContainEqual(expect.objectContaining({ outcome: 'unreadable', table: 'broken', detail }))
})

test('a dead letter holds the event as it was delivered, with all digits', async () => {
  const { deliver, letters } = setUp()
  const text = '{"id":"e", "source":"s","data":{"body":{"syncAction":"user_add_org","n":176292748870660512}}}'
  await deliver(text)
  await deliver(`[${text}]`)
  expect(letters[0]?.event).toBe(text)
  expect(letters[1]?.event).toBe(text)
})

test.each([
  '',
  'x',
  '{',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  '5',
  'null',
  '[null]',
  '{"id":"","source":"s"}',
  '{"id":1,"source":"s"}',
  '[{"id":"e","source":"s"}] and more',
])('a delivery that is no CloudEvent becomes a dead letter: %#', async (payload) => {
  const { deliver, letters } = setUp()
  expect(await deliver(payload)).toMatchObject({ stored: 0, deadLettered: 1 })
  expect(letters).toHaveLength(1)
})

test('what the table refuses becomes a dead letter', async () => {
  const { deliver, letters } = setUp(async ([change]) => ({
    refused:
      change === undefined
        ? []
        : [{ change, reason: 'the table refuses a value (ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)' }],
    unfit: [],
  }))
  expect(await deliver(deliveredEvent(seed))).toEqual({ received: 1, stored: 0, ignored: 0, deadLettered: 1 })
  expect(letters[0]?.reason).toBe('the table refuses a value (ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)')
})

test('a database that is down throws, so that EventBridge delivers again, and nothing personal is told', async () => {
  const down = Object.assign(new Error("Duplicate entry '小明'"), { code: 'ECONNREFUSED' })
  const { deliver, log } = setUp(() => Promise.reject(down))
  await expect(deliver(deliveredEvent(seed))).rejects.toThrow('the employees could not be stored (ECONNREFUSED)')
  expect(log.lines).toEqual([expect.objectContaining({ level: 'error', outcome: 'failed', code: 'ECONNREFUSED' })])
  expect(log.text()).not.toContain('小明')
})

test('a configuration that cannot be is thrown with its words, which name variables alone', async () => {
  const error = new ConfigError('MYSQL_SSL: names no file')
  const { deliver, log } = setUp(() => Promise.reject(error))
  await expect(deliver(deliveredEvent(seed))).rejects.toBe(error)
  expect(log.lines).toEqual([])
})

describe('a roster', () => {
  const roster = rosterEvent({ ids: ['p1'], EventTime: 1_700_000_000_000 })

  test.each([
    ['a rule of the table', new DatabaseError('ER_CONSTRAINT_FAILED', 4025, '23000')],
    ['a column', new DatabaseError('ER_DATA_TOO_LONG', 1406, '22001')],
  ])('that %s refuses is a dead letter', async (_, error) => {
    const { deliver, letters } = setUp(undefined, undefined, () => Promise.reject(error))
    expect(await deliver(roster)).toMatchObject({ received: 1, stored: 0, deadLettered: 1 })
    expect(letters.map(({ reason }) => reason)).toEqual([`the table refuses the roster (${error.code})`])
  })

  test.each([
    ['a server that is gone', new DatabaseError('ECONNRESET'), 'ECONNRESET'],
    ['an error that nobody knows', new DatabaseError('ER_X', 9999, 'HY000'), 'ER_X'],
    ['a fault of ours', new TypeError('小明'), 'unexpected'],
  ])('that meets %s is delivered again', async (_, error, code) => {
    const { deliver, letters } = setUp(undefined, undefined, () => Promise.reject(error))
    await expect(deliver(roster)).rejects.toThrow(`the employees could not be stored (${code})`)
    expect(letters).toEqual([])
  })
})

test('one line a delivery, and nothing personal in it', async () => {
  const { deliver, log } = setUp()
  await deliver([deliveredEvent(seed), deliveredEvent({ ...seed, userId: null }, { id: 'bad' })])
  expect(log.lines).toHaveLength(1)
  expect(log.text()).not.toMatch(/小明|141146379001246379|LWCP/)
})

test('a line of the log names everybody whose rows a delivery is about, by the hashes of the webhook', async () => {
  const { deliver, log, applied } = setUp()
  await deliver([
    deliveredEvent({ EventType: 'user_leave_org', EventTime: 1, UserId: '["p1","p2"]' }),
    deliveredEvent({ headers: { eventType: 'user_leave_org' }, data: '{"userId":[7]}' }),
    deliveredEvent({ syncAction: 'user_leave_org', biz_id: 'p3', biz_type: 13 }),
  ])
  const ids = applied.map(({ key }) => key.at(-1) ?? '')
  expect(ids).toEqual(['p1', 'p2', '7', 'p3'])
  const users = ids.map((id) => hashUserId(id, 'a key for hashes of users')).join(' ')
  expect(log.lines).toEqual([expect.objectContaining({ users })])
})

test.each(
  [
    'userId',
    'corpId',
    'row_id',
    'gmt_modified',
    'syncAction',
    'errcode',
    'diffInfo',
    'data',
    'hiredDate',
    ...Object.keys(seed),
  ].map((name) => [name]),
)('an object in the place of %s that cannot be made text does not hold up its delivery', async (name) => {
  const { deliver, applied } = setUp()
  const trap = { toString: 1, valueOf: null }
  const odd = [trap, [trap]].map((value) => ({ syncAction: 'user_modify_org', userId: 'p1', [name]: value }))
  await deliver([
    ...odd.map((body, at) => deliveredEvent(body, { id: `odd-${at}` })),
    deliveredEvent(seed, { id: 'good' }),
  ])
  expect(applied.map(({ event }) => event.id)).toContain('good')
})

test('a column that is left out, as its value does not fit or cannot be read, is named in the summary', async () => {
  const { deliver } = setUp(async () => ({ refused: [], unfit: ['title'] }))
  const summary = { received: 1, stored: 1, ignored: 0, deadLettered: 0 }
  expect(await deliver(deliveredEvent(seed))).toEqual({ ...summary, badValues: 'title' })
  expect(await setUp().deliver(deliveredEvent({ ...seed, hiredDate: 'soon' }))).toEqual({
    ...summary,
    badValues: 'hiredDate',
  })
})

// what the server says of one table it need not say of another; where there is no server, all is lost for now
const BOTH = 'user_info others'
test.each<[string, DatabaseError, number, string[], string]>([
  ['no such table', new DatabaseError('ER_NO_SUCH_TABLE', 1146, '42S02'), 2, ['bad'], BOTH],
  ['a lock', new DatabaseError('ER_LOCK_WAIT_TIMEOUT', 1205, 'HY000'), 2, ['bad'], BOTH],
  ['no server', new DatabaseError('ECONNREFUSED'), 1, [], ''],
  ['the time is up', new DatabaseError('DELIVERY_TIMEOUT'), 1, [], ''],
  ['a server that takes no writes', new DatabaseError('ER_OPTION_PREVENTS_STATEMENT', 1290, 'HY000'), 1, [], ''],
])('of two tables the first meets: %s', async (_, error, tried, buried, told) => {
  let times = 0
  const fails = async (): Promise<Applied> => {
    times++
    throw error
  }
  const { deliver, letters, log } = setUp(fails, [shippedMapping, { ...shippedMapping, table: 'others' }])
  const events = [deliveredEvent(seed, { id: 'good' }), deliveredEvent({ syncAction: 'user_add_org' }, { id: 'bad' })]
  const message = `the employees could not be stored (${error.code})${told && ` in ${told}`}`
  await expect(deliver(events)).rejects.toMatchObject({ message })
  expect(log.lines[0]?.['table'] ?? '').toBe(told)
  expect(times).toBe(tried)
  expect([...new Set(letters.map(({ eventId }) => eventId))]).toEqual(buried)
})
