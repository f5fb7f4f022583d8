import { upgradeTables } from '../../../local/database/upgradeTables'
import type { Mapping } from '../../../shared/mapping/mapping'
import { shippedMapping } from '../../support/mapping'
import { expectRefused } from './expectRefused'
import { openPlayground, type Playground, withColumn, withoutColumn, withSlots } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

const slotOf = (name: string) => shippedMapping.columns.find((column) => column.name === name)?.slot ?? -1
const [NAME, TITLE, LAST] = [
  slotOf('name'),
  slotOf('title'),
  Math.max(...shippedMapping.columns.map(({ slot }) => slot)),
]
/** As the note lists them: 20 to 23 are the opt-in columns' of mapping.yaml. */
const LISTED = '0-19,24'
const comments = async () =>
  Object.fromEntries((await db.tables())['user_info']?.map(({ Field, Comment }) => [Field, Comment]) ?? [])

test('a new table knows its slots, and so does one that a column is added to, or is taken out of', async () => {
  await db.migrate(shippedMapping)
  expect(await comments()).toMatchObject({
    ...{ corpId: '', userId: '', createdAt: '' },
    ...{ name: `slot ${NAME}`, title: `slot ${TITLE}`, columnVersions: expect.stringMatching(`^slots ${LISTED} = `) },
  })
  const wider = withColumn(shippedMapping, { name: 'nickname', slot: 30, type: "INT NULL COMMENT 'it''s short'" })
  await db.migrate(wider)
  expect(await comments()).toMatchObject({
    nickname: "it's short (slot 30)",
    columnVersions: expect.stringMatching(`^slots ${LISTED},30 = `),
  })
  await db.connection.query('ALTER TABLE user_info DROP COLUMN nickname')
  expect((await db.plan(shippedMapping)).steps).toEqual([])
  expect((await db.plan(withoutColumn(shippedMapping, 'title'))).steps).toEqual([])
})

/** What somebody did to the table, mapping.yaml then, and what is said. */
const next = `give it the next free one, ${LAST + 1}`
const faults: [string, string[], Mapping, string[]][] = [
  [
    'two slots swapped',
    [],
    withSlots({ name: TITLE, title: NAME }),
    [
      `mapping.yaml gives name slot ${TITLE}, in user_info it has slot ${NAME}: put that back.`,
      `mapping.yaml gives title slot ${NAME}, in user_info it has slot ${TITLE}: put that back.`,
    ],
  ],
  [
    'a slot changed to a new number',
    [],
    withSlots({ title: 77 }),
    [`mapping.yaml gives title slot 77, in user_info it has slot ${TITLE}: put that back.`],
  ],
  [
    'the slot of a column that mapping.yaml names no more, and the table has',
    [],
    withColumn(withoutColumn(shippedMapping, 'title'), { name: 'nickname', slot: TITLE, type: 'INT NULL' }),
    [
      `mapping.yaml gives nickname slot ${TITLE}, which is that of title in user_info: ${next}; or, if nickname is the new name of title, ` +
        'first ALTER TABLE `user_info` CHANGE COLUMN `title` `nickname` ',
    ],
  ],
  [
    'the slot of a column that is dropped',
    ['ALTER TABLE user_info DROP COLUMN title'],
    withColumn(withoutColumn(shippedMapping, 'title'), { name: 'nickname', slot: TITLE, type: 'INT NULL' }),
    [`mapping.yaml gives nickname slot ${TITLE}, which was another column's in user_info: ${next}.`],
  ],
  [
    'the slots of two that are dropped, by columns that are there without a slot, or not',
    ['ALTER TABLE user_info DROP COLUMN title, DROP COLUMN name'],
    [
      { name: 'nickname', slot: TITLE, type: 'INT NULL' },
      { name: 'alias', slot: NAME, type: 'INT NULL' },
    ].reduce<Mapping>(withColumn, withoutColumn(withoutColumn(shippedMapping, 'title'), 'name')),
    [
      `mapping.yaml gives nickname slot ${TITLE}, which was another column's in user_info: ${next}.`,
      `mapping.yaml gives alias slot ${NAME}, which was another column's in user_info: give it the next free one, ${LAST + 2}.`,
    ],
  ],
  [
    'the slot of a column that is dropped, by one that somebody added without a note',
    ['ALTER TABLE user_info DROP COLUMN title, ADD COLUMN nickname INT NULL'],
    withColumn(withoutColumn(shippedMapping, 'title'), { name: 'nickname', slot: TITLE, type: 'INT NULL' }),
    [
      `mapping.yaml gives nickname slot ${TITLE}, which was another column's in user_info: ${next}; or, if nickname is its new ` +
        'name, first ALTER TABLE `user_info` MODIFY COLUMN `nickname` ',
    ],
  ],
]

