import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { mysqlVariables } from '../../../local/database/database'
import { upgradeTables } from '../../../local/database/upgradeTables'
import type { Mapping } from '../../../shared/mapping/mapping'
import { timeOfVersion, VERSION_BYTES } from '../../../shared/mapping/version'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping, shippedMappings } from '../../support/mapping'
import { otherThreads } from '../../support/serverThreads'
import { runCli } from '../../support/stackProcess'
import { waitFor } from '../../support/waitFor'
import { buryAsFirst, firstVersion, makeFirstTables, storeAsFirst } from './firstFormat'
import { connectTo, openPlayground, type Playground, undoOf, withColumn } from './playground'

const TIME = Date.parse('2026-01-01T00:00:00Z')
const SLOTS = shippedMapping.columns.length
const NAME = shippedMapping.columns.findIndex(({ name }) => name === 'name')
/** All slots of one version. */
const all = (version: Buffer, slots = SLOTS) => Buffer.concat(Array.from({ length: slots }, () => version))
const first = all(firstVersion(TIME, false, 'first'))

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
  await makeFirstTables(db)
  await storeAsFirst(db, 'u', '小明', first)
  await storeAsFirst(db, 'wins', '小红', all(firstVersion(TIME + 1, true, 'wins')))
  await storeAsFirst(db, 'short', '小兰', firstVersion(TIME, false, 'short'))
  await storeAsFirst(db, 'longer', '小绿', all(firstVersion(TIME, false, 'longer'), SLOTS + 3))
  await storeAsFirst(db, 'nothing', '小白', Buffer.alloc(0))
  for (const id of ['a', 'b']) await buryAsFirst(db, 's', id)
})

afterEach(() => db.close())

const rows = () => db.query('SELECT userId, name, columnVersions FROM user_info ORDER BY userId')
const letters = () =>
  db.query('SELECT id, HEX(digest) AS digest, eventId, reason, createdAt FROM dead_letters ORDER BY id')
const lookalike = async (mappings: readonly Mapping[] = [shippedMapping]) => {
  const other = await openPlayground()
  await other.migrate(mappings)
  const tables = await other.tables()
  await other.close()
  return tables
}

test('the tables become those of now, rows and letters stay as they are, and the undo brings them back', async () => {
  const before = [
    await db.tables(),
    await db.query('SELECT * FROM user_info'),
    await db.query('SELECT * FROM dead_letters'),
  ]
  const plan = await db.migrate(shippedMapping)
  expect(await db.tables()).toEqual(await lookalike())
  expect((await db.plan(shippedMapping)).steps).toEqual([])

  expect((await rows()).map(({ userId, name, columnVersions }) => [userId, name, columnVersions.length])).toEqual([
    ['longer', '小绿', (SLOTS + 3) * VERSION_BYTES],
    ['nothing', '小白', 0],
    ['short', '小兰', VERSION_BYTES],
    ['u', '小明', SLOTS * VERSION_BYTES],
    ['wins', '小红', SLOTS * VERSION_BYTES],
  ])
  const hash = Buffer.from(first.subarray(0, 8)).readUInt32BE(4) & 0xfffff
  const bits = (rank: string, of: number) =>
    `${'0'.repeat(16)}${rank}${of.toString(16).padStart(5, '0')}${'0'.repeat(13)}`
  const versions = Object.fromEntries((await rows()).map(({ userId, columnVersions }) => [userId, columnVersions]))
  expect(versions['u'].subarray(0, VERSION_BYTES).toString('hex').slice(12)).toBe(bits('00', hash))
  expect(versions['wins'].toString('hex').slice(28, 30)).toBe('01')
  expect(timeOfVersion(versions['u'].subarray(NAME * VERSION_BYTES))).toBe(TIME)
  expect(new Set((await letters()).map(({ digest }) => digest)).size).toBe(2)

  for (const undo of undoOf(plan)) await db.connection.query(undo)
  expect([
    await db.tables(),
    await db.query('SELECT * FROM user_info'),
    await db.query('SELECT * FROM dead_letters'),
  ]).toEqual(before)
})

/** An event of the function of now on a table that was changed: its time, its action, the name that the row then has. */
test.each<[string, number, string, string]>([
  ['older', TIME - 1, 'user_add_org', '小明'],
  ['newer', TIME + 1, 'user_add_org', 'new'],
  ['as old, and greater in rank', TIME, 'user_leave_org', '小明'],
])('an event that is %s', async (_, ms, syncAction, name) => {
  await db.migrate(shippedMapping)
  const database = openInstanceDatabase(db.schema)
  await employeesOn(database)(
    deliveredEvent({ syncAction, userId: 'u', name: 'new' }, { id: 'x', time: new Date(ms).toISOString() }),
  )
  await database.close()
  expect(await db.query("SELECT name FROM user_info WHERE userId = 'u'")).toMatchObject([
    { name: syncAction === 'user_leave_org' ? expect.any(String) : name },
  ])
})

