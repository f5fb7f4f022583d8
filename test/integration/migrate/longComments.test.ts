import { planFromNothing } from '../../../cli/migrate/planMigration'
import { upgradeTables } from '../../../local/database/upgradeTables'
import { VERSIONS } from '../../../shared/mapping/tables'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground, withColumn } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

const TITLE = shippedMapping.columns.find(({ name }) => name === 'title')?.slot ?? -1
const words = (length: number) => '工'.repeat(length)
const LONGEST = 1_024 - ` (slot ${TITLE})`.length

test.each<[string, string, number]>([
  ['title', `COMMENT '${words(LONGEST + 1)}'`, 1],
  ['title', `COMMENT '${words(LONGEST)}\\''`, 1],
  [VERSIONS, `COMMENT '${words(1_020)}'`, 72],
])(
  'a comment of %s that has no room for its slots is named by migrate, npm start and doctor',
  async (name, comment, over) => {
    await db.migrate(shippedMapping)
    await lose([name])
    const { definition = '' } = findColumn((await describeTable(db.connection, 'user_info')) ?? [], name) ?? {}
    await db.connection.query(`ALTER TABLE user_info MODIFY COLUMN ${name} ${definition} ${comment}`)
    const before = await db.tables()
    const said = new RegExp(
      `The comment of ${name} in user_info, with its slots? at the end, has [\\d,]+ characters, and a server keeps 1,024: shorten it by ${over}\\.`,
    )
    expect((await db.plan(shippedMapping)).refusals).toEqual([expect.stringMatching(said)])
    await expect(db.migrate(shippedMapping)).rejects.toThrow(said)
    await expect(upgradeTables(db.schema, shippedMapping, () => {})).rejects.toThrow(said)
    expect(await db.tables()).toEqual(before)
  },
)

test('one that has the room gets them', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query(`ALTER TABLE user_info MODIFY COLUMN title VARCHAR(200) NULL COMMENT '${words(LONGEST)}'`)
  await db.migrate(shippedMapping)
  expect((await notes())['title']).toBe(`slot ${TITLE}`)
})

test.each([false, true])('nor has one in mapping.yaml, where the table is there: %s', async (isThere) => {
  if (isThere) await db.migrate(shippedMapping)
  const long = withColumn(shippedMapping, {
    ...columnOf('title'),
    type: `VARCHAR(200) NULL COMMENT '${words(LONGEST + 2)}'`,
  })
  const said =
    'The comment of title in mapping.yaml, with its slot at the end, has 1,026 characters, and a server keeps 1,024: shorten it by 2.'
  expect((await db.plan(long)).refusals).toEqual([said])
  expect(() => planFromNothing(long)).toThrow(said)
  expect(isThere ? await db.tableLink(long) : undefined).toEqual(
    isThere ? expect.objectContaining({ state: 'wrong', found: said }) : undefined,
  )
  await expect(upgradeTables(db.schema, long, () => {})).rejects.toThrow(said)
})
