import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { joinMigrations, runMigration } from '../../../cli/migrate/migration'
import { mysqlVariables } from '../../../local/database/database'
import { shippedMapping } from '../../support/mapping'
import { otherThreads } from '../../support/serverThreads'
import { runCli } from '../../support/stackProcess'
import { waitFor } from '../../support/waitFor'
import { ARTICLE_TABLE, connectTo, openPlayground, type Playground } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
  await db.connection.query(ARTICLE_TABLE)
  await db.connection.query("INSERT INTO user_info (userId, name) VALUES ('1', '小明'), ('1', '小明'), ('2', '小红')")
})

afterEach(() => db.close())

const people = () => db.query('SELECT userId, name FROM user_info ORDER BY userId')
const both = [
  { userId: '1', name: '小明' },
  { userId: '2', name: '小红' },
]

test.each([0, 1, 2, 3, 4])('after %i statements the rows are there, and the next run goes on', async (done) => {
  const { steps } = await db.plan(shippedMapping)
  expect(steps).toHaveLength(4)
  for (const { sql } of steps.slice(0, done)) await db.connection.query(sql)
  expect(new Set((await people()).map(({ userId }) => userId))).toEqual(new Set(['1', '2']))

  await db.migrate(shippedMapping)
  expect(await people()).toEqual(both)
  expect((await db.plan(shippedMapping)).steps).toEqual([])
  expect(Object.keys(await db.tables())).toEqual(['dead_letters', 'user_info', 'user_info_before'])
})

test('rows that were copied by a run that did not end, and are gone since, do not come back', async () => {
  const { steps } = await db.plan(shippedMapping)
  for (const { sql } of steps.slice(0, 2)) await db.connection.query(sql)
  await db.connection.query("DELETE FROM user_info WHERE userId = '1'")
  await db.migrate(shippedMapping)
  expect(await people()).toEqual([{ userId: '2', name: '小红' }])
})

test('a value that arrives after the check, on a server that would cut it, is not cut', async () => {
  await db.connection.query("SET SESSION sql_mode = ''")
  const { steps } = await db.plan(shippedMapping)
  await db.connection.query("INSERT INTO user_info (userId, active) VALUES ('3', 'perhaps')")
  await expect(runMigration(db.connection, joinMigrations({ steps }))).rejects.toThrow(
    /^Statement 2 of 4 was refused \(ER_DATA_TOO_LONG\), and those before it are done\./,
  )
  expect(await people()).toHaveLength(4)
})

test('a server that crashed between the two halves of the renaming: the next run goes on', async () => {
  const { steps } = await db.plan(shippedMapping)
  for (const { sql } of steps.slice(0, 2)) await db.connection.query(sql)
  await db.connection.query('RENAME TABLE user_info TO user_info_before')
  await db.migrate(shippedMapping)
  expect(await people()).toEqual(both)
  expect((await db.plan(shippedMapping)).steps).toEqual([])
})

test.each(['connection', 'process'] as const)('a %s that is killed while the rows are copied', async (victim) => {
  const locker = await connectTo(db.schema)
  const environment = mysqlVariables(db.schema)
  try {
    await locker.query('START TRANSACTION')
    await locker.query('SELECT * FROM user_info FOR UPDATE')
    const command = spawn(process.execPath, ['--import', 'tsx', 'cli/migrate/index.ts', '--yes'], {
      cwd: path.join(__dirname, '../../..'),
      env: { PATH: process.env['PATH'], ...environment },
      stdio: 'ignore',
    })
    const end = once(command, 'exit')
    const copying = async () => {
      const threads = await otherThreads(db.connection)
      return threads.find(
        ({ database, statement }) =>
          database === db.schema.database && statement.startsWith('INSERT INTO `user_info_migrating`'),
      )?.id
    }
    await waitFor(async () => (await copying()) !== undefined)
    if (victim === 'process') command.kill('SIGKILL')
    else await db.connection.query(`KILL ${await copying()}`)
    expect((await end)[0]).not.toBe(0)
    await locker.query('COMMIT')
    await waitFor(async () => (await copying()) === undefined)
  } finally {
    await locker.end()
  }
  expect(await people()).toHaveLength(3)

  expect(await runCli('migrate', ['--yes'], environment)).toMatchObject({ code: 0 })
  expect(await people()).toEqual(both)
})
