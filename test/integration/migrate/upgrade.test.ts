import { printMigration } from '../../../cli/migrate/migration'
import { createTableStatements } from '../../../shared/mapping/tables'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground, undoOf, withColumn, withoutColumn } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

const nothingToDo = { steps: [], checks: [], refusals: [], notes: [] }

test('from nothing both tables are made, and then there is nothing to do', async () => {
  const plan = await db.migrate(shippedMapping)
  expect(Object.keys(await db.tables())).toEqual(['dead_letters', 'user_info'])
  expect(await db.plan(shippedMapping)).toEqual(nothingToDo)

  for (const undo of undoOf(plan)) await db.connection.query(undo)
  expect(await db.tables()).toEqual({})
})

test('the tables that the local stack and the tests make leave nothing to do', async () => {
  for (const statement of createTableStatements(shippedMapping)) await db.connection.query(statement)
  expect(await db.plan(shippedMapping)).toEqual(nothingToDo)
})

// What a server makes of a type is written otherwise than the type.
test.each([
  'JSON NULL',
  'JSON',
  'INTEGER NULL',
  'BIGINT(20) UNSIGNED',
  'BOOLEAN NOT NULL DEFAULT FALSE',
  'NUMERIC(10) NULL',
  'DOUBLE PRECISION',
  'TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3)',
  "VARCHAR(10) CHARACTER SET utf8 NOT NULL DEFAULT 'it''s' COMMENT 'a \\\\ b'",
  'CHARACTER VARYING(10) NULL',
  'TEXT',
  "ENUM('a','b') NULL",
  'LONGBLOB',
])('a column %s is as mapping.yaml wants it once it is made or added', async (type) => {
  const mapping = withColumn(shippedMapping, { name: 'extra', type })
  await db.migrate(mapping)
  expect(await db.plan(mapping)).toEqual(nothingToDo)

  await db.connection.query('DROP TABLE user_info')
  await db.migrate(shippedMapping)
  await db.migrate(mapping)
  expect(await db.plan(mapping)).toEqual(nothingToDo)
})

test('a column is added, rows stay, and the function fills it', async () => {
  await db.migrate(shippedMapping)
  const database = openInstanceDatabase(db.schema)
  try {
    await employeesOn(database)(deliveredEvent({ syncAction: 'user_add_org', userId: 'u', name: '小明' }, { id: '1' }))
    const before = await db.tables()
    const wider = withColumn(shippedMapping, { name: 'nickname', type: 'VARCHAR(20) NULL' })
    const plan = await db.migrate(wider)
    expect(plan.steps).toEqual([
      {
        sql: expect.stringMatching(
          /^ALTER TABLE `user_info` ADD COLUMN `nickname` VARCHAR\(20\) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'slot 100', MODIFY COLUMN `columnVersions` varbinary\(3072\) NOT NULL COMMENT 'slots 0-19,24,100 = \w+'$/,
        ),
        undo: expect.stringMatching(
          /^ALTER TABLE `user_info` DROP COLUMN `nickname`, MODIFY COLUMN `columnVersions` varbinary\(3072\) NOT NULL COMMENT 'slots 0-19,24 = \w+'$/,
        ),
      },
    ])
    const later = { id: '2', time: '2026-01-01T00:00:00Z' }
    await employeesOn(
      database,
      wider,
    )(deliveredEvent({ syncAction: 'user_modify_org', userId: 'u', nickname: '🐳' }, later))
    expect(await db.query('SELECT name, nickname FROM user_info')).toEqual([{ name: '小明', nickname: '🐳' }])

    for (const undo of undoOf(plan)) await db.connection.query(undo)
    expect(await db.tables()).toEqual(before)
    expect(await db.query('SELECT name FROM user_info')).toEqual([{ name: '小明' }])
  } finally {
    await database.close()
  }
})