test.each(faults)(
  '%s is refused by migrate, npm start and doctor, with the next step',
  async (_, sql, mapping, said) => {
    await db.migrate(shippedMapping)
    for (const statement of sql) await db.connection.query(statement)
    await expectRefused(db, mapping, said)
  },
)

test('the renaming that it names does what is meant', async () => {
  await db.migrate(shippedMapping)
  const renamed = withColumn(withoutColumn(shippedMapping, 'title'), {
    name: 'post',
    slot: TITLE,
    type: 'VARCHAR(200) NULL',
  })
  const [refusal = ''] = (await db.plan(renamed)).refusals
  await db.connection.query(/first (ALTER .*)\.$/.exec(refusal)?.[1] ?? '')
  expect(await db.plan(renamed)).toMatchObject({ checks: [], refusals: [], notes: [] })
  await db.migrate(renamed)
  expect((await comments())['post']).toBe(`slot ${TITLE}`)
  expect(await db.plan(renamed)).toEqual({ steps: [], checks: [], refusals: [], notes: [] })
})

test('a column that was dropped by mistake comes back with its slot', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query('ALTER TABLE user_info DROP COLUMN title')
  await db.migrate(shippedMapping)
  expect((await comments())['title']).toBe(`slot ${TITLE}`)
  expect(await db.plan(shippedMapping)).toEqual({ steps: [], checks: [], refusals: [], notes: [] })
})

test.each(['migrate', 'npm start'])(
  'a table of before gets them by %s: words of its own, and all else of a column, stay',
  async (way) => {
    await db.migrate(shippedMapping)
    await db.connection.query("ALTER TABLE user_info ADD COLUMN kept INT NULL COMMENT 'by hand'")
    const types = (await db.tables())['user_info'] ?? []
    for (const { Field, Type, Collation, Null } of types.filter(
      ({ Comment }) => Comment !== '' && Comment !== 'by hand',
    )) {
      const set = Collation === null ? '' : `CHARACTER SET ${Collation.split('_')[0]} COLLATE ${Collation}`
      const words = Field === 'name' ? "COMMENT 'as it''s in \\\\ DingTalk'" : ''
      await db.connection.query(
        `ALTER TABLE user_info MODIFY COLUMN ${Field} ${Type} ${set} ${Null === 'YES' ? 'NULL' : 'NOT NULL'} ${words}`,
      )
    }
    await db.connection.query("ALTER TABLE user_info ALTER COLUMN active SET DEFAULT 'it''s'")
    const before = await db.tables()
    const plan = await db.plan(shippedMapping)
    expect(plan.steps).toHaveLength(1)

    if (way === 'migrate') await db.migrate(shippedMapping)
    else await upgradeTables(db.schema, [shippedMapping], () => {})
    expect(await comments()).toMatchObject({
      name: `as it's in \\ DingTalk (slot ${NAME})`,
      title: `slot ${TITLE}`,
      kept: 'by hand',
      columnVersions: expect.stringMatching(`^slots ${LISTED} = `),
    })
    const withoutComments = (tables: typeof before) => tables['user_info']?.map(({ Comment, ...rest }) => rest)
    expect(withoutComments(await db.tables())).toEqual(withoutComments(before))
    expect((await db.plan(shippedMapping)).steps).toEqual([])
  },
)

test('a change of type keeps words and slot, and the undo brings back what was', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query(
    `ALTER TABLE user_info MODIFY COLUMN title VARCHAR(9) NULL COMMENT 'of the card (slot ${TITLE})'`,
  )
  const before = await db.tables()
  const plan = await db.migrate(shippedMapping)
  expect((await comments())['title']).toBe(`of the card (slot ${TITLE})`)
  for (const { undo = '' } of plan.steps) await db.connection.query(undo)
  expect(await db.tables()).toEqual(before)
})

test('another key: the new table knows the slots of columns that are gone, too', async () => {
  await db.migrate(withColumn(shippedMapping, { name: 'nickname', slot: 40, type: 'INT NULL' }))
  await db.connection.query('ALTER TABLE user_info DROP COLUMN nickname')
  const byUser = { ...shippedMapping, key: shippedMapping.key.filter(({ name }) => name === 'userId') }
  await db.migrate(byUser, { leaveBehind: true })
  expect(await comments()).toMatchObject({
    name: `slot ${NAME}`,
    columnVersions: expect.stringMatching(`^slots ${LISTED},40 = `),
  })
})
