import { applyChanges, type Upserting } from '../../../functions/employees/applyChanges'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { Change } from '../../../functions/employees/toChanges'
import { OTHER_ROW } from '../../../functions/employees/upsertSql'
import type { SqlValue } from '../../../shared/database'
import type { Column, Mapping } from '../../../shared/mapping/mapping'
import { versionOf } from '../../../shared/mapping/version'
import { shippedMapping } from '../../support/mapping'

type Said = Readonly<Record<string, SqlValue>>

const tooLong = new DatabaseError('ER_DATA_TOO_LONG', 1406, '22001')
const unknown = new DatabaseError('ER_X', 9999, 'HY000')
const check = (rule: string, errno = 4025) => new DatabaseError('ER_CHECK', errno, '23000', rule)
const otherRow = new DatabaseError('ER_DIVISION_BY_ZERO', OTHER_ROW, '22012')
const duplicate = new DatabaseError('ER_DUP_ENTRY', 1062, '23000', 'badge')

/** Takes rows but for those that it judges otherwise, by what each says and by what it has of others. */
function tableOf(judge: (said: Said, others: readonly Said[], isInsertion: boolean) => DatabaseError | undefined) {
  const stored = new Map<string, Said>()
  const table = { upserts: 0, rehearsals: 0, renewals: 0 }
  const isTaken = (isInsertion: boolean, rows: Parameters<Upserting['upsert']>[0]) => {
    for (const { key, values } of rows) {
      const user = key[1] ?? ''
      const others = [...stored].filter(([other]) => other !== user).map(([, said]) => said)
      const error = judge({ userId: user, ...saidBy(values) }, others, isInsertion)
      if (error) throw error
    }
  }
  const upserting: Upserting = {
    async upsert(rows) {
      table.upserts++
      isTaken(false, rows)
      for (const { key, values } of rows) stored.set(key[1] ?? '', { ...stored.get(key[1] ?? ''), ...saidBy(values) })
    },
    async rehearse(rows) {
      table.rehearsals++
      isTaken(false, rows)
    },
    rehearseInsert: async (rows) => isTaken(true, rows),
    renew: () => void table.renewals++,
  }
  return { ...upserting, table, rows: () => Object.fromEntries(stored) }
}

function saidBy(values: readonly (SqlValue | undefined)[]): Said {
  const said: Record<string, SqlValue> = {}
  for (const [index, value] of values.entries()) {
    if (value !== undefined) said[shippedMapping.columns[index]?.name ?? ''] = value
  }
  return said
}

function changeOf({ userId, ...said }: Said): Change {
  const user = String(userId)
  const event = { id: user, source: 's', event: {}, text: '{}' }
  const values = shippedMapping.columns.map(({ name }) => said[name])
  return { key: ['', user], values, version: versionOf({ time: 1, eventId: user }), event, unreadable: [] }
}

/** The shipped table with this column changed. */
function mappingWith(name: string, changed: Partial<Column>): Mapping {
  const columns = shippedMapping.columns.map((column) => (column.name === name ? { ...column, ...changed } : column))
  return { ...shippedMapping, columns }
}

async function outcome(
  said: readonly Said[],
  judge: Parameters<typeof tableOf>[0],
  mapping = shippedMapping,
): Promise<{ rows: object; refused: string[][]; unfit: string[]; table: ReturnType<typeof tableOf>['table'] }> {
  const on = tableOf(judge)
  const { refused, unfit } = await applyChanges(said.map(changeOf), mapping, on)
  const letters = refused.map(({ change, reason }) => [change.key[1] ?? '', reason.replace('the table refuses ', '')])
  return { rows: on.rows(), refused: letters, unfit, table: on.table }
}

const [a, b] = [
  { userId: 'a', name: '小明', title: 'good' },
  { userId: 'b', name: '小红', title: 'bad', jobNumber: '7' },
]
const badTitle =
  (error: DatabaseError) =>
  ({ title }: Said) =>
    title === 'bad' ? error : undefined

// [what, of the column title, the error of a title that is bad, what becomes of b, its dead letter, unfit]
test.each<[string, Partial<Column>, DatabaseError, object | undefined, string | undefined, string[]]>([
  ['a value that does not fit is left out', {}, tooLong, { name: '小红', jobNumber: '7' }, undefined, ['title']],
  [
    'or cleared, where mapping.yaml says so',
    { bad: 'clear' },
    tooLong,
    { name: '小红', title: null, jobNumber: '7' },
    undefined,
    ['title'],
  ],
  [
    'or the event is refused, where it says that',
    { bad: 'reject' },
    tooLong,
    undefined,
    'the value for title does not fit: a value (ER_DATA_TOO_LONG)',
    [],
  ],
  ['an error that nobody knows is one column’s', {}, unknown, { name: '小红', jobNumber: '7' }, undefined, ['title']],
  [
    'no JSON is a value that does not fit',
    { type: 'json NULL' },
    check('title'),
    { name: '小红', jobNumber: '7' },
    undefined,
    ['title'],
  ],
  ['a CHECK of another name', { type: 'JSON' }, check('good'), undefined, 'a value (ER_CHECK, by good)', []],
  ['a CHECK of that name of a text', {}, check('title'), undefined, 'a value (ER_CHECK, by title)', []],
  [
    'a CHECK of a text that speaks of JSON',
    { type: "VARCHAR(9) COMMENT 'no JSON'" },
    check('title'),
    undefined,
    'a value (ER_CHECK, by title)',
    [],
  ],
  [
    'a CHECK of MySQL’s, whose JSON has none',
    { type: 'JSON' },
    check('title', 3819),
    undefined,
    'a value (ER_CHECK, by title)',
    [],
  ],
])('%s', async (_, column, error, row, letter, unfit) => {
  expect(await outcome([a, b], badTitle(error), mappingWith('title', column))).toMatchObject({
    rows: { a: { name: '小明', title: 'good' }, ...(row && { b: row }) },
    refused: letter === undefined ? [] : [['b', letter]],
    unfit,
  })
})