test('a column that mapping.yaml does not name any more stays, and is named', async () => {
  await db.migrate(withColumn(shippedMapping, { name: 'nickname', type: 'VARCHAR(20) NULL' }))
  const before = await db.tables()
  expect(await db.migrate(shippedMapping)).toEqual({
    ...nothingToDo,
    notes: ['user_info has columns that mapping.yaml does not name, and keeps them: nickname'],
  })
  expect(await db.tables()).toEqual(before)
})

test('one that is NOT NULL without a default would refuse new rows: it is said', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query('ALTER TABLE user_info ADD COLUMN staffNumber INT NOT NULL')
  expect((await db.plan(shippedMapping)).notes.at(-1)).toMatch(/NOT NULL: staffNumber\. New rows are refused/)
})

/** The table as it is, with one column of another type, and a row in it. */
async function tableWith(type: string, value: string | null): Promise<void> {
  await db.migrate(withColumn(shippedMapping, { name: 'name', slot: 3, type }))
  await db.connection.execute("INSERT INTO user_info (corpId, userId, name, columnVersions) VALUES ('', 'u', ?, '')", [
    value,
  ])
}
const nameOf = (type: string) => withColumn(shippedMapping, { name: 'name', slot: 3, type })

test.each([
  ['a longer text', 'VARCHAR(10) NULL', 'VARCHAR(256) NULL', '小明'],
  ['3-byte utf8', 'VARCHAR(256) CHARACTER SET utf8 NULL', 'VARCHAR(256) NULL', '小明'],
  ['a text of any length', "VARCHAR(10) NULL DEFAULT 'x' COMMENT 'the\\n\\'name\\''", 'TEXT NULL', '小明 🐳'],
  ['another character set whose characters we have', 'VARCHAR(9) CHARACTER SET gbk NULL', 'VARCHAR(9) NULL', '小明'],
  ['NULL allowed', "VARCHAR(9) NOT NULL DEFAULT 'a\\\\b'", 'VARCHAR(9) NULL', '小明'],
  ['a shorter text that holds all values', 'VARCHAR(256) NULL', 'VARCHAR(2) NULL', '小明'],
  ['ASCII that holds all values', 'VARCHAR(256) NULL', 'VARCHAR(256) CHARACTER SET ascii NULL', 'Xiao Ming'],
  ['NULL forbidden where none is', 'VARCHAR(9) NULL', 'VARCHAR(9) NOT NULL', '小明'],
])('%s: the column is changed, and changed back', async (_, from, to, value) => {
  await tableWith(from, value)
  const before = await db.tables()
  const plan = await db.migrate(nameOf(to))
  expect(await db.plan(nameOf(to))).toEqual(nothingToDo)
  expect(await db.query('SELECT name FROM user_info')).toEqual([{ name: value }])

  for (const undo of undoOf(plan)) await db.connection.query(undo)
  expect(await db.tables()).toEqual(before)
  expect(await db.query('SELECT name FROM user_info')).toEqual([{ name: value }])
})

test.each([
  ['too long', 'VARCHAR(256) NULL', 'VARCHAR(2) NULL', '小明 🐳', /Values of name .*: 1\. .* wider type/],
  ['too long by a space', 'VARCHAR(256) NULL', 'VARCHAR(2) NULL', '小明 ', /Values of name .*: 1\./],
  ['not ASCII', 'VARCHAR(256) NULL', 'VARCHAR(256) CHARACTER SET ascii NULL', '小明', /Values of name .*: 1\./],
  ['not in 3-byte utf8', 'VARCHAR(9) NULL', 'VARCHAR(9) CHARACTER SET utf8 NULL', '🐳', /Values of name .*: 1\./],
  ['NULL', 'VARCHAR(9) NULL', 'VARCHAR(9) NOT NULL', null, /Values of name .*: 1\./],
  ['a number', 'VARCHAR(9) NULL', 'INT NULL', '42', /user_info\.name is varchar\(9\), and INT NULL in mapping\.yaml/],
  ['a number that was a bigger one', 'BIGINT NULL', 'INT NULL', '42', /is bigint\(20\)|is bigint/],
])('a value that is %s is not lost: nothing is done', async (_, from, to, value, reason) => {
  await tableWith(from, value)
  const before = await db.tables()
  const refused = db.migrate(withColumn(nameOf(to), { name: 'nickname', type: 'INT' }))
  await expect(refused).rejects.toThrow(reason)
  await expect(refused).rejects.not.toThrow(/小明/)
  expect(await db.tables()).toEqual(before)
  expect(await db.query('SELECT name FROM user_info')).toEqual([{ name: from.startsWith('BIGINT') ? 42 : value }])
})

