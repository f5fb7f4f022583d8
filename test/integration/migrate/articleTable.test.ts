import fs from 'node:fs'
import path from 'node:path'
import { printMigration } from '../../../cli/migrate/migration'
import type { MigrationOptions } from '../../../cli/migrate/planMigration'
import type { Mapping } from '../../../shared/mapping/mapping'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { readMapping, shippedMapping } from '../../support/mapping'
import { ARTICLE_TABLE, openPlayground, type Playground, undoOf } from './playground'

const fiveColumns = readMapping(
  fs.readFileSync(path.join(__dirname, '../../../examples/five-columns.mapping.yaml'), 'utf8'),
  'five-columns.mapping.yaml',
)

type Row = [
  dingId: string | null,
  active: string | null,
  isAdmin: string | null,
  userId: string | null,
  name: string | null,
]
const ming: Row = ['$:LWCP_v1:$5RUxxxxQhPpK4A==', 'true', 'false', '0042', '小明']

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

async function articleTable(rows: readonly Row[], sql = ARTICLE_TABLE): Promise<void> {
  await db.connection.query(sql)
  for (const row of rows) {
    await db.connection.execute(
      'INSERT INTO user_info (dingId, active, isAdmin, userId, name) VALUES (?, ?, ?, ?, ?)',
      row,
    )
  }
}

const rowsOf = async (table = 'user_info') =>
  (await db.query(`SELECT dingId, active, isAdmin, userId, name FROM ${table} ORDER BY HEX(userId)`)).map((row) =>
    Object.values(row),
  )

async function deliver(mapping: Mapping, ...events: unknown[]): Promise<void> {
  const database = openInstanceDatabase(db.schema)
  try {
    await employeesOn(database, mapping)(events)
  } finally {
    await database.close()
  }
}

test.each([
  ['mapping.yaml', shippedMapping],
  ['the five columns alone', fiveColumns],
])(
  "the article's table becomes that of %s; the function then goes on with it, and undo brings it back",
  async (_, mapping) => {
    await articleTable([ming, ming, ['d2', 'false', 'true', '0043', '小红']])
    const before = await db.tables()
    const plan = await db.migrate(mapping)
    expect(await rowsOf()).toEqual([ming, ['d2', 'false', 'true', '0043', '小红']])
    expect((await db.plan(mapping)).steps).toEqual([])

    const late = deliveredEvent(
      { syncAction: 'user_modify_org', userId: '0042', name: '小明 🐳' },
      { id: '1', time: '2022-01-01T00:00:00Z' },
    )
    const leave = deliveredEvent({ syncAction: 'user_leave_org', userId: '0043' }, { id: '2' })
    await deliver(mapping, late, leave, leave)
    expect(await rowsOf()).toEqual([
      [ming[0], 'true', 'false', '0042', '小明 🐳'],
      ['d2', 'false', 'false', '0043', '小红'],
    ])
    expect(await rowsOf('user_info_before')).toEqual([ming, ming, ['d2', 'false', 'true', '0043', '小红']])

    for (const undo of undoOf(plan)) await db.connection.query(undo)
    expect(await db.tables()).toEqual(before)
    expect(await rowsOf()).toEqual([ming, ming, ['d2', 'false', 'true', '0043', '小红']])
  },
)

