import { upgradeTables } from '../../../local/database/upgradeTables'
import type { Mapping } from '../../../shared/mapping/mapping'
import { readMappings } from '../../../shared/mapping/readMappings'
import { withPlaces } from '../../../shared/mapping/whereRefused'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground, withColumn } from './playground'

const named = (table: string): Mapping => ({ ...shippedMapping, table })

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

test('all tables of the file are made and brought up to it; one that has left it stays, and is told', async () => {
  await db.migrate([named('people'), named('guests')])
  expect(Object.keys(await db.tables()).sort()).toEqual(['dead_letters', 'guests', 'people'])
  const { steps } = await db.migrate([
    withColumn(named('people'), { name: 'nickname', type: 'VARCHAR(9) NULL' }),
    withColumn(named('guests'), { name: 'host', type: 'VARCHAR(9) NULL' }),
  ])
  expect(steps.map(({ sql }) => /^ALTER TABLE `(\w+)`/.exec(sql)?.[1])).toEqual(['people', 'guests'])
  const people = withColumn(named('people'), { name: 'nickname', type: 'VARCHAR(9) NULL' })
  expect(await db.plan(people)).toMatchObject({
    steps: [],
    notes: ['guests is not in mapping.yaml: it stays as it is.'],
  })
})

test('a table of the file is no other one’s old name, whatever its key', async () => {
  await db.migrate(named('people'))
  expect((await db.plan([named('people'), named('guests')])).notes).toEqual([])
  const lines: string[] = []
  await db.query("INSERT INTO people (corpId, userId, columnVersions) VALUES ('', '1', '')")
  await upgradeTables(db.schema, [named('people'), named('guests')], (line) => lines.push(line))
  expect(lines).toEqual([])
})

test('which table has another name is said where there are several', async () => {
  await db.migrate(named('people'))
  const both = [named('staff'), named('guests')]
  const wrong = '--rename-from takes OLD=NEW, where NEW is a table of mapping.yaml: staff, guests.'
  for (const renameFrom of ['people', 'people=', 'people=rooms', '=staff', 'people=staff=guests']) {
    await expect(db.plan(both, { renameFrom })).rejects.toThrow(wrong)
  }
  const { steps } = await db.migrate(both, { renameFrom: 'people=staff' })
  expect(steps[0]?.sql).toBe('RENAME TABLE `people` TO `staff`')
  expect(Object.keys(await db.tables()).sort()).toEqual(['dead_letters', 'guests', 'staff'])
})

test('a renamed table keeps its dead letters, and nobody else’s', async () => {
  await db.migrate([named('people'), named('guests')])
  for (const table of ['people', 'guests', '']) {
    await db.connection.execute(
      "INSERT INTO dead_letters (digest, `table`, source, eventId, reason, event) VALUES (UNHEX(SHA2(?, 256)), ?, 's', ?, 'r', '{}')",
      [table, table, `of ${table}`],
    )
  }
  const letters = () => db.query('SELECT `table`, eventId FROM dead_letters ORDER BY id')
  const before = await letters()
  const { steps } = await db.migrate([named('staff'), named('guests')], { renameFrom: 'people=staff' })
  expect(await letters()).toEqual([{ table: 'staff', eventId: 'of people' }, ...before.slice(1)])
  for (const { undo = '' } of [...steps].reverse()) await db.query(undo)
  expect(await letters()).toEqual(before)
})

test.each<[string, () => Promise<unknown>]>([
  ['npm run migrate', () => db.migrate(shippedMapping)],
  ['npm start', () => upgradeTables(db.schema, [shippedMapping], () => {})],
])('letters of when there was one table keep their place, and name none, after %s', async (_, upgrade) => {
  await db.migrate(shippedMapping)
  await db.query('ALTER TABLE dead_letters DROP COLUMN `table`')
  const insert =
    "INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES (UNHEX(SHA2('a', 256)), 's', 'a', 'r', '{}')"
  await db.query(insert)
  await upgrade()
  expect(await db.query('SELECT `table`, eventId FROM dead_letters')).toEqual([{ table: '', eventId: 'a' }])
  // functions of before, which may still run, go on putting letters there
  await db.query(insert.replaceAll("'a'", "'b'"))
  expect(await db.query('SELECT `table` FROM dead_letters')).toHaveLength(2)
})

test('what the server does not take is told by its place in the document of its own table', async () => {
  const table = (name: string, type: string) =>
    `table: ${name}\naction: .a\ntime: $.time\nevents: {}\nkey: { id: { type: INT NOT NULL, from: .id } }\ncolumns:\n  name: { slot: 0, type: ${type}, from: .name }\n`
  const text = `${table('one', 'VARCHAR(9) NULL')}---\n${table('two', 'NOTHING NULL')}`
  const mappings = readMappings(text, 'mapping.yaml')
  for (const work of [() => db.plan(mappings), () => upgradeTables(db.schema, mappings, () => {})]) {
    await expect(withPlaces<unknown>(text, 'mapping.yaml', work)).rejects.toThrow(
      /^mapping\.yaml:15:20 the type of name/,
    )
  }
})
