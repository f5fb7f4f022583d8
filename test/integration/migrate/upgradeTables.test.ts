import { upgradeTables } from '../../../local/database/upgradeTables'
import type { Mapping } from '../../../shared/mapping/mapping'
import { shippedMapping } from '../../support/mapping'
import { ARTICLE_TABLE, openPlayground, type Playground, withColumn } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

async function start(mapping: Mapping): Promise<string[]> {
  const lines: string[] = []
  await upgradeTables(db.schema, [mapping], (line) => lines.push(line))
  return lines
}

test('the tables are made at the first start, and columns are added at a later one', async () => {
  expect(await start(shippedMapping)).toEqual([])
  await db.connection.query("INSERT INTO user_info (corpId, userId, columnVersions) VALUES ('', 'u', '')")
  expect(await start(shippedMapping)).toEqual([])

  const mapping = withColumn(shippedMapping, { name: 'nickname', type: 'VARCHAR(9) NULL' })
  expect(await start(mapping)).toEqual(['user_info: added nickname'])
  expect((await db.plan(mapping)).steps).toEqual([])
  expect(await db.query('SELECT userId, nickname FROM user_info')).toEqual([{ userId: 'u', nickname: null }])
})

test('what else differs is reported, and left as it is', async () => {
  await start(withColumn(shippedMapping, { name: 'nickname', type: 'VARCHAR(9) NULL' }))
  const before = await db.tables()
  expect(await start(shippedMapping)).toEqual([])
  expect(await start(withColumn(shippedMapping, { name: 'nickname', type: 'VARCHAR(10) NULL' }))).toEqual([
    'user_info.nickname is varchar(9), not VARCHAR(10) NULL as in mapping.yaml: npm run migrate',
  ])
  expect(await db.tables()).toEqual(before)
})

test("a table with another key, such as the article's, is not touched", async () => {
  await db.connection.query(ARTICLE_TABLE)
  const before = await db.tables()
  await expect(start(shippedMapping)).rejects.toThrow(/^The table user_info was not made by us, or has another key/)
  expect(await db.tables()).toEqual(before)
})

test('nor one without versions, whose rows the first event would blank', async () => {
  await start(shippedMapping)
  await db.connection.query('ALTER TABLE user_info DROP COLUMN columnVersions')
  await expect(start(shippedMapping)).rejects.toThrow(/was not made by us/)
})

test('an account that may not is told what it lacks', async () => {
  const user = `nobody_${db.schema.database}`.slice(0, 32)
  await db.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'p'`)
  await db.connection.query(`GRANT SELECT ON ${db.schema.database}.* TO '${user}'@'%'`)
  try {
    const starting = upgradeTables({ ...db.schema, user, password: 'p' }, [shippedMapping], () => {})
    await expect(starting).rejects.toThrow(/\(ER_\w+ACCESS_DENIED_ERROR\)\. Give MYSQL_USER the rights to CREATE/)
  } finally {
    await db.connection.query(`DROP USER '${user}'@'%'`)
  }
})
