import { upgradeTables } from '../../../local/database/upgradeTables'
import { describeTable } from '../../../shared/mapping/describeTable'
import type { Column, Mapping } from '../../../shared/mapping/mapping'
import { findColumn, markOf, noteOf, quote, VERSIONS } from '../../../shared/mapping/tables'
import { tableLink } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { expectRefused } from './expectRefused'
import { openPlayground, type Playground, withColumn, withoutColumn, withSlots } from './playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

const columnOf = (name: string) => findColumn(shippedMapping.columns, name) as Column
const [NAME, TITLE] = [columnOf('name').slot, columnOf('title').slot]
const NEXT = Math.max(...shippedMapping.columns.map(({ slot }) => slot)) + 1
const MAPPED = shippedMapping.columns.map(({ name }) => name)

const instead = (name: string, slot: number) =>
  withColumn(withoutColumn(shippedMapping, 'title'), { ...columnOf('title'), name, slot })

/** What a MODIFY without its COMMENT does. */
async function lose(names: readonly string[]): Promise<void> {
  const there = (await describeTable(db.connection, 'user_info')) ?? []
  for (const { name, definition } of there.filter((column) => names.includes(column.name))) {
    const bare = definition.replace(/ COMMENT '[^']*'/, '')
    await db.connection.query(`ALTER TABLE user_info MODIFY COLUMN ${quote(name)} ${bare}`)
  }
}

/** All notes, by column. */
const notes = async () =>
  Object.fromEntries(((await db.tables())['user_info'] ?? []).map(({ Field, Comment }) => [Field, noteOf(Comment)]))

async function expectTaken(mapping: Mapping, way: 'migrate' | 'npm start'): Promise<void> {
  const after = expect.objectContaining({
    ...Object.fromEntries(mapping.columns.map(({ name, slot }) => [name, `slot ${slot}`])),
    [VERSIONS]: expect.stringMatching(/^slots /),
  })
  expect((await db.plan(mapping)).refusals).toEqual([])
  if (way === 'migrate') await db.migrate(mapping)
  else await upgradeTables(db.schema, [mapping], () => {})
  expect(await notes()).toEqual(after)
  expect((await db.plan(mapping)).steps).toEqual([])
  expect(await tableLink(db.schema, mapping)).toMatchObject({ state: 'ok' })
}

const back = (name: string, is: number, gives: number) =>
  `mapping.yaml gives ${name} slot ${gives}, in user_info it has slot ${is}: put that back.`
const next = `give it the next free one, ${NEXT}`
const notKnown = (name: string) =>
  `Which slot ${name} has in user_info is not known: its comment is gone, and the list of columnVersions, too.`
const anothers = (name: string, slot: number, owner: string) =>
  `mapping.yaml gives ${name} slot ${slot}, which is that of ${owner} in user_info: `

const same = shippedMapping
const moved = withSlots({ title: NEXT })
const swapped = withSlots({ name: TITLE, title: NAME })
const reused = instead('nickname', TITLE)
const post = instead('post', TITLE)
const [drop, rename] = ['DROP COLUMN title', 'CHANGE COLUMN title post VARCHAR(200) NULL']

/** Whose comments are lost. The list is that of columnVersions. */
const LOST = {
  title: ['title'],
  'name and title': ['name', 'title'],
  'all columns': MAPPED,
  'the list': [VERSIONS],
  'the list and title': [VERSIONS, 'title'],
  'the list, name and title': [VERSIONS, 'name', 'title'],
  'the list and all columns': [VERSIONS, ...MAPPED],
}
type Lost = keyof typeof LOST

const bothBack = [back('name', NAME, TITLE), back('title', TITLE, NAME)]
const orRenamed = `${anothers('nickname', TITLE, 'title')}${next}; or, if nickname is the new name of title, first ALTER TABLE `
const was = `slot ${TITLE}, which was another column's in user_info: ${next}`
const mayHaveBeen = `slot ${TITLE}, which may have been another column's in user_info: ${next}.`

