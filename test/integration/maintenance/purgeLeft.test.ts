import type { OpenedDatabase } from '../../../functions/employees/database'
import { countPurge, purgesOf } from '../../../functions/employees/maintenance/purge/purgeLeft'
import { runPurge } from '../../../functions/employees/maintenance/purge/runPurge'
import type { Mapping } from '../../../shared/mapping/mapping'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground, withColumn, withoutColumn } from '../migrate/playground'

const unmarked: Mapping = {
  ...shippedMapping,
  columns: shippedMapping.columns.map((column) => ({ ...column, personal: false })),
}
const mapping = [
  { name: 'mobile', type: 'VARCHAR(32) NULL', slot: 20, personal: true },
  { name: 'email', type: 'VARCHAR(254) NULL', slot: 30, personal: true },
  { name: 'nickname', type: 'VARCHAR(32) NULL', slot: 31 },
].reduce<Mapping>(withColumn, unmarked)

const day = (number: number) => Date.parse('2026-01-01T00:00:00Z') + number * 86_400_000
let db: Playground
let database: OpenedDatabase

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(mapping)
  database = openInstanceDatabase(db.schema)
})

afterEach(async () => {
  await database.close()
  await db.close()
})

let ids = 0
async function deliver(ms: number, body: object, to = mapping): Promise<void> {
  await employeesOn(database, to)(deliveredEvent(body, { id: `event-${++ids}`, time: new Date(ms).toISOString() }))
}
const joins = (ms: number, userId: string, more: object = {}, to = mapping) =>
  deliver(ms, { syncAction: 'user_add_org', userId, name: `name ${userId}`, mobile: `mobile ${userId}`, ...more }, to)
const leaves = (ms: number, userId: string) => deliver(ms, { syncAction: 'user_leave_org', userId })
const rows = () => db.query('SELECT userId, name, mobile, email, nickname FROM user_info ORDER BY userId')

/** How many rows each part of a purge, 90 days after, was told to hold. */
async function purge(ms: number): Promise<number[]> {
  const counts: number[] = []
  for (const part of purgesOf([mapping], 90, ms)) {
    counts.push(await countPurge(db.connection, part))
    await runPurge(db.connection, part)
  }
  return counts
}

test('personal columns of those who left so long ago are erased, and nothing else', async () => {
  await joins(day(0), 'left', { email: 'a@example.com', nickname: 'n' })
  await joins(day(0), 'stays', { email: 'b@example.com' })
  await joins(day(0), 'left lately')
  await leaves(day(1), 'left')
  await leaves(day(1) + 1, 'left lately')
  expect(await purge(day(91) + 1)).toEqual([1, 0])
  expect(await rows()).toEqual([
    { userId: 'left', name: 'name left', mobile: null, email: null, nickname: 'n' },
    { userId: 'left lately', name: 'name left lately', mobile: 'mobile left lately', email: null, nickname: null },
    { userId: 'stays', name: 'name stays', mobile: 'mobile stays', email: 'b@example.com', nickname: null },
  ])
  expect(await purge(day(91) + 1)).toEqual([0, 0])
})

test('of the shipped mapping: the name, and the ids but for the key', async () => {
  await joins(day(0), 'left', { dingId: 'd', unionId: 'u', title: 't' }, shippedMapping)
  await leaves(day(1), 'left')
  for (const part of purgesOf([shippedMapping], 90, day(92))) await runPurge(db.connection, part)
  expect(await db.query('SELECT userId, name, dingId, unionId, title FROM user_info')).toEqual([
    { userId: 'left', name: null, dingId: null, unionId: null, title: 't' },
  ])
})

test('an older event that comes late does not fill them again, and fills the others', async () => {
  await joins(day(0), 'u')
  await leaves(day(2), 'u')
  await purge(day(100))
  await joins(day(1), 'u', { email: 'u@example.com', nickname: 'late' })
  await joins(day(100) - 1, 'u', { email: 'u@example.com' })
  expect(await rows()).toMatchObject([{ mobile: null, email: null, nickname: 'late' }])
})

