import { compareSlots } from '../../../shared/mapping/compareTable'
import { markOf, type Table, VERSIONS } from '../../../shared/mapping/tables'
import { described } from './described'

type Slots = Record<string, number>

const wantedWith = (slots: Slots): Table => ({
  name: 't',
  columns: [
    { name: 'id', type: 'INT' },
    ...Object.entries(slots).map(([name, slot]) => ({ name, type: 'INT', note: `slot ${slot}` })),
  ],
  key: ['id'],
  indexes: [],
})

/** A table with these slots in its columns' comments, undefined for one whose comment is gone, and this list. */
const thereWith = (slots: Record<string, number | undefined>, list: string) => [
  described('id', { isKey: true }),
  ...Object.entries(slots).map(([name, slot]) =>
    described(name, { comment: slot === undefined ? '' : `slot ${slot}` }),
  ),
  described(VERSIONS, { comment: list }),
]
const filled = (from: number, to: number): Slots =>
  Object.fromEntries(Array.from({ length: to - from }, (_, at) => [`c${from + at}`, from + at]))
const marks = (...names: string[]) => names.map(markOf).join('')

test.each<[string, Slots, Slots, string[]]>([
  ['its own', { a: 0, b: 1 }, { a: 0 }, []],
  [
    'another’s that has another in mapping.yaml',
    { a: 5, b: 0 },
    { a: 0 },
    [
      'mapping.yaml gives a slot 5, in t it has slot 0: put that back.',
      'mapping.yaml gives b slot 0, which is that of a in t: give it the next free one, 6.',
    ],
  ],
  [
    'that of one which it does not have: a new name, perhaps',
    { b: 0 },
    { a: 0 },
    [
      "mapping.yaml gives b slot 0, which is that of a in t: give it the next free one, 1; or, if b is the new name of a, first ALTER TABLE `t` CHANGE COLUMN `a` `b` int COMMENT 'slot 0'.",
    ],
  ],
  [
    'one of a table whose last is taken: the next free one is below',
    { b: 127 },
    { ...filled(1, 128) },
    [
      expect.stringMatching(
        /^mapping\.yaml gives b slot 127, which is that of c127 in t: give it the next free one, 0; or/,
      ),
    ],
  ],
  [
    'one of a full table',
    { b: 127 },
    { ...filled(0, 128) },
    [
      expect.stringMatching(
        /^mapping\.yaml gives b slot 127, which is that of c127 in t: no slot is free any more; or/,
      ),
    ],
  ],
])('mapping.yaml gives a column %s', (_, wanted, there, faults) => {
  const columns = Object.entries(there)
  const list = `slots ${columns.map(([, slot]) => slot).join()} = ${marks(...columns.map(([name]) => name))}`
  expect(compareSlots(wantedWith(wanted), thereWith(there, list))).toEqual(faults)
})

const gone = 'its comment is gone, and the list of columnVersions, too.'

// [what, what mapping.yaml wants, what the comments say, the list, what is told]
test.each<[string, Slots, Record<string, number | undefined>, string, string[]]>([
  ['is known by its mark in the list', { a: 0, b: 1 }, { a: 0, b: undefined }, `slots 0-1 = ${marks('a', 'b')}`, []],
  [
    '… and has another in mapping.yaml',
    { a: 0, b: 2 },
    { a: 0, b: undefined },
    `slots 0-1 = ${marks('a', 'b')}`,
    ['mapping.yaml gives b slot 2, in t it has slot 1: put that back.'],
  ],
  [
    'is not known by a mark whose slot is another’s now',
    { a: 0, b: 1, c: 2 },
    { a: 0, b: undefined, c: 2 },
    `slots 0,2 = ${marks('b', 'c')}`,
    [],
  ],
  [
    'is not in the list: the slot was another’s, or it is a new name',
    { a: 0, c: 1 },
    { a: 0, c: undefined },
    `slots 0-1 = ${marks('a', 'b')}`,
    [
      "mapping.yaml gives c slot 1, which was another column's in t: give it the next free one, 2; or, if c is its new name, first ALTER TABLE `t` MODIFY COLUMN `c` int COMMENT 'slot 1'.",
    ],
  ],
  [
    'is not in the list, and gets the slot of one that is there: no new name',
    { c: 0 },
    { a: 0, c: undefined },
    `slots 0 = ${marks('a')}`,
    ['mapping.yaml gives c slot 0, which is that of a in t: give it the next free one, 1.'],
  ],
  [
    'is lost with the list',
    { a: 0, b: 1 },
    { a: undefined, b: 1 },
    '',
    [
      `Which slot a has in t is not known: ${gone} If it is 0, as in mapping.yaml, first ALTER TABLE \`t\` MODIFY COLUMN \`a\` int COMMENT 'slot 0'.`,
    ],
  ],
  [
    'is lost with the list, and gets the slot of another',
    { a: 1, c: 2 },
    { a: undefined, b: 1, c: 2 },
    '',
    [`Which slot a has in t is not known: ${gone} It is not 1, which is that of b: put back what it was.`],
  ],
])('a column whose comment is gone %s', (_, wanted, there, list, faults) => {
  expect(compareSlots(wantedWith(wanted), thereWith(there, list))).toEqual(faults)
})

const mayHaveBeen = (slot: number, next: number) =>
  `mapping.yaml gives c slot ${slot}, which may have been another column's in t: give it the next free one, ${next}.`

test.each<[string, Slots, Record<string, number | undefined>, string, string[]]>([
  ['gone', { b: 2, c: 1 }, { b: 2 }, 'the versions', [mayHaveBeen(1, 3)]],
  ['gone, the slot a higher one', { b: 2, c: 3 }, { b: 2 }, '', []],
  ['without marks', { a: 0, c: 2 }, { a: 0 }, 'slots 0-2', [mayHaveBeen(2, 3)]],
  [
    'cut off: the marks that are there count',
    { a: 0, b: 1, c: 2 },
    { a: undefined },
    `slots 0-2 = ${marks('a', 'b')}`,
    [mayHaveBeen(2, 3)],
  ],
  ['gone, and all notes, as in a table of before them', { a: 1, b: 0 }, { a: undefined, b: undefined }, '', []],
])('where the list is %s', (_, wanted, there, list, faults) => {
  expect(compareSlots(wantedWith(wanted), thereWith(there, list))).toEqual(faults)
})

test('the note of a column goes before its mark in the list', () => {
  const there = thereWith({ a: 1 }, `slots 0-1 = ${marks('a')}---`)
  expect(compareSlots(wantedWith({ a: 0 }), there)).toEqual([
    'mapping.yaml gives a slot 0, in t it has slot 1: put that back.',
  ])
})

/** Another name with the mark of this one. */
function sameMark(name: string): string {
  for (let number = 0; ; number++) if (markOf(`c${number}`) === markOf(name)) return `c${number}`
}

test('two columns with one mark, both without their comments, are told together', () => {
  const other = sameMark('a')
  const there = thereWith({ a: undefined, [other]: undefined }, `slots 0-1 = ${marks('a', 'a')}`)
  expect(compareSlots(wantedWith({ a: 2, [other]: 1 }), there)).toEqual([
    'mapping.yaml gives a slot 2, in t it has slot 0 or 1: put that back.',
  ])
})

test.each(['id', 'createdAt'])(
  'a mark is never that of %s, which has no slot: a column that had it comes back',
  (own) => {
    const name = sameMark(own)
    const there = [...thereWith({}, `slots 0 = ${markOf(name)}`), described('createdAt')]
    expect(compareSlots(wantedWith({ [name]: 0 }), there)).toEqual([])
  },
)
