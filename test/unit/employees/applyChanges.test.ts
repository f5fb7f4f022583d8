import { applyChanges, type Upserting } from '../../../functions/employees/applyChanges'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { Change } from '../../../functions/employees/toChanges'
import { versionOf } from '../../../shared/mapping/version'
import { shippedMapping } from '../../support/mapping'

/** A table that answers for each user with this error. */
function tableWith(errors: Readonly<Record<string, DatabaseError | undefined>>): Upserting {
  const refuse: Upserting['upsert'] = async (rows) => {
    for (const { key } of rows) {
      const error = errors[key[1] ?? '']
      if (error) throw error
    }
  }
  return { upsert: refuse, rehearse: refuse, rehearseInsert: refuse, renew() {} }
}

function changeOf(user: string): Change {
  const values = shippedMapping.columns.map(({ name }) => (name === 'name' ? '小明' : undefined))
  const event = { id: user, source: 's', event: {}, text: '{}' }
  return { key: ['', user], values, version: versionOf({ time: 1, eventId: user }), event, unreadable: [] }
}

const unknown = (errno: number) => new DatabaseError('ER_X', errno, 'HY000')
const duplicate = new DatabaseError('ER_DUP_ENTRY', 1062, '23000', 'badge')

describe('an error that nobody knows', () => {
  test.each([9999, 1105, 1180, 1412, 3100])(
    '%i of the server itself is thrown, whatever else is refused',
    async (errno) => {
      const changes = ['a', 'b', 'c'].map(changeOf)
      const table = tableWith({ a: unknown(errno), b: duplicate, c: unknown(errno) })
      await expect(applyChanges(changes, shippedMapping, table)).rejects.toMatchObject({ errno })
    },
  )

  test('is the row’s fault when a neighbour is stored', async () => {
    const { refused } = await applyChanges(
      ['a', 'b', 'c'].map(changeOf),
      shippedMapping,
      tableWith({ b: unknown(9999) }),
    )
    expect(refused.map(({ change, reason }) => [change.key[1], reason])).toEqual([
      ['b', 'the table refuses a value (ER_X)'],
    ])
  })

  test('of one change alone is thrown', async () => {
    await expect(applyChanges([changeOf('a')], shippedMapping, tableWith({ a: unknown(9999) }))).rejects.toMatchObject({
      errno: 9999,
    })
  })
})

test('what EventBridge may mend by waiting is thrown at once, and nothing is tried by halves', async () => {
  let statements = 0
  const table = tableWith({})
  const down = new DatabaseError('ECONNREFUSED')
  const upsert = async () => {
    statements++
    throw down
  }
  await expect(applyChanges(['a', 'b'].map(changeOf), shippedMapping, { ...table, upsert })).rejects.toBe(down)
  expect(statements).toBe(1)
})

const [unfit, down] = [new DatabaseError('ER_DATA_TOO_LONG', 1406, '22001'), new DatabaseError('ECONNRESET')]
const otherRow = new DatabaseError('ER_DIVISION_BY_ZERO', 1365, '22012')

/** Two rows, of which the second is refused; these statements of the table meet something else. */
test.each<[string, DatabaseError, (bad: Upserting) => Partial<Upserting>]>([
  [
    'while a half is stored',
    unfit,
    ({ upsert }) => ({ upsert: (rows) => (rows.length === 1 ? gone() : upsert(rows)) }),
  ],
  ['while it is looked which column does not fit', unfit, () => ({ rehearse: gone })],
  [
    'while what is left of a row is stored',
    unfit,
    ({ upsert }) => {
      const named = (rows: Parameters<typeof upsert>[0]) => rows.some(({ values }) => values.includes('小明'))
      return {
        rehearse: (rows) => (named(rows) ? upsert(rows) : done()),
        upsert: (rows) => (named(rows) ? upsert(rows) : gone()),
      }
    },
  ],
  [
    'while it is tried once more, since another may have given up its value',
    duplicate,
    ({ upsert }) => {
      let times = 0
      const isAlone = (rows: Parameters<typeof upsert>[0]) => rows.length === 1 && rows[0]?.key[1] === 'b'
      return { upsert: (rows) => (isAlone(rows) && ++times === 2 ? gone() : upsert(rows)) }
    },
  ],
  ['while it is looked by which index', otherRow, () => ({ rehearseInsert: gone })],
])('a server that goes away %s is no fault of the row', async (_, error, others) => {
  const bad = tableWith({ b: error })
  await expect(applyChanges(['a', 'b'].map(changeOf), shippedMapping, { ...bad, ...others(bad) })).rejects.toBe(down)
})

test('of a row that met another, and that can be inserted by now, the first answer is told', async () => {
  const table = { ...tableWith({ b: otherRow }), rehearseInsert: async () => {} }
  const { refused } = await applyChanges(['a', 'b'].map(changeOf), shippedMapping, table)
  expect(refused.map(({ change, reason }) => [change.key[1], reason])).toEqual([
    ['b', 'the table refuses a value (ER_DIVISION_BY_ZERO)'],
  ])
})

async function gone(): Promise<void> {
  throw down
}

async function done(): Promise<void> {}