test.each<[string, Row[], Row[]]>([
  ['rows that are the same', [ming, ming, ming], [ming]],
  [
    'what one of them does not say',
    [
      [null, 'true', null, '1', '小明'],
      ['d', 'true', null, '1', null],
    ],
    [['d', 'true', null, '1', '小明']],
  ],
  [
    'userIds that differ in case',
    [
      [null, null, null, 'abc', 'a'],
      [null, null, null, 'ABC', 'A'],
    ],
    [
      [null, null, null, 'ABC', 'A'],
      [null, null, null, 'abc', 'a'],
    ],
  ],
  [
    'names that look alike to the old table',
    [
      [null, null, null, '1', 'é'],
      [null, null, null, '2', 'e'],
    ],
    [
      [null, null, null, '1', 'é'],
      [null, null, null, '2', 'e'],
    ],
  ],
  [
    'a text with all that SQL minds',
    [[null, null, null, '1', `'"\\%_\u0000;--`]],
    [[null, null, null, '1', `'"\\%_\u0000;--`]],
  ],
  ['a userId of 64 characters', [[null, null, null, 'x'.repeat(64), 'n']], [[null, null, null, 'x'.repeat(64), 'n']]],
  ['nothing', [], []],
])('nothing is lost of %s', async (_, rows, expected) => {
  await articleTable(rows)
  await db.migrate(shippedMapping)
  expect(await rowsOf()).toEqual(expected)
})

test('names with emoji, in a table that was given utf8mb4, stay', async () => {
  await articleTable([[null, null, null, '1', '👩‍👩‍👧‍👦 𠮷']], ARTICLE_TABLE.replace('SET=utf8', 'SET=utf8mb4'))
  await db.migrate(shippedMapping)
  expect(await rowsOf()).toEqual([[null, null, null, '1', '👩‍👩‍👧‍👦 𠮷']])
})

const difference = /^Values of userId whose rows say different things: 1\. .*--newest-by/m
const misfit = /^Rows whose userId is missing, or does not fit VARCHAR\(64\).*: 1\. .*--leave-behind/m
test.each<[string, Row[], RegExp]>([
  ['names of one employee differ', [ming, [...ming.slice(0, 4), '小红'] as Row], difference],
  [
    'names differ in case alone',
    [
      [null, null, null, '1', 'ming'],
      [null, null, null, '1', 'Ming'],
    ],
    difference,
  ],
  [
    'names differ by a space',
    [
      [null, null, null, '1', 'ming'],
      [null, null, null, '1', 'ming '],
    ],
    difference,
  ],
  [
    'userIds are one but for a space',
    [
      [null, null, null, '1', 'a'],
      [null, null, null, '1 ', 'b'],
    ],
    difference,
  ],
  ['a row has no userId', [ming, [null, 'true', null, null, '小红']], misfit],
  ['a userId is empty', [ming, [null, 'true', null, '', '小红']], misfit],
  ['a userId is spaces', [ming, [null, 'true', null, '  ', '小红']], misfit],
  ['a userId has 65 characters', [ming, [null, 'true', null, 'x'.repeat(65), '小红']], misfit],
  ['a userId is not ASCII', [ming, [null, 'true', null, '王', '小红']], misfit],
  ['active is a sentence', [[null, 'perhaps', null, '1', '小红']], /^Values of active that its type .*: 1\./m],
  ['a dingId is not ASCII', [['钉', null, null, '1', '小红']], /^Values of dingId that its type .*: 1\./m],
])('nothing is done where %s', async (_, rows, reason) => {
  await articleTable(rows)
  const before = await db.tables()
  const refused = db.migrate(shippedMapping)
  await expect(refused).rejects.toThrow(reason)
  await expect(refused).rejects.not.toThrow(/小明|小红|0042/)
  expect(await db.tables()).toEqual(before)
  expect(await rowsOf()).toHaveLength(rows.length)
})

test('the query that shows the rows in question shows them', async () => {
  await articleTable([ming, ['d', 'false', 'true', '0042', '小红'], ['d', null, null, '2', null]])
  const message = await db.migrate(shippedMapping).catch((error: Error) => error.message)
  const query = /^ {2}(SELECT .*);$/m.exec(String(message))?.[1]
  expect(await db.query(query ?? '')).toEqual([{ 'MIN(`userId`)': '0042', 'COUNT(*)': 2 }])
})

const three: Row[] = [
  ['d1', 'true', 'false', '1', '小明'],
  ['d2', 'false', null, '1', '小红'],
  [null, 'true', null, '1', '小兰'],
]
const withId = ARTICLE_TABLE.replace('(', '(`id` INT NOT NULL AUTO_INCREMENT PRIMARY KEY,')

