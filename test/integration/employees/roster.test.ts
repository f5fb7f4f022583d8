import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
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
