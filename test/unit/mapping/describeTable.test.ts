import { readServer } from '../../../functions/employees/maintenance/doctor/server'
import { judgeTable, readTable } from '../../../functions/employees/maintenance/doctor/table'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { describeTable, describeWanted, prepareSession, SESSION } from '../../../shared/mapping/describeTable'
import type { Table } from '../../../shared/mapping/tables'
import { findUniqueIndexes } from '../../../shared/mapping/uniqueIndexes'
import { withPlaces } from '../../../shared/mapping/whereRefused'

/** A server that answers so whatever it is asked that has this in it: with rows, or by throwing. The first counts. */
const server = (...answers: [part: string, answer: object[] | Error][]) => ({
  execute: async (sql: string) => {
    const [, answer = []] = answers.find(([part]) => sql.includes(part)) ?? []
    if (answer instanceof Error) throw answer
    return [answer, []]
  },
})

const described = (Field: string, Type: string, more: object = {}) => {
  const rest = { Collation: 'utf8mb4_bin', Null: 'NO', Key: '', Default: null, Extra: '', Comment: '' }
  return { Field, Type, ...rest, ...more }
}
const table: Table = {
  name: 't',
  columns: [
    { name: 'id', type: 'INT NOT NULL' },
    { name: 'v', type: 'JSON NULL' },
  ],
  key: ['id'],
  indexes: [],
}
const ours = new TypeError('a fault of ours')

test('MySQL’s JSON has no collation, whichever it tells; others have theirs', async () => {
  const columns = [described('a', 'json'), described('b', 'varchar(9)'), described('c', 'int', { Collation: null })]
  const there = await describeTable(server(['FULL COLUMNS', columns]), 't')
  expect(there?.map(({ collation }) => collation)).toEqual([null, 'utf8mb4_bin', null])
})

test('what a session needs is said to the server before anything else', async () => {
  const said: string[] = []
  await prepareSession({ execute: async (sql) => said.push(sql) })
  expect(said).toEqual(SESSION)
})

test('a table that is not there is none, and what else goes wrong comes out as it is', async () => {
  const gone = new DatabaseError('ER_NO_SUCH_TABLE', 1146, '42S02')
  expect(await describeTable(server(['FULL COLUMNS', gone]), 't')).toBeUndefined()
  for (const error of [new DatabaseError('ECONNRESET'), ours])
    await expect(describeTable(server(['FULL COLUMNS', error]), 't')).rejects.toBe(error)
})

const refusal = (sqlMessage: unknown, code: string | undefined = 'ER_X', errno: number | undefined = 1064) =>
  Object.assign(new Error('m'), { code, errno, sqlMessage })

test.each<[string, Error, string]>([
  ['in words', refusal("Unknown data type: 'JSON'"), "Unknown data type: 'JSON' (ER_X)"],
  [
    'in words that quote our statement',
    refusal("near 'JSON NULL,\n`the-key` INT' at line 2"),
    "near 'JSON NULL' (ER_X)",
  ],
  ['on its line', refusal("a bad\n  word at line 2, 'x' at line 12"), "a bad word at line 2, 'x' (ER_X)"],
  ['without words', refusal(''), 'ER_X'],
  ['with none that are text', refusal(5), 'ER_X'],
  ['by an error that has no code either', ours, 'no answer'],
])('a type that the server refuses %s', async (_, error, reason) => {
  const picky = server(['`v` JSON', error])
  await expect(describeWanted(picky, table)).rejects.toMatchObject({ table: 't', types: [{ column: 'v', reason }] })
})

test('all types that the server refuses are told, in the order of the columns', async () => {
  const picky = server(['`id` INT', refusal('No')], ['`v` JSON', refusal('Neither')])
  await expect(describeWanted(picky, table)).rejects.toThrow(
    'the type of id: the database refuses it: No (ER_X); the type of v: the database refuses it: Neither (ER_X)',
  )
})

test('types that the server takes one by one, and not together, are told without a column', async () => {
  const types = [{ column: undefined, reason: 'Row size too large (ER_X)' }]
  const picky = server(['`v` JSON NULL,\n  PRIMARY KEY', refusal('Row size too large')])
  await expect(describeWanted(picky, table)).rejects.toMatchObject({
    types,
    message: 'the columns and the key together: the database refuses it: Row size too large (ER_X)',
  })
})