test.each<[string, string, string[], Row[], string]>([
  ['as they were inserted', ARTICLE_TABLE, [], [['d2', 'true', 'false', '1', '小兰']], 'insertion'],
  [
    'by a number of their own',
    withId,
    ['UPDATE user_info SET id = 10 - id ORDER BY id DESC'],
    [['d1', 'true', 'false', '1', '小明']],
    'id',
  ],
  [
    'by any column',
    ARTICLE_TABLE,
    ["UPDATE user_info SET name = NULL WHERE dingId = 'd1'"],
    [['d2', 'false', 'false', '1', '小红']],
    'name',
  ],
])('of rows that differ the newest is kept, %s', async (_, sql, changes, expected, newestBy) => {
  await articleTable(three, sql)
  for (const change of changes) await db.connection.query(change)
  await expect(db.migrate(shippedMapping)).rejects.toThrow(difference)
  await db.migrate(shippedMapping, { newestBy })
  expect(await rowsOf()).toEqual(expected)
})

test('where the newest are two, nothing is done', async () => {
  await articleTable([
    ['d', 'true', null, '1', '小明'],
    ['d', 'true', null, '1', '小红'],
  ])
  await expect(db.migrate(shippedMapping, { newestBy: 'active' })).rejects.toThrow(difference)
})

test('what has no place in the new table may stay in the old one', async () => {
  await articleTable([ming, [null, null, null, null, 'nobody'], [null, 'perhaps', null, 'x'.repeat(65), 'somebody']])
  await db.connection.query('ALTER TABLE user_info ADD COLUMN dept VARCHAR(9) NULL, ADD COLUMN createdAt DATETIME NULL')
  await expect(db.migrate(shippedMapping)).rejects.toThrow(
    /does not name: dept, createdAt\..*\nRows whose userId .*: 2\./,
  )
  const plan = await db.migrate(shippedMapping, { leaveBehind: true })
  expect(plan.notes).toContain('Not copied: dept, createdAt.')
  expect(await rowsOf()).toEqual([ming])
  expect(await rowsOf('user_info_before')).toHaveLength(3)
})

test('the rows get the corpId that events get which name none', async () => {
  await articleTable([ming])
  const plan = await db.migrate(shippedMapping, { variables: { DINGTALK_CORP_ID: "ding'\\" } })
  expect(plan.notes).toContain("corpId of all rows: 'ding\\'\\\\'.")
  expect(await db.query('SELECT corpId, userId FROM user_info')).toEqual([{ corpId: "ding'\\", userId: '0042' }])
})

test.each<[string, string[], Partial<MigrationOptions>, RegExp]>([
  [
    'the old name is taken',
    ['CREATE TABLE user_info_before (a INT)'],
    {},
    /stay as user_info_before, but there is one/,
  ],
  ['the new one is, by others', ['CREATE TABLE user_info_migrating (a INT)'], {}, /made as user_info_migrating, but/],
  ['no column has that name', [], { newestBy: 'id' }, /--newest-by: there is no column id/],
  [
    'the order of insertion is not that of the table',
    ['ALTER TABLE user_info MODIFY userId VARCHAR(64) NOT NULL, ADD PRIMARY KEY (userId)'],
    { newestBy: 'insertion' },
    /kept in the order of userId/,
  ],
  [
    'the key has no column',
    ['ALTER TABLE user_info DROP COLUMN userId'],
    {},
    /user_info has no userId, part of the key/,
  ],
  ['a type is another', ['ALTER TABLE user_info MODIFY active BOOLEAN'], {}, /active is tinyint, and VARCHAR\(5\)/],
])('nothing is done where %s', async (_, changes, options, reason) => {
  await articleTable([])
  for (const change of changes) await db.connection.query(change)
  const before = await db.tables()
  await expect(db.migrate(shippedMapping, options)).rejects.toThrow(reason)
  expect(await db.tables()).toEqual(before)
})