test('a generated column is not written over', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query("ALTER TABLE user_info DROP COLUMN name, ADD COLUMN name VARCHAR(9) AS ('a')")
  await expect(db.migrate(shippedMapping)).rejects.toThrow(/user_info\.name is varchar\(9\), and VARCHAR\(256\) NULL/)
})

test('a table gets its new name when it is told so, and is not guessed', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query("INSERT INTO user_info (corpId, userId, columnVersions) VALUES ('', 'u', '')")
  const before = await db.tables()
  const renamed = withColumn({ ...shippedMapping, table: 'employees' }, { name: 'nickname', type: 'VARCHAR(9) NULL' })
  expect(await db.plan(renamed)).toMatchObject({
    steps: [{ sql: expect.stringContaining('CREATE TABLE `employees`') }],
    notes: [
      'user_info has the same key. Is employees its new name? Then say --rename-from user_info=employees.',
      'user_info is not in mapping.yaml: it stays as it is.',
    ],
  })

  const plan = await db.migrate(renamed, { renameFrom: 'user_info' })
  expect(Object.keys(await db.tables())).toEqual(['dead_letters', 'employees'])
  expect(await db.query('SELECT userId, nickname FROM employees')).toEqual([{ userId: 'u', nickname: null }])
  for (const undo of undoOf(plan)) await db.connection.query(undo)
  expect(await db.tables()).toEqual(before)
})

test.each([
  ['the new name is taken', shippedMapping, 'dead_letters', '--rename-from: user_info is already there.'],
  [
    'there is no such table',
    { ...shippedMapping, table: 'staff' },
    'nobody',
    '--rename-from: there is no table nobody.',
  ],
])('no renaming where %s', async (_, mapping, renameFrom, reason) => {
  await db.migrate(shippedMapping)
  await expect(db.migrate(mapping, { renameFrom })).rejects.toThrow(reason)
})

test.each(['VARCHAR(9) NULL', 'TEXT', "ENUM('a', 'b')", 'CHAR(2)'])(
  'a %s in a table with another character set is utf8mb4 all the same',
  async (type) => {
    await db.migrate(shippedMapping)
    await db.connection.query('ALTER TABLE user_info DEFAULT CHARACTER SET utf8')
    const mapping = withColumn(shippedMapping, { name: 'nickname', type })
    await db.migrate(mapping)
    expect(await db.plan(mapping)).toEqual(nothingToDo)
  },
)

test('a dead_letters of somebody else is left alone', async () => {
  await db.connection.query('CREATE TABLE dead_letters (letter TEXT)')
  await expect(db.migrate(shippedMapping)).rejects.toThrow('dead_letters is a table of something else')
  expect(Object.keys(await db.tables())).toEqual(['dead_letters'])
})

test('what is printed runs as it is', async () => {
  await db.connection.query(printMigration(await db.plan(shippedMapping)))
  expect(await db.plan(shippedMapping)).toEqual(nothingToDo)
  const mapping = withoutColumn(withColumn(shippedMapping, { name: 'nickname', type: 'TEXT' }), 'title')
  await db.connection.query(printMigration(await db.plan(mapping)))
  expect((await db.plan(mapping)).steps).toEqual([])

  await db.connection.query('ALTER TABLE user_info ADD COLUMN `a\nDROP TABLE user_info` INT')
  expect(printMigration(await db.plan(shippedMapping))).toMatch(
    /^-- The tables are as mapping\.yaml wants them\.\n(-- .*\n)*-- .*$/,
  )
})