test('of a row that is refused nothing is stored', async () => {
  expect((await outcome([a, b], badTitle(check('good')))).rows).toEqual({ a: { name: '小明', title: 'good' } })
})

test('a key that does not fit is a dead letter, also where nothing else is delivered', async () => {
  const { refused, unfit, rows } = await outcome([b], ({ userId }) => (userId === 'b' ? tooLong : undefined))
  expect({ refused, unfit, rows }).toEqual({ refused: [['b', 'a value (ER_DATA_TOO_LONG)']], unfit: [], rows: {} })
})

test('what a rule refuses once the bad value is left out is refused by that rule', async () => {
  const isTaken = (said: Said, others: readonly Said[]) =>
    others.some(({ jobNumber }) => jobNumber === said['jobNumber'])
  const { refused, rows } = await outcome([{ ...a, jobNumber: '7' }, b], (said, others, isInsertion) => {
    if (said['title'] === 'bad') return tooLong
    // an upsert that met another row does not say by which index
    return isTaken(said, others) && said['name'] !== undefined ? (isInsertion ? duplicate : otherRow) : undefined
  })
  expect(refused).toEqual([['b', 'a value (ER_DUP_ENTRY, by badge)']])
  expect(Object.keys(rows)).toEqual(['a'])
})

describe('columns that do not fit are found', () => {
  const bad = (said: Said) => (Object.values(said).includes('bad') ? tooLong : undefined)
  const many = { name: 'n', dingId: 'd', unionId: 'u', jobNumber: 'j' }

  test('wherever they are, by whomever they were sent', async () => {
    const { unfit, refused, rows } = await outcome(
      [
        { userId: 'a', ...many, title: 'bad' },
        { userId: 'b', ...many, dingId: 'bad' },
        { userId: 'c', ...many, title: 'bad', name: 'bad' },
        { userId: 'd', ...many, title: 'good' },
      ],
      bad,
    )
    expect([unfit.toSorted(), refused]).toEqual([['dingId', 'name', 'title'], []])
    const { name: _name, ...unnamed } = many
    const { dingId: _dingId, ...others } = many
    expect(rows).toEqual({ a: many, b: others, c: unnamed, d: { ...many, title: 'good' } })
  })

  test('by two tries where it is that of the row before, and none for a column that the event does not speak of', async () => {
    const rehearsals = async (...said: Said[]) => (await outcome(said, bad)).table.rehearsals
    const first = await rehearsals({ userId: 'a', title: 'bad' })
    // nothing at all fits, and the one that does not
    expect(first).toBe(2)
    expect(await rehearsals({ userId: 'a', title: 'bad' }, { userId: 'b', ...many, title: 'bad' })).toBe(first + 2)
  })
})

describe('the value of a unique index', () => {
  test.each([
    ['told by the server', duplicate],
    ['of a partition', new DatabaseError('ER_DUP_ENTRY_WITH_KEY_NAME', 1586, '23000', 'badge')],
    ['met by the upsert', otherRow],
  ])('that another gives up in the same delivery is taken, %s', async (_, error) => {
    const holder: Said = { userId: 'z', jobNumber: '7' }
    const on = tableOf(({ jobNumber }, others) =>
      jobNumber !== undefined && others.some((other) => other['jobNumber'] === jobNumber) ? error : undefined,
    )
    await applyChanges([changeOf(holder)], shippedMapping, on)
    const said = [b, { ...holder, jobNumber: '8' }].map(changeOf)
    expect(await applyChanges(said, shippedMapping, on)).toEqual({ refused: [], unfit: [] })
    expect(on.rows()).toMatchObject({ b: { jobNumber: '7' }, z: { jobNumber: '8' } })
  })

  // all of them twice, each half, and once more where others were stored meanwhile
  test.each<[string, Said[], DatabaseError, number]>([
    ['is tried again after others were stored', [a, b], duplicate, 5],
    ['is not where none was', [b], duplicate, 2],
    ['is not after a CHECK', [a, b], check('good'), 4],
    ['is not after a trigger', [a, b], new DatabaseError('ER_SIGNAL_EXCEPTION', 1644, '45000'), 4],
  ])('%s', async (_, said, error, upserts) => {
    expect((await outcome(said, badTitle(error))).table.upserts).toBe(upserts)
  })
})

test.each<[string, DatabaseError, number]>([
  ['what does not fit is tried again on a new connection: the column may have become another', tooLong, 1],
  ['what nobody knows, as well', unknown, 1],
  ['what a rule refuses is tried again on the same', duplicate, 0],
])('%s', async (_, error, renewals) => {
  expect((await outcome([a, b], badTitle(error))).table.renewals).toBe(renewals)
})