test.each<[string, string]>([
  ['a key of its own', 'ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST'],
  ['the userId as its key', 'MODIFY userId VARCHAR(64) NOT NULL, ADD PRIMARY KEY (userId)'],
  [
    'our key, but no versions',
    "ADD COLUMN corpId VARCHAR(64) NOT NULL DEFAULT '', MODIFY userId VARCHAR(64) NOT NULL, ADD PRIMARY KEY (corpId, userId)",
  ],
])('a table that was given %s becomes ours', async (_, change) => {
  await articleTable([ming])
  await db.connection.query(`ALTER TABLE user_info ${change}`)
  await db.migrate(shippedMapping)
  await deliver(shippedMapping, deliveredEvent({ syncAction: 'org_admin_add', userId: ['0042'] }, { id: '1' }))
  expect(await rowsOf()).toEqual([[ming[0], 'true', 'true', '0042', '小明']])
})

test('under another name it is renamed and rebuilt in one go', async () => {
  await articleTable([ming, ming])
  await db.connection.query('RENAME TABLE user_info TO staff')
  const before = await db.tables()
  const plan = await db.migrate(shippedMapping, { renameFrom: 'staff' })
  expect(await rowsOf()).toEqual([ming])
  for (const undo of undoOf(plan)) await db.connection.query(undo)
  expect(await db.tables()).toEqual(before)
})

test('a table with a name of 64 characters has room for the two others', async () => {
  const table = 'u'.repeat(64)
  await articleTable([ming])
  await db.connection.query(`RENAME TABLE user_info TO ${table}`)
  await db.migrate({ ...shippedMapping, table })
  expect(await rowsOf(table)).toEqual([ming])
  expect(await rowsOf(`${'u'.repeat(57)}_before`)).toEqual([ming])
})

test('what is printed runs as it is, and so does its undo', async () => {
  await articleTable([ming, ming])
  const before = await db.tables()
  const printed = printMigration(await db.plan(shippedMapping, { variables: { DINGTALK_CORP_ID: 'ding1' } }))
  await db.connection.query(printed)
  expect(await rowsOf()).toEqual([ming])
  const undo = [...printed.matchAll(/^-- undo: (.*;)$/gm)].map(([, sql]) => String(sql)).reverse()
  await db.connection.query(undo.join('\n'))
  expect(await db.tables()).toEqual(before)
  expect(await rowsOf()).toEqual([ming, ming])
})

test('another key in mapping.yaml: rows come along with their versions, unless two would be one', async () => {
  await db.migrate(shippedMapping)
  const newer = { id: '1', time: '2026-01-02T00:00:00Z' }
  await deliver(
    shippedMapping,
    deliveredEvent({ syncAction: 'user_add_org', CorpId: 'ding1', userId: '1', name: 'new' }, newer),
  )
  const { columns, ...rest } = shippedMapping
  const byUserId = { ...rest, key: rest.key.filter(({ name }) => name === 'userId'), columns }
  await db.connection.query("INSERT INTO user_info (corpId, userId, columnVersions) VALUES ('ding2', '1', '')")
  const twoAreOne = db.migrate(byUserId, { leaveBehind: true })
  await expect(twoAreOne).rejects.toThrow('Values of userId with more rows than one: 1. Each has a history of its own')

  await db.connection.query("DELETE FROM user_info WHERE corpId = 'ding2'")
  await expect(db.migrate(byUserId)).rejects.toThrow('user_info has columns that mapping.yaml does not name: corpId.')
  await db.migrate(byUserId, { leaveBehind: true })
  const older = { id: '2', time: '2026-01-01T00:00:00Z' }
  await deliver(byUserId, deliveredEvent({ syncAction: 'user_modify_org', userId: '1', name: 'old' }, older))
  expect(await db.query('SELECT userId, name FROM user_info')).toEqual([{ userId: '1', name: 'new' }])
})
