import { planFromNothing } from '../../../cli/migrate/planMigration'
import { upgradeTables } from '../../../local/database/upgradeTables'
import type { Column, Mapping } from '../../../shared/mapping/mapping'
import { VERSIONS } from '../../../shared/mapping/tables'
import { tableLink } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { ARTICLE_TABLE, openPlayground, type Playground, withColumn } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

const title = shippedMapping.columns.find(({ name }) => name === 'title') as Column
const words = (length: number) => '工'.repeat(length)
const LONGEST = 1_024 - ` (slot ${title.slot})`.length
/** By how many characters a comment in the table, or one in mapping.yaml, has too many. */
const tooLong = (name: string, where: string, over: number) =>
  `The comment of ${name} in ${where}, with its slot${name === VERSIONS ? 's' : ''} at the end, has ` +
  `${(1_024 + over).toLocaleString('en')} characters, and a server keeps 1,024: shorten it by ${over}.`

async function expectRefused(mapping: Mapping, said: string): Promise<void> {
  const before = await db.tables()
  expect((await db.plan(mapping)).refusals).toEqual([said])
  await expect(db.migrate(mapping)).rejects.toThrow(said)
  await expect(upgradeTables(db.schema, [mapping], () => {})).rejects.toThrow(said)
  expect(await db.tables()).toEqual(before)
}

test.each([
  ['title', 'VARCHAR(200) NULL', words(LONGEST + 1), 1],
  ['title', 'VARCHAR(20) NULL', words(1_024), 10],
  ['title', 'VARCHAR(200) NULL', `${words(LONGEST - 1)}\\'\\\\`, 1],
  [VERSIONS, 'VARBINARY(3072) NOT NULL', words(1_020), 87],
])('a comment of %s, %s, that has no room for its slots: migrate, npm start and doctor say so', async (...row) => {
  const [name, type, comment, over] = row
  await db.migrate(shippedMapping)
  await db.connection.query(`ALTER TABLE user_info MODIFY COLUMN ${name} ${type} COMMENT '${comment}'`)
  const said = tooLong(name, 'user_info', over)
  await expectRefused(shippedMapping, said)
  expect(await tableLink(db.schema, shippedMapping)).toMatchObject({ state: 'wrong', found: said })
})

test('one that has the room gets them, and stays as it is', async () => {
  await db.migrate(shippedMapping)
  const comment = async () => (await db.tables())['user_info']?.find(({ Field }) => Field === 'title')?.['Comment']
  await db.connection.query(`ALTER TABLE user_info MODIFY COLUMN title VARCHAR(200) NULL COMMENT '${words(LONGEST)}'`)
  await db.migrate(shippedMapping)
  expect(await comment()).toBe(`${words(LONGEST)} (slot ${title.slot})`)
  expect(await db.plan(shippedMapping)).toEqual({ steps: [], checks: [], refusals: [], notes: [] })
})

test('one in mapping.yaml is named before there is a table, and when there is one', async () => {
  const long = withColumn(shippedMapping, { ...title, type: `VARCHAR(200) NULL COMMENT '${words(LONGEST)}'''` })
  const said = tooLong('title', 'mapping.yaml', 1)
  expect(() => planFromNothing([long])).toThrow(said)
  await expectRefused(long, said)
  await db.migrate(shippedMapping)
  await expectRefused(long, said)
  expect(await tableLink(db.schema, long)).toMatchObject({ state: 'wrong', found: said })
})

test('one of a table that is rebuilt does not come along, and may have any length', async () => {
  await db.connection.query(ARTICLE_TABLE)
  await db.connection.query(`ALTER TABLE user_info MODIFY COLUMN name VARCHAR(256) NULL COMMENT '${words(1_024)}'`)
  await expect(upgradeTables(db.schema, [shippedMapping], () => {})).rejects.toThrow('was not made by us')
  await db.migrate(shippedMapping, { newestBy: 'insertion' })
  expect((await db.plan(shippedMapping)).steps).toEqual([])
})
