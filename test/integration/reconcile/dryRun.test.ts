import mysql, { type Connection } from 'mysql2/promise'
import { createRehearsal, type Prediction } from '../../../cli/reconcile/dryRun'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent, rosterEvent, snapshotEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

let schema: DatabaseAddress
let connection: Connection
let database: OpenedDatabase
let deliver: (events: unknown) => Promise<unknown>

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database: name } = schema
  connection = await mysql.createConnection({ host, port, user, password, database: name, dateStrings: true })
  database = openInstanceDatabase(schema)
  deliver = employeesOn(database)
})

beforeEach(async () => {
  await connection.query('DROP TABLE IF EXISTS user_info, dead_letters')
  for (const statement of createTableStatements(shippedMapping)) await connection.query(statement)
})

afterAll(async () => {
  await database.close()
  await connection.end()
  await dropTestSchema(schema)
})

const START = 1_700_000_000_000
const TIME = new Date(START).toISOString()
let ids = 0
const body = (ms: number, fields: object) => ({ CorpId: 'ding1', EventTime: START + ms, ...fields })
const WHOLE = {
  active: true,
  admin: false,
  boss: true,
  hired_date: 1_577_808_000_000,
  dept_id_list: [1, 610000447],
  leader_in_dept: [
    { dept_id: 610000447, leader: false },
    { dept_id: 1, leader: true },
  ],
  title: '工程师',
}
const snapshot = (ms: number, userId: string, fields: object = {}) =>
  snapshotEvent(body(ms, { userId, name: userId, ...WHOLE, ...fields }), { id: `s${++ids}`, time: TIME })
const roster = (ms: number, ...list: string[]) => rosterEvent(body(ms, { ids: list }), { id: `r${++ids}`, time: TIME })
const leave = (ms: number, userId: string) =>
  deliveredEvent(body(ms, { syncAction: 'user_leave_org', userId }), { id: `l${++ids}`, time: TIME })
const modify = (ms: number, userId: string, fields: object) =>
  deliveredEvent(body(ms, { syncAction: 'user_modify_org', userId, ...fields }), { id: `m${++ids}`, time: TIME })

async function predict(events: readonly object[], limit = { count: 5, percent: 2 }) {
  const { publisher, predict: ask } = createRehearsal([shippedMapping], { DINGTALK_CORP_ID: 'ding1' }, Date.now)
  const texts = events.map((event) => JSON.stringify(event))
  await publisher.add(texts.map((json, at) => ({ id: String(at), json })))
  const [prediction] = await ask(connection, limit)
  if (prediction === undefined) throw new Error('nothing is predicted')
  return prediction
}

const NONE: Prediction = { table: 'user_info', added: [], addedAsLeft: [], changed: [], leave: [], braked: [] }

test.each<[string, object[], object[], Partial<Prediction>]>([
  ['somebody new', [], [snapshot(10, 'a'), roster(9, 'a')], { added: ['a'] }],
  ['the same once more', [snapshot(1, 'a')], [snapshot(10, 'a'), roster(9, 'a')], {}],
  [
    'fields in another order',
    [snapshot(1, 'a')],
    [snapshot(10, 'a', { leader_in_dept: WHOLE.leader_in_dept.toReversed() })],
    {},
  ],
  ['another title', [snapshot(1, 'a')], [snapshot(10, 'a', { title: '主管' })], { changed: ['a'] }],
  ['another department', [snapshot(1, 'a')], [snapshot(10, 'a', { dept_id_list: [1] })], { changed: ['a'] }],
  ['a value that is cleared', [snapshot(1, 'a')], [snapshot(10, 'a', { title: '' })], { changed: ['a'] }],
  ['what has been said since', [snapshot(1, 'a'), modify(20, 'a', { position: '总监' })], [snapshot(10, 'a')], {}],
  ['somebody who is back', [snapshot(1, 'a'), leave(2, 'a')], [snapshot(10, 'a')], { changed: ['a'] }],
  ['whom a roster does not name', [snapshot(1, 'a'), snapshot(1, 'b')], [roster(9, 'a')], { leave: ['b'] }],
  ['a leaver on record', [snapshot(1, 'a')], [leave(5, 'a')], { leave: ['a'] }],
  ['both witnesses of one leave', [snapshot(1, 'a')], [leave(5, 'a'), roster(9, 'z')], { leave: ['a'] }],
  ['a leaver who is known as one', [snapshot(1, 'a'), leave(5, 'a')], [leave(5, 'a'), roster(9, 'z')], {}],
  ['a leaver on record who is back', [snapshot(1, 'a')], [leave(5, 'a'), snapshot(10, 'a'), roster(9, 'a')], {}],
  ['a leaver whom the table has never had', [], [leave(5, 'a')], { addedAsLeft: ['a'] }],
  ['an event of no employee', [], [deliveredEvent({ syncAction: 'org_dept_remove', deptId: 1 }, { id: 'd' })], {}],
])('%s', async (_, before, walked, expected) => {
  if (before.length > 0) await deliver(before)
  expect(await predict(walked)).toEqual({ ...NONE, ...expected })
  // and that is what happens then
  const leftBefore = await left()
  await deliver(walked)
  const { leave: leavers, addedAsLeft } = { ...NONE, ...expected }
  expect((await left()).filter((id) => !leftBefore.includes(id))).toEqual([...leavers, ...addedAsLeft])
})