test('the places in mapping.yaml are told of types that are refused; a fault of ours comes out as it is', async () => {
  await expect(withPlaces('table: t\n', 'm.yaml', () => Promise.reject(ours))).rejects.toBe(ours)
  const asked = withPlaces('table: t\ncolumns:\n  v: { type: JSON }\n', 'm.yaml', () =>
    describeWanted(server(['`v` JSON', refusal('Unknown')]), table),
  )
  await expect(asked).rejects.toThrow('m.yaml:3:8 the type of v: the database refuses it: Unknown (ER_X)')
})

const part = (Key_name: string, Column_name: string | null, more: object = {}) => {
  return { Non_unique: 0, Key_name, Column_name, Sub_part: null, Index_comment: '', ...more }
}

test.each<[string, object[], object[]]>([
  ['of a column', [part('u', 'v')], [{ name: 'u', parts: ['v'] }]],
  ['of an expression', [part('u', null, { Expression: 'lower(`v`)' })], [{ name: 'u', parts: ['(lower(`v`))'] }]],
  ['of a part of the key', [part('u', 'id', { Sub_part: 3 })], [{ name: 'u', parts: ['id'] }]],
  ['of more than the key', [part('u', 'v'), part('u', 'ID')], []],
  ['that is the key', [part('PRIMARY', 'id')], []],
  ['that is the key of a table with another one', [part('PRIMARY', 'v')], []],
  ['that every such table has', [part('ours', 'v'), part('u', 'v')], [{ name: 'u', parts: ['v'] }]],
  ['that is meant', [part('u', 'v', { Index_comment: 'kept' })], []],
  ['that is not unique', [part('u', 'v', { Non_unique: 1 })], []],
])('an index %s', async (_, rows, found) => {
  const whole = { ...table, indexes: ['KEY `v` (`v`)', 'UNIQUE KEY `ours` (`v`)'] }
  expect(await findUniqueIndexes(server(['SHOW INDEX', rows]), whole)).toEqual(found)
})

describe('the doctor', () => {
  const versions = described('columnVersions', 'varbinary(1024)', { Collation: null })
  const columns = [described('id', 'int', { Key: 'PRI', Collation: null }), described('v', 'json'), versions]
  const whole = { ...table, columns: [...table.columns, { name: 'columnVersions', type: 'VARBINARY(1024) NOT NULL' }] }

  test('tells the types that differ, with their collations', async () => {
    const wanted = columns.with(1, described('v', 'text', { Null: 'YES' })).with(2, { ...versions, Null: 'YES' })
    const asked = server(['FULL COLUMNS FROM `t`', columns], ['FULL COLUMNS', wanted])
    expect(judgeTable(whole, await readTable(asked, whole))).toMatchObject({
      state: 'wrong',
      found:
        'v is json NOT NULL, not text utf8mb4_bin NULL; columnVersions is varbinary(1024) NOT NULL, not varbinary(1024) NULL',
    })
  })

  test('does not know the types where it may make no table, and does not hide a fault of ours', async () => {
    const denied = new DatabaseError('ER_DBACCESS_DENIED_ERROR', 1044, '42000')
    const asked = (error: Error) => server(['FULL COLUMNS FROM `t`', columns], ['TEMPORARY', error])
    expect(judgeTable(whole, await readTable(asked(denied), whole))).toMatchObject({
      state: 'unknown',
      found: 'has all columns; their types are not known (ER_DBACCESS_DENIED_ERROR)',
    })
    await expect(readTable(asked(ours), whole)).rejects.toBe(ours)
  })

  test('takes a server that tells no cipher for one without TLS', async () => {
    const row = { version: '8.0.36', account: 'hr@%', maxConnections: '300', maxUserConnections: 0 }
    const asked = server(['SELECT VERSION', [row]], ['Threads_connected', [{ Value: '7' }]])
    expect(await readServer(asked)).toMatchObject({ cipher: '', maxConnections: 300, connected: 7 })
  })
})
