import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { leaverLimit } from '../../../shared/mapping/leaverLimit'
import type { Mapping } from '../../../shared/mapping/mapping'
import { createTableStatements } from '../../../shared/mapping/tables'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent, rosterEvent, snapshotEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

let schema: DatabaseAddress
let observer: Connection
let database: OpenedDatabase
let deliver: (events: unknown) => Promise<unknown>
const log = keptLog()

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database: name } = schema
  observer = await mysql.createConnection({ host, port, user, password, database: name, dateStrings: true })
  database = openInstanceDatabase(schema)
  deliver = employeesOn(database, shippedMapping, log)
})

beforeEach(async () => {
  await observer.query('DROP TABLE IF EXISTS user_info, dead_letters')
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
})

afterAll(async () => {
  await database.close()
  await observer.end()
  await dropTestSchema(schema)
})

const START = 1_700_000_000_000
let ids = 0
const body = (ms: number, fields: object) => ({ CorpId: 'ding1', EventTime: START + ms, ...fields })
const snapshot = (ms: number, userId: string, fields: object = {}) =>
  snapshotEvent(body(ms, { userId, active: true, admin: false, name: userId, ...fields }), { id: `s${++ids}` })
const roster = (ms: number, list: unknown, fields: object = {}, attributes: object = {}) =>
  rosterEvent(body(ms, { ids: list, ...fields }), { id: `r${++ids}`, ...attributes })
const leave = (ms: number, userId: string) =>
  deliveredEvent(
    { ...body(ms, { EventType: 'user_leave_org' }), userId: [userId] },
    { id: `l${++ids}`, time: later(ms) },
  )
const modify = (ms: number, userId: string, fields: object = {}) =>
  deliveredEvent(
    { ...body(ms, { EventType: 'user_dept_change', ...fields }), userId: [userId] },
    { id: `m${++ids}`, time: later(ms) },
  )
const later = (ms: number) => new Date(START + ms + 1_000).toISOString()

