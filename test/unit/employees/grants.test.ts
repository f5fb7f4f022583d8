import type { EmployeesConfig } from '../../../functions/employees/config'
import { type Grant, judgeGrants, readGrants } from '../../../functions/employees/maintenance/doctor/grants'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { DEAD_LETTERS, type Table } from '../../../shared/mapping/tables'

const columns = ['corpId', 'userId', 'of`d'].map((name) => ({ name, type: 'INT NULL' }))
const people: Table = { name: 'people', columns, key: ['corpId', 'userId'], indexes: [] }
const OF_LETTERS = '`id`, `digest`, `table`, `source`, `eventId`, `reason`, `event`, `createdAt`'

/** What each right is tried by: a statement that the server refuses to whoever lacks it, and that touches no row. */
const TRIED = [
  ['people', 'SELECT', 'SELECT `corpId`, `userId`, `of``d` FROM `people` WHERE 1 = 0'],
  [
    'people',
    'INSERT',
    'INSERT INTO `people` (`corpId`, `userId`, `of``d`) SELECT NULL, NULL, NULL FROM DUAL WHERE 1 = 0',
  ],
  ['people', 'UPDATE', 'UPDATE `people` SET `corpId` = NULL WHERE 1 = 0'],
  ['dead_letters', 'SELECT', `SELECT ${OF_LETTERS} FROM \`dead_letters\` WHERE 1 = 0`],
  [
    'dead_letters',
    'INSERT',
    `INSERT INTO \`dead_letters\` (${OF_LETTERS}) SELECT ${Array.from({ length: 8 }, () => 'NULL').join(', ')} FROM DUAL WHERE 1 = 0`,
  ],
  ['dead_letters', 'UPDATE', 'UPDATE `dead_letters` SET `id` = NULL WHERE 1 = 0'],
  ['dead_letters', 'DELETE', 'DELETE FROM `dead_letters` WHERE 1 = 0'],
] as const

test('each right on each table is tried on no row at all, and deleting on dead letters alone', async () => {
  const executed: [string, unknown][] = []
  const execute = async (sql: string, values: unknown) => {
    executed.push([sql, values])
    if (sql.startsWith('UPDATE')) throw new DatabaseError('ER_TABLEACCESS_DENIED_ERROR', 1142)
  }
  const grants = await readGrants({ execute }, [people, DEAD_LETTERS])
  expect(executed).toEqual(TRIED.map(([, , sql]) => [sql, []]))
  expect(grants).toEqual(
    TRIED.map(([table, right]) => ({
      table,
      right,
      code: right === 'UPDATE' ? 'ER_TABLEACCESS_DENIED_ERROR' : undefined,
    })),
  )
})

test('what is no error of the database is no missing right', async () => {
  const fault = new TypeError('a fault of ours')
  await expect(readGrants({ execute: () => Promise.reject(fault) }, [people])).rejects.toBe(fault)
})

const server = {
  version: '8.0.36',
  account: 'hr@10.%',
  cipher: '',
  maxConnections: 1,
  maxUserConnections: 0,
  connected: 1,
}
const judged = (refused: Record<string, string>) => {
  const grants = TRIED.map(([table, right]): Grant => ({ table, right, code: refused[`${right} ${table}`] }))
  return judgeGrants(grants, server, { MYSQL_DATABASE: 'hr' } as EmployeesConfig)
}
const DENIED = 'ER_TABLEACCESS_DENIED_ERROR'

test('rights that are missing are told by their tables, and what gives them', () => {
  const missing = {
    'SELECT people': DENIED,
    'UPDATE people': 'ER_COLUMNACCESS_DENIED_ERROR',
    'INSERT dead_letters': DENIED,
  }
  expect(judged({ ...missing, 'DELETE dead_letters': 'ER_DBACCESS_DENIED_ERROR' })).toEqual({
    name: 'grants',
    state: 'wrong',
    found: 'missing: SELECT, UPDATE on people, INSERT on dead_letters',
    next:
      "GRANT SELECT, UPDATE ON `hr`.`people` TO 'hr'@'10.%'; " +
      "GRANT INSERT, DELETE ON `hr`.`dead_letters` TO 'hr'@'10.%'",
  })
})

test.each<[string, Record<string, string>, string]>([
  ['a table that is not there', { 'SELECT people': 'ER_NO_SUCH_TABLE' }, 'unknown'],
  ['a column that is not there says nothing of rights', { 'SELECT people': 'ER_BAD_FIELD_ERROR' }, 'ok'],
  ['a right counts before a table', { 'SELECT people': 'ER_NO_SUCH_TABLE', 'INSERT people': DENIED }, 'wrong'],
  ['a read-only transaction', { 'INSERT people': 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' }, 'wrong'],
])('of rights: %s', (_, refused, state) => {
  expect(judged(refused)).toMatchObject({ name: 'grants', state })
})
