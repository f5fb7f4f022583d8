import type { Applied } from '../../../functions/employees/applyChanges'
import type { Replaying } from '../../../functions/employees/employees'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { ConfigError } from '../../../shared/config'
import { hashUserId } from '../../../shared/logUsers'
import type { Mapping } from '../../../shared/mapping/mapping'
import { seedBody } from '../../fixtures/seedBody'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { recordedEmployees } from '../../support/recordedEmployees'

const seed = JSON.parse(seedBody) as Record<string, unknown>

test('good, foreign and bad events of one delivery: the bad ones hold up nothing', async () => {
  const { deliver, letters, applied } = recordedEmployees()
  const summary = await deliver([
    deliveredEvent(seed, { id: 'good' }),
    deliveredEvent({ syncAction: 'org_dept_create' }, { id: 'foreign' }),
    deliveredEvent({ syncAction: 'user_add_org' }, { id: 'bad' }),
    'not an event',
  ])
  expect(summary).toStrictEqual({ received: 4, stored: 1, ignored: 1, deadLettered: 2 })
  expect(applied.map(({ changes }) => changes.map(({ event }) => event.id))).toEqual([['good']])
  expect(letters.map(({ table, eventId, reason }) => [table, eventId, reason])).toEqual([
    ['', expect.stringMatching(/^[0-9a-f]{64}$/), 'not a CloudEvent: it has no id or no source'],
    ['user_info', 'bad', 'the event names no userId that can be read'],
  ])
})

test('an event that the code itself is at a loss with is a dead letter of that table, and the others take theirs', async () => {
  // no mapping that the build lets through is like that, as far as is known
  const broken: Mapping = { ...shippedMapping, table: 'broken', columns: [null as never] }
  const { deliver, letters, applied, log } = recordedEmployees({ mappings: [broken, shippedMapping] })
  const event = deliveredEvent(seed, { id: 'e' })
  expect(await deliver([event])).toEqual({ received: 1, stored: 0, ignored: 0, deadLettered: 1 })
  expect(letters).toMatchObject([{ table: 'broken', reason: 'the code cannot read it; its place is in the log' }])
  expect(applied).toHaveLength(1)
  const detail = expect.stringMatching(/^TypeError at /)
  expect(log.lines).toContainEqual(expect.objectContaining({ outcome: 'unreadable', table: 'broken', detail }))
})

test('a dead letter holds the event as it was delivered, with all digits', async () => {
  const { deliver, letters } = recordedEmployees()
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
  const { deliver, letters } = recordedEmployees()
  expect(await deliver(payload)).toMatchObject({ stored: 0, deadLettered: 1 })
  expect(letters).toHaveLength(1)
})

test('what the table refuses becomes a dead letter', async () => {
  const { deliver, letters } = recordedEmployees({
    apply: async (changes) => ({
      refused: changes.map((change) => ({
        change,
        reason: 'the table refuses a value (ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)',
      })),
      unfit: [],
    }),
  })
  expect(await deliver(deliveredEvent(seed))).toEqual({ received: 1, stored: 0, ignored: 0, deadLettered: 1 })
  expect(letters[0]?.reason).toBe('the table refuses a value (ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)')
})

test('a database that is down throws, so that EventBridge delivers again, and nothing personal is told', async () => {
  const down = Object.assign(new Error("Duplicate entry '小明'"), { code: 'ECONNREFUSED' })
  const { deliver, log } = recordedEmployees({ apply: () => Promise.reject(down) })
  const message = 'the employees could not be stored (ECONNREFUSED)'
  await expect(deliver(deliveredEvent(seed))).rejects.toMatchObject({ message, cause: undefined })
  expect(log.lines).toEqual([expect.objectContaining({ level: 'error', outcome: 'failed', code: 'ECONNREFUSED' })])
  expect(log.text()).not.toContain('小明')
})

test('one line a delivery, and nothing personal in it', async () => {
  const { deliver, log } = recordedEmployees()
  await deliver([deliveredEvent(seed), deliveredEvent({ ...seed, userId: null }, { id: 'bad' })])
  expect(log.lines).toHaveLength(1)
  expect(log.text()).not.toMatch(/小明|141146379001246379|LWCP/)
})

test('a line of the log names everybody whose rows a delivery is about, by the hashes of the webhook', async () => {
  const { deliver, log, applied } = recordedEmployees()
  await deliver([
    deliveredEvent({ EventType: 'user_leave_org', EventTime: 1, UserId: '["p1","p2"]' }),
    deliveredEvent({ headers: { eventType: 'user_leave_org' }, data: '{"userId":[7]}' }),
    deliveredEvent({ syncAction: 'user_leave_org', biz_id: 'p3', biz_type: 13 }),
  ])
  const ids = applied.flatMap(({ changes }) => changes).map(({ key }) => key.at(-1) ?? '')
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
  const { deliver, applied } = recordedEmployees()
  const trap = { toString: 1, valueOf: null }
  const odd = [trap, [trap]].map((value) => ({ syncAction: 'user_modify_org', userId: 'p1', [name]: value }))
  await deliver([
    ...odd.map((body, at) => deliveredEvent(body, { id: `odd-${at}` })),
    deliveredEvent(seed, { id: 'good' }),
  ])
  expect(applied.flatMap(({ changes }) => changes).map(({ event }) => event.id)).toContain('good')
})