async function people(columns: string): Promise<RowDataPacket[]> {
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM user_info ORDER BY userId`)
  return rows
}
const gone = async () =>
  (await people('userId, leftAt')).filter((row) => row['leftAt'] !== null).map((row) => row['userId'])
async function letters(): Promise<string[]> {
  const [rows] = await observer.query<RowDataPacket[]>('SELECT reason FROM dead_letters ORDER BY id')
  return rows.map((row) => String(row['reason']))
}

test('whoever is not on the roster is written as a leave of its time would be', async () => {
  await deliver([snapshot(1, 'a'), snapshot(1, 'b', { title: 'engineer' })])
  const event = roster(10, ['a'])
  expect(await deliver(event)).toEqual({ received: 1, stored: 1, ignored: 0, deadLettered: 0 })
  const columns = 'userId, name, title, active, isAdmin, leftAt, lastAction, lastEventId, lastEventTime, syncState'
  expect(await people(columns)).toEqual([
    expect.objectContaining({ userId: 'a', active: 'true', leftAt: null, lastAction: 'user_snapshot' }),
    {
      userId: 'b',
      name: 'b',
      title: 'engineer',
      active: 'false',
      isAdmin: 'false',
      leftAt: '2023-11-14 22:13:20.010',
      lastAction: 'user_roster',
      lastEventId: event['id'],
      lastEventTime: '2023-11-14 22:13:20.010',
      syncState: 'ok',
    },
  ])
  await deliver(event)
  expect(await letters()).toEqual([])
})

describe('whom a roster marks', () => {
  test.each<[string, unknown[], object, string[]]>([
    ['of the whole range', ['b'], {}, ['Z', 'a', 'c', 'd']],
    ['after the first, and up to the last', ['b'], { after: 'a', upTo: 'c' }, ['c']],
    ['in the order of bytes, where Z comes before a', [], { after: '', upTo: 'a' }, ['Z', 'a']],
    ['up to one that is not there', [], { after: 'bb', upTo: 'cc' }, ['c']],
    ['an empty range', [], { after: 'c', upTo: 'b' }, []],
    ['a list as JSON text', ['a', 'b', 'c', 'd', 'Z'], {}, []],
    ['of no other corporation', [], { CorpId: 'ding2' }, []],
  ])('%s', async (_, list, fields, expected) => {
    for (const userId of ['a', 'b', 'c', 'd', 'Z']) await deliver(snapshot(1, userId))
    await deliver(roster(10, list, fields))
    expect(await gone()).toEqual(expected.toSorted())
    expect(await letters()).toEqual([])
  })

  test('neither those who have left, nor those who were heard of since', async () => {
    await deliver([
      leave(5, 'left'),
      snapshot(9, 'before'),
      snapshot(10, 'then'),
      snapshot(11, 'after'),
      modify(12, 'changed'),
    ])
    await deliver(roster(10, []))
    expect(await people('userId, leftAt')).toEqual([
      { userId: 'after', leftAt: null },
      { userId: 'before', leftAt: '2023-11-14 22:13:20.010' },
      { userId: 'changed', leftAt: null },
      { userId: 'left', leftAt: '2023-11-14 22:13:20.005' },
      { userId: 'then', leftAt: '2023-11-14 22:13:20.010' },
    ])
  })

  test('what only one column was set later of is heard of', async () => {
    await deliver([snapshot(1, 'u'), snapshot(20, 'u', { errcode: 50_002 })])
    await deliver(roster(10, []))
    expect(await people('leftAt, syncState, active')).toEqual([
      { leftAt: null, syncState: 'out_of_scope', active: 'true' },
    ])
  })

  test('a row of before a slot existed, and one that has slots of a later version', async () => {
    await deliver([snapshot(1, 'a'), snapshot(1, 'b')])
    await observer.query("UPDATE user_info SET columnVersions = SUBSTR(columnVersions, 1, 96) WHERE userId = 'a'")
    const later = `CONCAT(RPAD(columnVersions, 3072 - 24, X'00'), REPEAT('x', 24))`
    await observer.query(`UPDATE user_info SET columnVersions = ${later} WHERE userId = 'b'`)
    await deliver(roster(10, []))
    expect(await people('userId, active, leftAt IS NULL AS isHere, LENGTH(columnVersions) AS bytes')).toEqual([
      { userId: 'a', active: 'false', isHere: 0, bytes: 600 },
      { userId: 'b', active: 'false', isHere: 0, bytes: 3072 },
    ])
  })
})

describe('order', () => {
  /** Each order of these events, on a row that is there. */
  async function everyOrder(events: unknown[], columns: string, before: unknown[] = []): Promise<Set<string>> {
    const ends = new Set<string>()
    for (const order of permutations(events)) {
      await observer.query('DELETE FROM user_info')
      for (const event of [snapshot(1, 'u', { title: 'engineer' }), ...before]) await deliver(event)
      for (const event of [...order, ...order.slice(0, 2)]) await deliver(event)
      ends.add(JSON.stringify(await people(columns)))
    }
    return ends
  }
  const STATE = 'active, isAdmin, title, leftAt, lastAction, lastEventTime, syncState'

  test.each<[string, () => unknown[]]>([
    ['a roster and a later snapshot', () => [roster(10, []), snapshot(20, 'u')]],
    ['a roster and an earlier snapshot', () => [roster(10, []), snapshot(5, 'u', { title: 'lead' })]],
    ['rosters of two walks', () => [roster(10, []), roster(20, [])]],
    ['rosters of two walks, and a snapshot between', () => [roster(10, []), snapshot(15, 'u'), roster(20, [])]],
    ['rosters, of which one names them', () => [roster(10, []), roster(20, ['u']), snapshot(21, 'u')]],
    ['a roster and the leave that it is about', () => [leave(5, 'u'), roster(10, [])]],
    ['two rosters and the leave that they are about', () => [leave(5, 'u'), roster(10, []), roster(20, [])]],
    ['a roster and a leave of later', () => [roster(10, []), leave(15, 'u')]],
    ['an inactive comeback', () => [leave(3, 'u'), roster(4, []), snapshot(5, 'u', { active: false })]],
  ])('%s', async (_, events) => {
    const ends = await everyOrder(events(), STATE)
    expect([...ends]).toHaveLength(1)
  })

  test('the leave of before a comeback, told once more, and the roster that does not name them', async () => {
    const again = leave(3, 'u')
    const ends = await everyOrder([again, roster(10, [])], STATE, [again, snapshot(5, 'u')])
    expect([...ends]).toEqual([expect.stringContaining('"leftAt":"2023-11-14 22:13:20.010"')])
  })

  test.each<[string, () => unknown]>([
    ['a change without a word on it', () => modify(20, 'u')],
    ['a failure', () => snapshot(20, 'u', { errcode: 50_002 })],
  ])('who is heard of later, by %s, is here in every order', async (_, event) => {
    expect([...(await everyOrder([roster(10, []), event()], 'leftAt'))]).toEqual(['[{"leftAt":null}]'])
    expect([...(await everyOrder([roster(10, []), event(), roster(12, [])], 'leftAt'))]).toEqual(['[{"leftAt":null}]'])
  })
})

describe('a roster that says too little marks nobody, and is a dead letter', () => {
  test.each<[string, object, RegExp]>([
    ['no ids', { ids: undefined }, /no list of ids/],
    ['ids that are no list', { ids: 'a' }, /no list of ids/],
    ['an id that has lost its digits', { ids: ['a', 141_146_379_001_246_380] }, /no list of ids/],
    ['an id that is an object', { ids: [{}] }, /no list of ids/],
    ['no beginning', { after: undefined }, /range/],
    ['a beginning that is null', { after: null }, /range/],
    ['no end', { upTo: undefined }, /range/],
    ['an end that is ""', { upTo: '' }, /range/],
    ['an end that no id can be', { upTo: '小明' }, /range: userId holds other characters/],
    ['a beginning longer than an id', { after: 'x'.repeat(65) }, /range: userId is longer/],
    ['no time', { EventTime: undefined }, /does not say of when/],
    ['a time that is none', { EventTime: 'soon' }, /does not say of when/],
    ['two corporations', { CorpId: ['ding1', 'ding2'] }, /several/],
  ])('%s', async (_, fields, reason) => {
    await deliver(snapshot(1, 'u'))
    expect(await deliver(roster(10, [], fields))).toMatchObject({ stored: 0, deadLettered: 1 })
    expect(await gone()).toEqual([])
    expect(await letters()).toEqual([expect.stringMatching(reason)])
  })

  test.each<[string, object, object]>([
    ['a failure', { errcode: 88 }, {}],
    ['another action', { syncAction: 'dept_roster' }, {}],
    ['another type', {}, { type: 'dingtalk:Directory:Snapshot' }],
    ['no type', {}, { type: undefined }],
    ['the webhook’s type', {}, { type: 'eventbridge:Events:HTTPEvent' }],
    ['a type that is a list', {}, { type: ['dingtalk:Directory:Roster'] }],
  ])('%s is no roster of the table', async (_, fields, attributes) => {
    await deliver(snapshot(1, 'u'))
    expect(await deliver(roster(10, [], fields, attributes))).toMatchObject({ ignored: 1, deadLettered: 0 })
    expect(await gone()).toEqual([])
  })
})

describe('the brake', () => {
  const crowd = (count: number) => Array.from({ length: count }, (_, n) => `u${String(n).padStart(4, '0')}`)
  const limited = (text: string) => employeesOn(database, shippedMapping, log, Date.now, leaverLimit.parse(text))

  test.each<[string, number, number, number]>([
    ['5,2%', 10, 5, 5],
    ['5,2%', 10, 6, 0],
    ['5,2%', 300, 6, 6],
    ['5,2%', 300, 7, 0],
    ['2%', 100, 2, 2],
    ['2%', 10, 1, 0],
    ['0', 10, 1, 0],
    ['100%', 10, 10, 10],
    ['5', 5, 5, 5],
  ])('%s: of %d people %d are missing, %d are marked', async (limit, present, missing, marked) => {
    await limited(limit)(crowd(present).map((userId) => snapshot(1, userId)))
    await limited(limit)(roster(10, crowd(present).slice(missing)))
    expect(await gone()).toHaveLength(marked)
    expect(await letters()).toHaveLength(missing === marked ? 0 : 1)
  })

  test('names the numbers, and nobody; those who have left count for nothing', async () => {
    await deliver([...crowd(8).map((userId) => snapshot(1, userId)), ...['x', 'y'].map((userId) => leave(2, userId))])
    log.lines.length = 0
    const stopped = roster(10, ['u0000'])
    expect(await deliver([stopped, snapshot(11, 'new')])).toMatchObject({ stored: 1, deadLettered: 1 })
    expect(await gone()).toEqual(['x', 'y'])
    expect(await letters()).toEqual([
      'the roster would mark 7 of 9 as left, and no more than 5 may be (MAX_LEAVERS). npm run replay -- --dead-letters --plan names them; if they have left: --allow-leavers 7 in place of --plan',
    ])
    expect(log.lines.filter(({ outcome }) => outcome === 'brake')).toEqual([
      expect.objectContaining({ level: 'error', eventId: stopped['id'], leavers: 7, range: 9, most: 5 }),
    ])
    expect(log.text()).not.toMatch(/u0001/)
  })

  test('an operator lets it through, up to a number', async () => {
    await deliver(crowd(8).map((userId) => snapshot(1, userId)))
    const event = roster(10, [])
    await deliver({ ...event, allowleavers: '7' })
    expect(await gone()).toEqual([])
    expect(await letters()).toEqual([
      expect.stringMatching(/^the roster would mark 8 of 8 as left, and no more than 7 may be \(--allow-leavers\)\. /),
    ])
    await deliver({ ...event, allowleavers: '8' })
    expect(await gone()).toHaveLength(8)
  })

  test.each(['allowleavers', 'allowLeavers', 'limit', 'MAX_LEAVERS'])('its own body does not, by %s', async (name) => {
    await deliver(crowd(8).map((userId) => snapshot(1, userId)))
    await deliver(roster(10, [], { [name]: 100, data: { [name]: '100' } }))
    expect(await gone()).toEqual([])
  })
})

test('whom a rule of the table protects makes the roster a dead letter', async () => {
  await observer.query("ALTER TABLE user_info ADD CONSTRAINT stays CHECK (userId <> 'b' OR leftAt IS NULL)")
  await deliver([snapshot(1, 'a'), snapshot(1, 'b')])
  expect(await deliver(roster(10, []))).toMatchObject({ deadLettered: 1 })
  expect(await letters()).toEqual([expect.stringMatching(/^the table refuses the roster \(ER_\w+\)$/)])
})

describe('keys of other types', () => {
  test.each<[string, string[], object, string[]]>([
    ['BIGINT NOT NULL', ['9', '10', '100', '2'], { after: '1', upTo: '2' }, ['10', '100', '2']],
    [
      'VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL',
      ['b', 'Z', 'a'],
      { after: '', upTo: 'Z' },
      ['Z'],
    ],
    ['VARCHAR(64) NOT NULL', ['b', 'Z', '张'], { after: 'b', upTo: null }, ['张']],
    ['VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL', ['b', 'Z', 'a'], { after: 'Z', upTo: 'a' }, ['a']],
  ])('%s is in the order of its text’s bytes', async (type, all, range, expected) => {
    const [corpId, userId] = shippedMapping.key
    if (!corpId || !userId) throw new Error('two key columns')
    const { maxLength, isAscii, ...rest } = userId
    const mapping: Mapping = { ...shippedMapping, key: [corpId, { ...rest, type }] }
    await observer.query('DROP TABLE user_info')
    for (const statement of createTableStatements(mapping)) await observer.query(statement)
    const employees = employeesOn(database, mapping)
    for (const id of all) await employees(snapshot(1, id))
    await employees(roster(10, [], range))
    expect((await gone()).map(String).sort()).toEqual(expected.toSorted())
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