test.each([0, 1, 2, 3, 4, 5])('after %i statements nothing is lost, and the next run goes on', async (done) => {
  const { steps } = await db.plan(shippedMapping)
  expect(steps).toHaveLength(5)
  for (const { sql } of steps.slice(0, done)) await db.connection.query(sql)
  // the function of then, as long as it can
  if (done < 2) await storeAsFirst(db, 'late', '小晚', first)
  if (done < 5) await buryAsFirst(db, 's', 'late').catch((error) => expect(error.code).toMatch(/NO_DEFAULT/))
  await db.migrate(shippedMapping)
  expect(await db.tables()).toEqual(await lookalike())
  const late = (await rows()).find(({ userId }) => userId === 'late')
  expect(late?.['columnVersions'].length).toBe(done < 2 ? SLOTS * VERSION_BYTES : undefined)
  expect((await letters()).map(({ eventId }) => eventId).slice(0, 2)).toEqual(['a', 'b'])
})

test('npm start does it unasked, and says so; columns of the same start are added', async () => {
  const lines: string[] = []
  const mapping = withColumn(shippedMapping, { name: 'nickname', slot: 30, type: 'VARCHAR(9) NULL' })
  await upgradeTables(db.schema, [mapping], (line) => lines.push(line))
  expect(lines).toEqual([
    'user_info: changed from the format of 0.1.0',
    'user_info: added nickname',
    'dead_letters: changed from the format of 0.1.0',
  ])
  expect((await db.plan(mapping)).steps).toEqual([])
  expect((await rows()).map(({ name }) => name)).toEqual(['小绿', '小白', '小兰', '小明', '小红'])
})

test('another name, and another key: the versions come along', async () => {
  const renamed = { ...shippedMapping, table: 'staff' }
  expect((await db.plan(renamed)).notes).toEqual([
    'user_info has the same key. Is staff its new name? Then say --rename-from user_info=staff.',
    'user_info is not in mapping.yaml: it stays as it is.',
  ])
  await db.migrate(renamed, { renameFrom: 'user_info' })
  expect((await db.plan(renamed)).steps).toEqual([])
  const byUser = { ...renamed, key: renamed.key.filter(({ name }) => name === 'userId') }
  await db.migrate(byUser, { leaveBehind: true })
  const [row] = await db.query("SELECT columnVersions FROM staff WHERE userId = 'u'")
  expect(timeOfVersion(row?.['columnVersions'])).toBe(TIME)
})

test('another key at once', async () => {
  const byUser = { ...shippedMapping, key: shippedMapping.key.filter(({ name }) => name === 'userId') }
  await db.migrate(byUser, { leaveBehind: true })
  expect((await rows()).map(({ columnVersions }) => timeOfVersion(columnVersions))).toEqual([
    TIME,
    undefined,
    TIME,
    TIME,
    TIME + 1,
  ])
  expect((await db.plan(byUser)).steps).toEqual([])
})

test.each([
  ['ALTER TABLE `user_info` ADD COLUMN', 'user_info'],
  ['ALTER TABLE `user_info` MODIFY COLUMN', 'user_info'],
  ['ALTER TABLE `dead_letters` ADD COLUMN', 'dead_letters'],
])('a command that is killed in %s: the next one goes on', async (statement, table) => {
  const { steps } = await db.plan(shippedMapping)
  const before = steps.findIndex(({ sql }) => sql.startsWith(statement))
  for (const { sql } of steps.slice(0, before)) await db.connection.query(sql)
  const locker = await connectTo(db.schema)
  const environment = mysqlVariables(db.schema)
  const altering = async () => {
    const threads = await otherThreads(db.connection)
    return threads.some((one) => one.database === db.schema.database && one.statement.startsWith(statement))
  }
  try {
    await locker.query('START TRANSACTION')
    await locker.query(`SELECT * FROM ${table}`)
    const command = spawn(process.execPath, ['--import', 'tsx', 'cli/migrate/index.ts', '--yes'], {
      cwd: path.join(__dirname, '../../..'),
      env: { PATH: process.env['PATH'], ...environment },
      stdio: 'ignore',
    })
    const end = once(command, 'exit')
    await waitFor(altering)
    command.kill('SIGKILL')
    await end
    await locker.query('COMMIT')
    await waitFor(async () => !(await altering()))
  } finally {
    await locker.end()
  }
  expect(await runCli('migrate', ['--yes'], environment)).toMatchObject({ code: 0 })
  expect(await db.tables()).toEqual(await lookalike(shippedMappings))
  expect((await rows()).map(({ name }) => name)).toEqual(['小绿', '小白', '小兰', '小明', '小红'])
  expect(await letters()).toHaveLength(2)
})
