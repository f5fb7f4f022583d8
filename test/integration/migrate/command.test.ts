import { mysqlVariables } from '../../../local/database/database'
import { shippedMappings } from '../../support/mapping'
import { runCli } from '../../support/stackProcess'
import { temporaryFolder } from '../../support/temporaryFolder'
import { ARTICLE_TABLE, openPlayground, type Playground, withoutColumn } from './playground'

const noStack = { LOCAL_DIR: temporaryFolder() }
let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

const migrate = (...args: string[]) => runCli('migrate', args, mysqlVariables(db.schema))

test('it prints what it would do, and does nothing where there is nobody to ask', async () => {
  const { code, output } = await migrate()
  expect(code).toBe(1)
  expect(output).toMatch(/^-- test_\w+ at 127\.0\.0\.1:\d+$/m)
  expect(output).toMatch(/^CREATE TABLE `user_info` \(\n[\s\S]*^-- undo: DROP TABLE `user_info`;$/m)
  expect(output).toMatch(/^Nothing was done\. Add --yes to have it done\.$/m)
  expect(await db.tables()).toEqual({})
})

test('with --yes it does it, and then there is nothing to do', async () => {
  expect(await migrate('--yes')).toMatchObject({ code: 0, output: expect.stringMatching(/^Done\.$/m) })
  expect(Object.keys(await db.tables())).toEqual(['dead_letters', 'departments', 'user_info'])
  expect(await migrate()).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^-- The tables are as mapping\.yaml wants them\.$/m),
  })
})

test('--sql prints the difference, and runs as it is', async () => {
  await db.migrate(shippedMappings.map((mapping) => withoutColumn(mapping, 'title')))
  const { code, output } = await migrate('--sql')
  expect(code).toBe(0)
  expect(output).not.toContain('CREATE TABLE')
  await db.connection.query(output)
  expect((await db.plan(shippedMappings)).steps).toEqual([])
})

test('--sql needs no database: then it makes the tables', async () => {
  const { code, output } = await runCli('migrate', ['--sql'], noStack)
  expect(code).toBe(0)
  await db.connection.query(output)
  expect((await db.plan(shippedMappings)).steps).toEqual([])
})

test('--sql with read-only rights, and a right to temporary tables, is enough', async () => {
  await db.migrate(shippedMappings)
  const user = `reader_${db.schema.database}`.slice(0, 32)
  await db.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'p'`)
  const as = () => runCli('migrate', ['--sql'], { ...mysqlVariables(db.schema), MYSQL_USER: user, MYSQL_PASSWORD: 'p' })
  try {
    await db.connection.query(`GRANT SELECT ON ${db.schema.database}.* TO '${user}'@'%'`)
    expect(await as()).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^The database refused \(ER_\w+DENIED_ERROR\)/m),
    })
    await db.connection.query(`GRANT CREATE TEMPORARY TABLES ON ${db.schema.database}.* TO '${user}'@'%'`)
    expect(await as()).toMatchObject({ code: 0, output: expect.stringContaining('as mapping.yaml wants them') })
  } finally {
    await db.connection.query(`DROP USER '${user}'@'%'`)
  }
})

test("the article's table: refused with the reason and the query, then done, with the corpId of the shell", async () => {
  await db.connection.query(ARTICLE_TABLE)
  await db.connection.query("INSERT INTO user_info (userId, name) VALUES ('1', '小明'), ('1', '小红'), (NULL, '小兰')")
  const refused = await migrate('--yes')
  expect(refused.code).toBe(1)
  expect(refused.output).toMatch(
    /^Nothing was done\.\nRows whose userId is missing.*: 1\. .*\n {2}SELECT .*\nValues of userId whose rows .*: 1\./m,
  )
  expect(refused.output).not.toMatch(/小/)

  const options = ['--yes', '--leave-behind', '--newest-by', 'insertion']
  const done = await runCli('migrate', options, { ...mysqlVariables(db.schema), DINGTALK_CORP_ID: 'ding1' })
  expect(done).toMatchObject({ code: 0, output: expect.stringContaining("-- corpId of all rows: 'ding1'.") })
  expect(await db.query('SELECT corpId, userId, name FROM user_info')).toEqual([
    { corpId: 'ding1', userId: '1', name: '小红' },
  ])
})

test('--purge-left counts, asks, and erases', async () => {
  await db.migrate(shippedMappings)
  await db.connection.query(
    "INSERT INTO dead_letters (digest, source, eventId, reason, event, createdAt) VALUES ('1', 's', '1', 'r', '{}', '2020-01-01')",
  )
  const dry = await migrate('--purge-left', '90')
  expect(dry).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^Dead letters from before 20.*: 1\nNothing was done/m),
  })
  expect(await db.query('SELECT eventId FROM dead_letters')).toHaveLength(1)
  expect(await migrate('--purge-left', '90', '--yes')).toMatchObject({ code: 0 })
  expect(await db.query('SELECT eventId FROM dead_letters')).toEqual([])
})

test.each([
  [['--purge-left', '0'], /a whole number of days/],
  [['--purge-left', '1.5'], /a whole number of days/],
  [['--purge-left', '-90'], /--help/],
  [['--purge-left', '90', '--sql'], /--sql does not go with it/],
  [['--drop'], /--help/],
  [['now'], /--help/],
])('%j is refused', async (args, reason) => {
  expect(await migrate('--yes', ...args)).toMatchObject({ code: 1, output: expect.stringMatching(reason) })
  expect(await db.tables()).toEqual({})
})

test('a database that is not there is told in one line', async () => {
  const { code, output } = await runCli('migrate', ['--yes'], { ...mysqlVariables(db.schema), MYSQL_PORT: '1' })
  expect(code).toBe(1)
  expect(output).toMatch(/\nThe database server at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)\. .*\n$/)
})
