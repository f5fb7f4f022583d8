import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { readMappings } from '../../../shared/mapping/readMappings'
import { createTableStatements } from '../../../shared/mapping/tables'
import { events } from '../../fixtures/dingtalkEvents.json'
import { readDocument } from '../../support/documents'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { ARRIVAL, appended, examplesThatEnd, published, readExample } from '../../support/examples'
import { keptLog } from '../../support/logs'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

const mappings = readMappings(appended(), 'mapping.yaml')
const tables = mappings.slice(2)

const [CORP, BOOKED] = ['dinga1b2c3d4e5f60718', 'bkinvented0000000000000001']

let schema: DatabaseAddress
let observer: Connection
let functionDatabase: OpenedDatabase

beforeEach(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  observer = await mysql.createConnection({ host, port, user, password, database, dateStrings: true })
  functionDatabase = openInstanceDatabase(schema)
  for (const statement of createTableStatements(...mappings)) await observer.query(statement)
})

afterEach(async () => {
  await functionDatabase.close()
  await observer.end()
  await dropTestSchema(schema)
})

/** What DingTalk posts, one a second, as it is delivered. */
async function deliveries(posted: readonly object[]): Promise<unknown[]> {
  const each = await Promise.all(posted.map((one, at) => published(one, {}, ARRIVAL + at * 1_000)))
  return each.flat().map(({ event }) => event)
}

async function deliver(events: readonly unknown[]) {
  const employees = employeesOn(functionDatabase, mappings, keptLog(), () => ARRIVAL + 3_600_000)
  for (const event of events) expect(await employees(event)).toMatchObject({ deadLettered: 0 })
}

/** Every column of every table of the examples but the times of ours; of JSON the number of items. */
async function contents(): Promise<Record<string, RowDataPacket[]>> {
  const found: Record<string, RowDataPacket[]> = {}
  for (const { table, key, columns } of tables) {
    const names = columns.map(({ name, as }) => (as === 'json' ? `JSON_LENGTH(${name}) AS ${name}` : name))
    const keys = key.map(({ name }) => name)
    const [rows] = await observer.query<RowDataPacket[]>(
      `SELECT ${[...keys, ...names].join(', ')} FROM ${table} ORDER BY ${keys.join(', ')}`,
    )
    found[table] = rows
  }
  return found
}

