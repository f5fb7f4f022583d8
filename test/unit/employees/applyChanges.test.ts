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