/** What is lost, what mapping.yaml has then, what was done to the table besides, and what is said: nothing when it is right. */
const cases: [Lost, string, Mapping, string, string[]][] = [
  ...(['title', 'name and title', 'all columns'] as const).flatMap((lost): typeof cases => [
    [lost, 'the same slots', same, '', []],
    [lost, 'a slot moved', moved, '', [back('title', TITLE, NEXT)]],
    [lost, 'two slots swapped', swapped, '', bothBack],
    [lost, 'a slot reused', reused, '', [orRenamed]],
    [lost, 'the slot of a dropped column reused', reused, drop, [`${was}.`]],
    [lost, 'a dropped column again', same, drop, []],
    [lost, 'a dropped column again, in a new slot', moved, drop, []],
    [lost, 'a column renamed', post, rename, [`${was}; or, if post is its new name, first ALTER TABLE `]],
  ]),
  ['the list', 'the same slots', same, '', []],
  ['the list', 'a slot moved', moved, '', [back('title', TITLE, NEXT)]],
  ['the list', 'two slots swapped', swapped, '', bothBack],
  ['the list', 'a slot reused', reused, '', [orRenamed]],
  ['the list', 'the slot of a dropped column reused', reused, drop, [mayHaveBeen]],
  ['the list', 'a dropped column again, in a new slot', moved, drop, []],
  ['the list', 'a column renamed', post, rename, [notKnown('post')]],
  [
    'the list and title',
    'the same slots',
    same,
    '',
    [`${notKnown('title')} If it is ${TITLE}, as in mapping.yaml, first ALTER`],
  ],
  ['the list and title', 'a slot moved', moved, '', [notKnown('title')]],
  [
    'the list and title',
    'two slots swapped',
    swapped,
    '',
    [back('name', NAME, TITLE), `${notKnown('title')} It is not ${NAME}, which is that of name: put back what it was.`],
  ],
  ['the list and title', 'a slot reused', reused, '', [mayHaveBeen]],
  ['the list and title', 'the slot of a dropped column reused', reused, drop, [mayHaveBeen]],
  ['the list, name and title', 'the same slots', same, '', [notKnown('name'), notKnown('title')]],
  ['the list, name and title', 'two slots swapped', swapped, '', [notKnown('name'), notKnown('title')]],
  // a table of the time before the notes looks the same
  ['the list and all columns', 'the same slots', same, '', []],
]

test.each(cases)('the comments of %s are lost, and mapping.yaml has %s', async (lost, _, mapping, change, said) => {
  for (const way of ['migrate', 'npm start'] as const) {
    await db.connection.query('DROP TABLE IF EXISTS user_info')
    await db.migrate(shippedMapping)
    await lose(LOST[lost])
    if (change !== '') await db.connection.query(`ALTER TABLE user_info ${change}`)
    if (said.length > 0) return expectRefused(db, mapping, said)
    await expectTaken(mapping, way)
  }
})

test.each<[string, string[], string, Mapping]>([
  ['a new name of one without its comment', ['title'], '', post],
  [
    'a new name of one that is JSON',
    [],
    '',
    withColumn(withoutColumn(shippedMapping, 'department'), { ...columnOf('department'), name: 'teams' }),
  ],
  ['one that was renamed without its comment', [], rename, post],
  ['one whose slot is not known', [VERSIONS, 'title'], '', same],
])('the statement that is named for %s does what is meant', async (_, lost, change, mapping) => {
  await db.migrate(shippedMapping)
  await lose(lost)
  if (change !== '') await db.connection.query(`ALTER TABLE user_info ${change}`)
  const [refusal = ''] = (await db.plan(mapping)).refusals
  await db.connection.query(/first (ALTER .*)\.$/.exec(refusal)?.[1] ?? '')
  await expectTaken(mapping, 'migrate')
})

test('the number that is named is taken, and what the lost list may have had is not used again', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query('ALTER TABLE user_info DROP COLUMN title, ADD COLUMN nickname INT NULL')
  await expectTaken(
    withColumn(withoutColumn(shippedMapping, 'title'), { name: 'nickname', slot: NEXT, type: 'INT NULL' }),
    'migrate',
  )
  await lose([VERSIONS])
  await expectTaken(
    withColumn(withoutColumn(shippedMapping, 'title'), { name: 'nickname', slot: NEXT, type: 'INT NULL' }),
    'migrate',
  )
  await expectRefused(
    db,
    withColumn(withoutColumn(shippedMapping, 'title'), { name: 'post', slot: TITLE, type: 'INT NULL' }),
    [`slot ${TITLE}, which may have been another column's in user_info: give it the next free one, ${NEXT + 1}`],
  )
})

test('a column that came back in a new slot is known by that one', async () => {
  await db.migrate(shippedMapping)
  await db.connection.query('ALTER TABLE user_info DROP COLUMN title')
  await db.migrate(moved)
  await lose(['title'])
  await expectRefused(db, same, [back('title', NEXT, TITLE)])
  await expectTaken(moved, 'migrate')
})

test('two columns with one mark, both without their comments, are not taken for each other', async () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `column${index}`)
  const second = names.find((name, index) => names.findIndex((other) => markOf(other) === markOf(name)) < index) ?? ''
  const first = names.find((name) => markOf(name) === markOf(second)) ?? ''
  const both = (slots: [number, number]) =>
    [first, second].reduce(
      (mapping, name, index) => withColumn(mapping, { name, slot: slots[index] ?? -1, type: 'INT NULL' }),
      shippedMapping,
    )
  await db.migrate(both([30, 31]))
  await lose([first, second])
  await expectRefused(db, both([32, 31]), [
    `mapping.yaml gives ${first} slot 32, in user_info it has slot 30 or 31: put that back.`,
  ])
  await expectTaken(both([30, 31]), 'migrate')
})

test('what --rename-from is to rename is named by the name that it has', async () => {
  await db.migrate(shippedMapping)
  const { refusals } = await db.plan({ ...post, table: 'staff' }, { renameFrom: 'user_info' })
  expect(refusals).toEqual([expect.stringContaining('first ALTER TABLE `user_info` CHANGE COLUMN `title` `post` ')])
})
