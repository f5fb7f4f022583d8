import { changeTable, lossOf } from '../../../cli/migrate/changeTable'
import { compareTable, longComments } from '../../../shared/mapping/compareTable'
import { type DescribedColumn, describeTable } from '../../../shared/mapping/describeTable'
import { mappedTable, type Table } from '../../../shared/mapping/tables'
import { shippedMapping } from '../../support/mapping'
import { described } from './described'

/** As SHOW FULL COLUMNS has it: type, collation, "NULL" where it may be. */
type Short = [type: string, collation: string | null, nullable?: 'NULL']

function column([type, collation, nullable]: Short, more: Partial<DescribedColumn> = {}): DescribedColumn {
  return described('c', { type, collation, nullable: nullable === 'NULL', ...more })
}

const utf8 = 'utf8_general_ci'
const utf8mb4 = 'utf8mb4_bin'

test.each<[Short, Short, string[] | undefined]>([
  [['varchar(9)', utf8mb4], ['varchar(9)', utf8mb4], []],
  [['varchar(9)', utf8mb4], ['varchar(9)', utf8mb4, 'NULL'], []],
  [['varchar(9)', utf8mb4, 'NULL'], ['varchar(9)', utf8mb4], ['`c` IS NULL']],
  [['varchar(9)', utf8], ['varchar(10)', utf8mb4], []],
  [['varchar(9)', 'utf8mb3_general_ci'], ['varchar(9)', utf8mb4], []],
  [['varchar(9)', 'utf8mb4_0900_ai_ci'], ['varchar(9)', utf8mb4], []],
  [['varchar(9)', 'ascii_bin'], ['varchar(9)', 'latin1_swedish_ci'], []],
  [['varchar(9)', 'latin1_swedish_ci'], ['varchar(9)', 'latin1_bin'], []],
  [['varchar(10)', utf8mb4], ['varchar(9)', utf8mb4], ['CHAR_LENGTH(`c`) > 9']],
  [['varchar(16383)', utf8mb4], ['text', utf8mb4], []],
  [['varchar(65535)', 'ascii_bin'], ['text', utf8mb4], ['CHAR_LENGTH(`c`) > 16383']],
  [['varchar(256)', utf8mb4], ['tinytext', utf8mb4], ['CHAR_LENGTH(`c`) > 63']],
  [['varbinary(8)', null], ['varbinary(1024)', null], []],
  [['varbinary(1024)', null], ['varbinary(8)', null], ['LENGTH(`c`) > 8']],
  [['varbinary(8)', null], ['varchar(8)', utf8mb4], undefined],
  [['varbinary(8)', null], ['text', utf8mb4], undefined],
  [['text', utf8mb4], ['varchar(9)', utf8mb4], undefined],
  [['char(9)', utf8mb4], ['varchar(9)', utf8mb4], undefined],
  [['int', null], ['bigint', null], undefined],
  [['int', null, 'NULL'], ['int', null], ['`c` IS NULL']],
  [['json', null], ['longtext', utf8mb4], undefined],
])('of %j as %j these values would be lost: %j', (there, wanted, lost) => {
  expect(lossOf(column(there), column(wanted))).toEqual(lost)
})

test('characters that the other set does not hold are lost', () => {
  expect(lossOf(column(['varchar(9)', utf8mb4]), column(['varchar(9)', 'ascii_bin']))).toEqual([
    'CAST(CONVERT(CONVERT(`c` USING ascii) USING utf8mb4) AS BINARY) <> CAST(CONVERT(`c` USING utf8mb4) AS BINARY)',
  ])
})

// MySQL 8.0.19 writes no display width; a table that came from 5.7 keeps it.
test.each([
  ['int(11)', 'int'],
  ['bigint(20) unsigned', 'bigint unsigned'],
  ['tinyint(1)', 'tinyint'],
  ['varchar(11)', 'varchar(11)'],
  ['decimal(10,0)', 'decimal(10,0)'],
  ['point(1)', 'point(1)'],
])('%s is described as %s', async (type, described) => {
  const row = { Field: 'c', Type: type, Collation: null, Null: 'NO', Key: '', Default: null, Extra: '', Comment: '' }
  expect(await describeTable({ execute: async () => [[row], []] }, 't')).toMatchObject([{ type: described }])
})

const table: Table = {
  name: 't',
  columns: [
    { name: 'Id', type: 'INT' },
    { name: 'v', type: 'INT' },
  ],
  key: ['Id'],
  indexes: [],
}
const id = column(['int', null], { name: 'id', isKey: true })