test('nor does one of the millisecond of the purge, whatever its id, its sequence and its rank', async () => {
  await joins(day(0), 'u')
  await leaves(day(2), 'u')
  await purge(day(100))
  for (let at = 0; at < 8; at++) await joins(day(100), 'u', { email: 'u@example.com' })
  for (const row_id of [1, '18446744073709551615']) await joins(day(100), 'u', { row_id, email: 'u@example.com' })
  expect(await rows()).toMatchObject([{ mobile: null, email: null }])
})

test('nor where there was nothing to erase', async () => {
  await leaves(day(2), 'u')
  expect(await purge(day(100))).toEqual([0, 0])
  await joins(day(1), 'u', { email: 'u@example.com' })
  expect(await rows()).toMatchObject([{ mobile: null, email: null, name: 'name u' }])
})

test('who comes back afterwards has them again', async () => {
  await leaves(day(2), 'u')
  await purge(day(100))
  await joins(day(101), 'u', { email: 'u@example.com' })
  expect(await purge(day(300))).toEqual([0, 0])
  expect(await rows()).toMatchObject([{ mobile: 'mobile u', email: 'u@example.com' }])
})

test('what an event of after the purge said of somebody who had left is erased by the next one', async () => {
  await leaves(day(2), 'u')
  await purge(day(100))
  await deliver(day(101), { syncAction: 'user_modify_org', userId: 'u', mobile: 'm' })
  expect(await purge(day(102))).toEqual([1, 0])
  expect(await rows()).toMatchObject([{ mobile: null }])
  await deliver(day(101), { syncAction: 'user_modify_org', userId: 'u', mobile: 'm' })
  expect(await rows()).toMatchObject([{ mobile: null }])
})

test('a row of before the columns existed, and one of code that knows more of them, keep their versions', async () => {
  await joins(day(0), 'u')
  await joins(day(0), 'v')
  await leaves(day(2), 'u')
  await leaves(day(2), 'v')
  const hex = () => db.query('SELECT HEX(columnVersions) AS versions FROM user_info ORDER BY userId')
  await db.connection.query(
    "UPDATE user_info SET columnVersions = SUBSTR(columnVersions, 1, 24 * 19) WHERE userId = 'u'",
  )
  await db.connection.query(
    "UPDATE user_info SET columnVersions = CONCAT(columnVersions, 'and more') WHERE userId = 'v'",
  )
  const before = (await hex()).map(({ versions }) => String(versions))
  await purge(day(100))
  const after = (await hex()).map(({ versions }) => String(versions))
  expect(after.map((versions) => versions.slice(0, 20 * 48))).toEqual([
    `${before[0]}${'0'.repeat(48)}`,
    String(before[1]).slice(0, 20 * 48),
  ])
  expect(after[1]?.slice(32 * 48)).toBe(Buffer.from('and more').toString('hex').toUpperCase())
  await joins(day(1), 'u', { email: 'u@example.com' })
  expect((await rows())[0]).toMatchObject({ mobile: null, email: null, name: 'name u' })
})

test.each(['+00:00', '+08:00', '-05:00'])('old dead letters are erased, in a session at %s', async (zone) => {
  await db.connection.query(`SET time_zone = '${zone}'`)
  const inUtc = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
  for (const [id, ms] of [
    ['old', day(0) - 1],
    ['young', day(0) + 1],
  ] as const) {
    await db.connection.execute(
      "INSERT INTO dead_letters (digest, source, eventId, reason, event, createdAt) VALUES (?, 's', ?, 'r', '{}', ?)",
      [id, id, inUtc(ms)],
    )
  }
  expect(await purge(day(90))).toEqual([0, 1])
  expect(await db.query('SELECT eventId FROM dead_letters')).toEqual([{ eventId: 'young' }])
})

test('without personal columns only dead letters are erased; without a time in leftAt it is refused', () => {
  const whats = purgesOf([unmarked], 90, day(0)).map(({ what }) => what)
  expect(whats).toEqual(['Dead letters from before 2025-10-03 00:00:00.000 UTC'])
  const asText = { name: 'leftAt', type: 'VARCHAR(32) NULL' }
  for (const unknown of [withoutColumn(mapping, 'leftAt'), withColumn(mapping, asText)]) {
    expect(() => purgesOf([unknown], 90, day(0))).toThrow(
      'user_info has personal columns, and neither an event with ends nor a column leftAt',
    )
  }
})
