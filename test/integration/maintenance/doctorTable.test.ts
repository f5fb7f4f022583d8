import { readTable } from '../../../functions/employees/maintenance/doctor/table'
import type { Mapping } from '../../../shared/mapping/mapping'
import { allTables, type Table } from '../../../shared/mapping/tables'
import { tableLink } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground, withColumn, withSlots } from '../migrate/playground'

const MIGRATE = 'npm run migrate -- --sql prints the statements, npm run migrate runs them'
const MEND = 'mend mapping.yaml, build and deploy'
const INDEXED = (index: string, column: string) =>
  `it has a unique index beside its key, ${index} (${column}): of two people with one value there the second is never stored, and their events go to dead_letters`
const DROP = (index: string) =>
  `ALTER TABLE \`user_info\` DROP INDEX \`${index}\`; or, to keep it knowingly, make it anew with COMMENT 'kept', and this is not said again`

const slotOf = (column: string) => shippedMapping.columns.find(({ name }) => name === column)?.slot ?? -1
const [title, jobNumber] = [slotOf('title'), slotOf('jobNumber')]
const added = { slot: 100, type: 'VARCHAR(32) NULL' }
const refused = [
  { ...added, name: 'one', type: 'NOSUCHTYPE NULL' },
  { ...added, name: 'two', type: 'NORTHISTYPE NULL', slot: 101 },
].reduce<Mapping>(withColumn, shippedMapping)
const tooLong = (column: string) =>
  `The comment of ${column} in user_info, with its slot at the end, has 1,034 characters, and a server keeps 1,024: shorten it by 10.`

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
})

afterEach(() => db.close())

/** What somebody has done to the table, what mapping.yaml wants, and what is said of it, with the step to take. */
test.each<[string, string, () => Mapping, string | RegExp, string]>([
  [
    'two columns that every row must give a value',
    'ADD COLUMN badge INT NOT NULL, ADD COLUMN desk INT NOT NULL',
    () => shippedMapping,
    'badge is not ours, and every row must give it a value; desk is not ours, and every row must give it a value',
    MIGRATE,
  ],
  [
    'another key',
    'DROP PRIMARY KEY, ADD PRIMARY KEY (userId)',
    () => shippedMapping,
    'its key is another, or it has no column columnVersions',
    MIGRATE,
  ],
  [
    'a column of another type',
    'MODIFY name VARCHAR(20) CHARACTER SET utf8mb3 NULL',
    () => shippedMapping,
    /^name is varchar\(20\) utf8mb3_\w+ NULL, not varchar\(256\) utf8mb4_bin NULL$/,
    MIGRATE,
  ],
  [
    'a column of a type without letters, that may not be empty',
    "MODIFY leftAt DATETIME NOT NULL DEFAULT '2026-01-01'",
    () => shippedMapping,
    'leftAt is datetime NOT NULL, not datetime(3) NULL',
    MIGRATE,
  ],
  [
    'two unique indexes',
    'ADD UNIQUE KEY one (jobNumber), ADD UNIQUE KEY two (title)',
    () => shippedMapping,
    `${INDEXED('one', 'jobNumber')}; ${INDEXED('two', 'title')}`,
    `${DROP('one')}; ${DROP('two')}`,
  ],
  [
    'slots that were put in each other’s place',
    'COMMENT = ""',
    () => withSlots({ title: jobNumber, jobNumber: title }),
    `mapping.yaml gives title slot ${jobNumber}, in user_info it has slot ${title}: put that back. ` +
      `mapping.yaml gives jobNumber slot ${title}, in user_info it has slot ${jobNumber}: put that back.`,
    MEND,
  ],
  [
    'comments without room for a slot',
    `MODIFY title VARCHAR(200) NULL COMMENT '${'x'.repeat(1_024)}', MODIFY jobNumber VARCHAR(64) NULL COMMENT '${'y'.repeat(1_024)}'`,
    () => shippedMapping,
    `${tooLong('title')} ${tooLong('jobNumber')}`,
    `then ${MIGRATE}`,
  ],
  [
    'types that the server does not know',
    'COMMENT = ""',
    () => refused,
    /^the type of one: the database refuses it: .*NOSUCHTYPE.*; the type of two: the database refuses it: .*NORTHISTYPE/,
    MEND,
  ],
])('%s', async (_, change, mapping, found, next) => {
  await db.query(`ALTER TABLE user_info ${change}`)
  const link = await tableLink(db.schema, mapping())
  expect(link).toMatchObject({ state: 'wrong', next })
  if (typeof found === 'string') expect(link?.found).toBe(found)
  else expect(link?.found).toMatch(found)
})

test.each([
  'nickname VARCHAR(20) NULL',
  'shift INT NOT NULL DEFAULT 1',
  'serial BIGINT NOT NULL AUTO_INCREMENT, ADD KEY (serial)',
])('a column that somebody has added, and that no row must give a value: %s', async (column) => {
  await db.query(`ALTER TABLE user_info ADD COLUMN ${column}`)
  expect(await tableLink(db.schema, shippedMapping)).toMatchObject({ state: 'ok' })
})

test('what is no error of the database is no type that it does not take', async () => {
  const fault = new TypeError('a fault of ours')
  const execute = (sql: string, values: unknown[] = []) =>
    sql.startsWith('CREATE TEMPORARY') ? Promise.reject(fault) : db.connection.execute(sql, values as string[])
  const [table] = allTables([shippedMapping]) as [Table]
  await expect(readTable({ execute }, table)).rejects.toBe(fault)
})