async function left(): Promise<string[]> {
  const [rows] = await connection.query('SELECT userId FROM user_info WHERE leftAt IS NOT NULL ORDER BY userId')
  return (rows as { userId: string }[]).map(({ userId }) => userId)
}

test('nothing is written', async () => {
  await deliver([snapshot(1, 'a'), snapshot(1, 'b')])
  const rows = async () => (await connection.query('SELECT * FROM user_info ORDER BY userId'))[0]
  const before = await rows()
  await predict([snapshot(10, 'a', { title: '主管' }), snapshot(10, 'c'), roster(9, 'a', 'c')])
  expect(await rows()).toEqual(before)
})

test('more than one page of rows', async () => {
  const everybody = Array.from({ length: 1_203 }, (_, at) => `p${String(at).padStart(4, '0')}`)
  await deliver(everybody.slice(0, 800).map((id) => snapshot(1, id)))
  const walked = everybody.slice(1).map((id) => snapshot(10, id))
  const { added, changed, leave: leavers } = await predict([...walked, roster(9, ...everybody.slice(1))])
  expect([added, changed, leavers]).toEqual([everybody.slice(800), [], ['p0000']])
})

test('the brake says so, and an operator lets it through', async () => {
  const people = ['a', 'b', 'c', 'd']
  await deliver(people.map((id) => snapshot(1, id)))
  const limit = { count: 2, percent: 0 }
  const ids = ['b', 'c', 'd']
  const braked = [{ leavers: 3, range: 4, most: 2, by: 'MAX_LEAVERS', ids }]
  expect(await predict([roster(9, 'a')], limit)).toEqual({ ...NONE, braked })
  expect(await predict([{ ...roster(9, 'a'), allowleavers: '2' }], limit)).toEqual({ ...NONE, braked })
  const few = [{ leavers: 3, range: 4, most: 2, by: '--allow-leavers', ids }]
  expect(await predict([{ ...roster(9, 'a'), allowleavers: '2' }], { count: 1, percent: 0 })).toEqual({
    ...NONE,
    braked: few,
  })
  const allowed = await predict([{ ...roster(9, 'a'), allowleavers: '3' }], limit)
  expect(allowed).toEqual({ ...NONE, leave: ['b', 'c', 'd'] })
})

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(3, '0')}`)
const ranged = (after: string, upTo: string | null, ...list: string[]) =>
  rosterEvent(body(9, { ids: list, after, upTo }), { id: `r${++ids}`, time: TIME })

/** The brake measures by those who are there when the roster comes: after the walk's other events. */
test.each<[string, object[], object[], number]>([
  ['who joins', named('a', 10).map((id) => snapshot(1, id)), named('b', 90).map((id) => snapshot(10, id)), 100],
  [
    'who is back',
    [
      ...named('a', 10).map((id) => snapshot(1, id)),
      ...named('b', 40).flatMap((id) => [snapshot(1, id), leave(2, id)]),
    ],
    named('b', 40).map((id) => snapshot(10, id)),
    50,
  ],
  [
    'who has left by then',
    named('a', 20).map((id) => snapshot(1, id)),
    named('a', 20)
      .slice(10)
      .map((id) => leave(5, id)),
    10,
  ],
  ['nobody new', named('a', 10).map((id) => snapshot(1, id)), [], 10],
  [
    'who joins another range',
    named('a', 10).map((id) => snapshot(1, id)),
    named('x', 90).map((id) => snapshot(10, id)),
    10,
  ],
])('the range counts %s', async (_, before, walked, range) => {
  const limit = { count: 0, percent: 4 }
  await deliver(before)
  const events = [...walked, ranged('', 'b999', ...named('a', 10).slice(5), ...named('b', 90))]
  const found = await predict(events, limit)
  const most = Math.floor((range * 4) / 100)
  const ids = named('a', 5)
  if (most < 5) expect(found.braked).toEqual([{ leavers: 5, range, most, by: 'MAX_LEAVERS', ids }])
  else expect([found.leave, found.braked]).toEqual([ids, []])

  // as it is then
  const letters = async () => (await connection.query('SELECT reason FROM dead_letters'))[0] as { reason: string }[]
  await employeesOn(database, shippedMapping, undefined, Date.now, limit)(events)
  expect((await letters()).map(({ reason }) => reason)).toEqual(
    most < 5 ? [expect.stringContaining(`5 of ${range} as left, and no more than ${most} may be (MAX_LEAVERS)`)] : [],
  )
})