test('names are compared without case, and a key without order', () => {
  expect(compareTable(table, [id], [])).toMatchObject({ isOurs: true, missing: [{ name: 'v' }], unknown: [] })
  const two = { ...table, key: ['v', 'Id'] }
  const both = [id, column(['int', null], { name: 'V', isKey: true })]
  expect(compareTable(two, both, both)).toEqual({
    isOurs: true,
    missing: [],
    changed: [],
    unknown: [],
    unnoted: [],
  })
})

const text = column(['varchar(9)', utf8mb4], { name: 'v' })

test.each<[string, DescribedColumn]>([
  ['another type', { ...text, type: 'varchar(10)' }],
  ['another collation', { ...text, collation: utf8 }],
  ['NULL', { ...text, nullable: true }],
])('a column that has %s is another, whatever its default', (_, there) => {
  const wanted = [id, { ...text, default: 'x' }]
  expect(compareTable(table, [id, text], wanted).changed).toEqual([])
  expect(compareTable(table, [id, there], wanted).changed).toMatchObject([{ there, column: { name: 'v' } }])
})

test('a column that is only there is known, and one without a slot may say what it likes', () => {
  const more = column(['int', null], { name: 'more', comment: 'slot 7' })
  const there = [{ ...id, comment: 'slot 8' }, text, more]
  expect(compareTable(table, there, there)).toMatchObject({ unknown: [more], unnoted: [] })
})

test.each<[string, DescribedColumn[]]>([
  ['no key', [column(['int', null], { name: 'id' })]],
  ['a longer key', [id, column(['int', null], { name: 'v', isKey: true })]],
  ['another key', [column(['int', null], { name: 'id' }), column(['int', null], { name: 'v', isKey: true })]],
])('a table with %s is not ours', (_, there) => {
  expect(compareTable(table, there, []).isOurs).toBe(false)
})

test('nor is one whose key is in part another', () => {
  const there = [id, text, column(['int', null], { name: 'w', isKey: true })]
  expect(compareTable({ ...table, key: ['Id', 'v'] }, there, []).isOurs).toBe(false)
})

test('nor is one with our key and without versions', () => {
  const ours = mappedTable(shippedMapping)
  const there = ours.key.map((name) => column(['varchar(64)', 'ascii_bin'], { name, isKey: true }))
  expect(compareTable(ours, there, []).isOurs).toBe(false)
})

test('one statement changes a table, and one undoes it', () => {
  const definition = "varchar(9) DEFAULT 'it''s' COMMENT 'a\\\\b\\n'"
  const there = [id, column(['varchar(9)', utf8, 'NULL'], { name: 'v', comment: 'a\\b\n', definition })]
  const wanted = [id, column(['varchar(10)', utf8mb4], { name: 'v' })]
  const wider = {
    ...table,
    columns: [
      { name: 'Id', type: 'INT' },
      { name: 'v', type: 'VARCHAR(10) NOT NULL' },
      { name: 'w', type: 'JSON' },
    ],
  }
  expect(changeTable(wider, compareTable(wider, there, wanted), 'staff')).toEqual({
    steps: [
      {
        sql: "ALTER TABLE `t` ADD COLUMN `w` JSON, MODIFY COLUMN `v` VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'a\\\\b\\n'",
        undo: `ALTER TABLE \`t\` DROP COLUMN \`w\`, MODIFY COLUMN \`v\` ${definition}`,
      },
    ],
    checks: [
      {
        what: 'Values of v that its type in mapping.yaml does not hold',
        rows: 'SELECT * FROM `staff` WHERE `v` IS NULL',
        todo: 'Give it a wider type in mapping.yaml, or mend them.',
      },
    ],
    refusals: [],
    notes: [],
  })
})

test.each([
  [
    'id',
    undefined,
    'The comment of id in mapping.yaml has 1,025 characters, and a server keeps 1,024: shorten it by 1.',
  ],
  ['v', 'slot 3', 'The comment of v in mapping.yaml, with its slot at the end, has 1,034 characters'],
  ['columnVersions', 'slots 3 = abc', 'The comment of columnVersions in mapping.yaml, with its slots at the end, has'],
])('the comment of %s is too long', (name, note, sentence) => {
  const type = `INT COMMENT '${'x'.repeat(1_025)}'`
  const columns = [{ name, type, ...(note !== undefined && { note }) }]
  expect(longComments({ ...table, columns }, [])).toEqual([expect.stringContaining(sentence)])
})