/** A row a line, of these columns. */
async function select(columns: string, table: string): Promise<string[]> {
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM ${table} ORDER BY 1`)
  return rows.map((row) => Object.values(row).join(' '))
}

test('what DingTalk posts of all of them becomes the rows, in every order, and also when it comes twice', async () => {
  const all = await deliveries(events.map(({ event }) => event))
  await deliver(all)
  expect(await select('processInstanceId, status, startedAt, finishedAt', 'approvals')).toEqual([
    '9QgxInventedInst00000000000002 refuse 2026-09-21 14:15:00.000 2026-09-21 14:16:30.400',
    '9QgxInventedInst00000000000003 deleted 2026-09-21 14:15:00.000 2026-09-21 14:16:10.000',
    '9QgxInventedInst00000000000004 agree 2026-09-21 14:15:00.000 2026-09-21 14:16:34.000',
    'kNpmInventedInst00000000000001 agree 2026-09-21 14:15:00.000 2026-09-21 15:45:00.900',
  ])
  expect(await select('taskId, status, userId, startedAt, finishedAt', 'approval_tasks')).toEqual([
    '77000611 agree manager8801 2026-09-21 14:15:00.700 2026-09-21 15:45:00.000',
    '61900000919 redirect manager8801 2026-09-21 14:15:00.700 2026-09-21 15:15:00.000',
    '61900000977 agree 0260470000730001 2026-09-21 15:15:00.300 2026-09-21 15:45:00.000',
    '61900000978 cancelled 0871230000000004 2026-09-21 15:15:00.300 2026-09-21 15:45:00.950',
  ])
  expect(await select('roomId, roomName, capacity, JSON_LENGTH(labels), removedAt', 'meeting_rooms')).toEqual([
    '231 报告厅A 100 2 ',
    '278    2026-10-01 00:00:37.000',
  ])
  expect(await select('bookId, status, roomId, startsAt, endsAt, changedAt', 'room_bookings')).toEqual([
    'bkinvented0000000000000001 cancelled 231 2026-09-22 07:00:00.000 2026-09-22 09:30:00.000 2026-10-01 00:00:32.000',
    'bkinvented0000000000000002 refused    ',
  ])
  expect(await select('conferenceId, closed, durationMs, attended, calendarEventId', 'meetings')).toEqual([
    '6321invented00000000b6ed40 1 3600000 6 VjhtInventedEvt09',
  ])
  expect(await select('bizId, userId, checkedAt, method, result', 'attendance_records')).toEqual([
    'FF620000000000000000000000000001 014725836901234567 2026-09-21 13:13:20.000 MAP Normal',
  ])
  expect(await select('happenedAt, userId, changeType', 'hr_changes')).toEqual([
    '2026-09-21 14:13:20.501 014725836901234567 onboarded',
    '2026-09-21 14:13:20.502 014725836901234567 regularised',
    '2026-09-21 14:13:20.503 014725836901234567 transferred',
    '2026-09-21 14:13:20.504 0260470000730001 dismissed',
  ])
  expect(await select('userId, roleId, grantedAt, revokedAt', 'user_roles')).toEqual([
    '014725836901234567 2390000715 2026-09-21 14:13:28.000 2026-09-21 14:13:28.100',
  ])
  expect(await select('roleId, name, parentId, removedAt', 'roles')).toEqual([
    '2390000715 值班经理 1680000118 2026-09-21 14:13:28.300',
  ])

  const rows = await contents()
  const shuffled = all.map((event, at) => ({ event, place: (at * 61) % all.length })).sort((a, b) => a.place - b.place)
  for (const order of [all.toReversed(), shuffled.map(({ event }) => event)]) {
    // the rows that are there take nothing back, and from nothing the same come to be
    await deliver(order)
    expect(await contents()).toEqual(rows)
    for (const { table } of tables) await observer.query(`DELETE FROM ${table}`)
    await deliver(order)
    expect(await contents()).toEqual(rows)
  }
})

/** What came last of these, when time has no say: a push that is sent again has the time of then. */
const STATUSES = `
  SELECT processInstanceId AS id, status FROM approvals UNION ALL SELECT CAST(taskId AS CHAR), status FROM approval_tasks
  UNION ALL SELECT bookId, status FROM room_bookings UNION ALL SELECT conferenceId, closed FROM meetings
  UNION ALL SELECT roomId, removedAt IS NOT NULL FROM meeting_rooms ORDER BY 1`

test('what is sent again after what follows it takes nothing back', async () => {
  const posted = events
    .map(({ event }) => event)
    .filter((event) => /bpms|meetingroom|meeting_status|workflow/.test(JSON.stringify(event)))
  const success = { EventType: 'meetingroom_book', eventSubType: 'bookSuccess', corpId: CORP, bookId: BOOKED }
  const wanted = async () => (await observer.query(STATUSES))[0]
  await deliver(await deliveries([...posted, success]))
  const statuses = await wanted()
  // although that it was booked came last
  expect(statuses).toContainEqual({ id: BOOKED, status: 'cancelled' })
  // all once more, backwards, each at the time of now
  const again = [success, ...posted].toReversed().map((event, at) => ({ ...event, EventTime: ARRIVAL + at * 1_000 }))
  await deliver(await deliveries(again))
  expect(await wanted()).toEqual(statuses)
})

test('the event files fill every table, and the document’s query asks for what is there', async () => {
  await deliver(await deliveries(examplesThatEnd('.event.json').map((file) => JSON.parse(readExample(file)) as object)))
  const filled = Object.entries(await contents()).map(([table, rows]) => [table, rows.length])
  expect(filled).toEqual(tables.map(({ table }) => [table, 1]))
  const [query = ''] = readDocument('docs/approvals-and-meetings.md')
    .blocks.filter(({ language }) => language === 'sql')
    .map(({ text }) => text)
  const [answer] = await observer.query<RowDataPacket[]>(query)
  expect(answer.map(({ processCode, decided, minutes }) => [processCode, decided, Number(minutes)])).toEqual([
    ['PROC-1F2E3D4C-5B6A-4789-90AB-CDEF01234567', 1, 2],
  ])
})