test('a column that is left out, as its value does not fit or cannot be read, is named in the summary', async () => {
  const { deliver } = recordedEmployees({ apply: async () => ({ refused: [], unfit: ['title'] }) })
  const summary = { received: 1, stored: 1, ignored: 0, deadLettered: 0 }
  expect(await deliver(deliveredEvent(seed))).toEqual({ ...summary, badValues: 'title' })
  expect(await recordedEmployees().deliver(deliveredEvent({ ...seed, hiredDate: 'soon' }))).toEqual({
    ...summary,
    badValues: 'hiredDate',
  })
})

const TWO = [shippedMapping, { ...shippedMapping, table: 'others' }]

test('the columns whose values cannot be read are named, with their tables where there are several', async () => {
  const event = deliveredEvent({ syncAction: 'user_modify_org', userId: 'a', hiredDate: 'soon', name: 5 })
  const one = recordedEmployees()
  expect(await one.deliver(event)).toMatchObject({ stored: 1, badValues: 'name hiredDate' })
  expect(one.log.lines).toMatchObject([{ outcome: 'done', badValues: 'name hiredDate' }])
  expect(await recordedEmployees({ mappings: TWO }).deliver(event)).toMatchObject({
    badValues: 'user_info.name user_info.hiredDate others.name others.hiredDate',
  })
})

// what the server says of one table it need not say of another; where there is no server, all is lost for now
const BOTH = 'user_info others'
test.each<[string, DatabaseError, number, string[], string]>([
  ['no such table', new DatabaseError('ER_NO_SUCH_TABLE', 1146, '42S02'), 2, ['bad'], BOTH],
  ['a lock', new DatabaseError('ER_LOCK_WAIT_TIMEOUT', 1205, 'HY000'), 2, ['bad'], BOTH],
  ['no server', new DatabaseError('ECONNREFUSED'), 1, [], ''],
  ['a connection that was killed', new DatabaseError('ER_CONNECTION_KILLED', 1927, '70100'), 1, [], ''],
  ['the time is up', new DatabaseError('DELIVERY_TIMEOUT'), 1, [], ''],
  ['a server that takes no writes', new DatabaseError('ER_OPTION_PREVENTS_STATEMENT', 1290, 'HY000'), 1, [], ''],
])('of two tables the first meets: %s', async (_, error, tried, buried, told) => {
  let times = 0
  const fails = async (): Promise<Applied> => {
    times++
    throw error
  }
  const { deliver, letters, log } = recordedEmployees({ apply: fails, mappings: TWO })
  const events = [deliveredEvent(seed, { id: 'good' }), deliveredEvent({ syncAction: 'user_add_org' }, { id: 'bad' })]
  const message = `the employees could not be stored (${error.code})${told && ` in ${told}`}`
  await expect(deliver(events)).rejects.toMatchObject({ message })
  expect(log.lines[0]?.['table'] ?? '').toBe(told)
  expect(times).toBe(tried)
  expect([...new Set(letters.map(({ eventId }) => eventId))]).toEqual(buried)
})

test('a table that is the only one is not named, and the error goes on with what it was', async () => {
  const error = new DatabaseError('ER_NO_SUCH_TABLE', 1146, '42S02')
  const { deliver, log } = recordedEmployees({ apply: () => Promise.reject(error) })
  const message = 'the employees could not be stored (ER_NO_SUCH_TABLE)'
  await expect(deliver(deliveredEvent(seed))).rejects.toMatchObject({ message, cause: error })
  expect(log.lines).toEqual([
    expect.objectContaining({ table: undefined, code: 'ER_NO_SUCH_TABLE', detail: undefined }),
  ])
})

test('a fault of ours is told by its place alone', async () => {
  const { deliver, log } = recordedEmployees({ apply: () => Promise.reject(new TypeError('planted')) })
  await expect(deliver(deliveredEvent(seed))).rejects.toThrow('the employees could not be stored (unexpected)')
  expect(log.lines).toEqual([
    expect.objectContaining({ code: 'unexpected', detail: expect.stringMatching(/^TypeError at /) }),
  ])
  expect(log.text()).not.toContain('planted')
})

test('a bad configuration is told as it is', async () => {
  const error = new ConfigError('MYSQL_SSL: names no file')
  const { deliver, log } = recordedEmployees({ apply: () => Promise.reject(error) })
  await expect(deliver(deliveredEvent(seed))).rejects.toBe(error)
  expect(log.lines).toEqual([])
})

test.each<[string, object, Replaying, string[]]>([
  ['whoever knows it', {}, {}, ['user_info', 'others']],
  ['the one that its attribute names', { onlytable: 'others' }, {}, ['others']],
  ['the one that an operator names', {}, { table: 'others' }, ['others']],
  ['the one that an operator names, of both', { onlytable: 'user_info' }, { table: 'others' }, ['others']],
  ['nobody, where there is no such table', { onlytable: 'none' }, {}, []],
])('an event goes to %s', async (_, attributes, replaying, tables) => {
  const { deliver, applied } = recordedEmployees({ mappings: TWO })
  const ignored = tables.length === 0 ? 1 : 0
  const event = deliveredEvent({ ...seed, onlytable: 'user_info' }, { ...attributes })
  expect(await deliver(event, replaying)).toMatchObject({ stored: 1 - ignored, ignored })
  expect(applied.map(({ table }) => table)).toEqual(tables)
})
