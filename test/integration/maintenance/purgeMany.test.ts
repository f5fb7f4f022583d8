import { purgesOf } from '../../../functions/employees/maintenance/purge/purgeLeft'
import { runPurge } from '../../../functions/employees/maintenance/purge/runPurge'
import { mysqlVariables } from '../../../local/database/database'
import { shippedMapping } from '../../support/mapping'
import { runCli } from '../../support/stackProcess'
import { connectTo, openPlayground, type Playground } from '../migrate/playground'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const PEOPLE = 12_000
let db: Playground

beforeAll(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
})

afterAll(() => db.close())

/** Two corporations, whose ids are no numbers in order; every sixth person stays. */
beforeEach(async () => {
  await db.query('DELETE FROM user_info')
  const people = Array.from({ length: PEOPLE }, (_, index) => {
    const leftAt = index % 6 === 0 ? null : '2020-01-01 00:00:00'
    return [`ding${index % 2}`, `${(index * 7919) % PEOPLE}`, `name ${index}`, leftAt, '']
  })
  await db.connection.query('INSERT INTO user_info (corpId, userId, name, leftAt, columnVersions) VALUES ?', [people])
})

const named = async () => Number((await db.query('SELECT COUNT(name) AS named FROM user_info'))[0]?.['named'])
const people = () => purgesOf([shippedMapping], 90, NOW).slice(0, 1)

test('many people, by short statements that lock those alone', async () => {
  const locker = await connectTo(db.schema)
  const statements: string[] = []
  const reports: number[] = []
  const database = {
    execute: (sql: string, values: (string | number | Buffer | null)[]) => {
      statements.push(sql.split(' ')[0] ?? '')
      return db.connection.execute(sql, values)
    },
  }
  try {
    await db.query('SET SESSION innodb_lock_wait_timeout = 1')
    await locker.query('START TRANSACTION')
    // of somebody who stays, as a delivery that is under way would hold it
    await locker.query("SELECT * FROM user_info WHERE corpId = 'ding0' AND userId = '0' FOR UPDATE")
    for (const purge of people())
      expect(await runPurge(database, purge, { report: (rows) => reports.push(rows) })).toBe(true)
  } finally {
    await locker.query('ROLLBACK')
    await locker.end()
  }
  expect(await named()).toBe(PEOPLE / 6)
  expect(reports.at(-1)).toBe((PEOPLE * 5) / 6)
  // 5,000 are looked at at once, and 500 erased
  expect(statements.filter((verb) => verb === 'SELECT')).toHaveLength(3)
  expect(statements.filter((verb) => verb === 'UPDATE').length).toBeLessThanOrEqual(10_000 / 500 + 3)
})

test('one that is broken off goes on when it is run again', async () => {
  let statements = 5
  for (const purge of people()) {
    expect(await runPurge(db.connection, purge, { mayGoOn: () => statements-- > 0 })).toBe(false)
    expect(await named()).toBe(PEOPLE - 4 * 500)
    expect(await runPurge(db.connection, purge)).toBe(true)
  }
  expect(await named()).toBe(PEOPLE / 6)
})

test('the command says how far it is', async () => {
  const { code, output } = await runCli('migrate', ['--purge-left', '90', '--yes'], mysqlVariables(db.schema))
  expect(code).toBe(0)
  expect(output).toMatch(/^Done\.$/m)
})
