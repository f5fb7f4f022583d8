import type { Database } from '../../../../shared/database'
import { type Link, ok, unknown, wrong } from '../../../../shared/links'
import { DEAD_LETTERS, quote, type Table } from '../../../../shared/mapping/tables'
import type { EmployeesConfig } from '../../config'
import { codeOf } from '../../mysqlErrors'
import type { Server } from './server'

type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'

/** How the server answered a statement that needs a right and touches no row. */
export interface Grant {
  table: string
  right: Right
  /** undefined when it was done */
  code: string | undefined
}

/** What deliveries need of either table; a value in ON DUPLICATE KEY UPDATE is read, too. */
const OF_DELIVERIES: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE']

const MISSING = new Set(['ER_TABLEACCESS_DENIED_ERROR', 'ER_COLUMNACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR'])
const READ_ONLY = new Set(['ER_OPTION_PREVENTS_STATEMENT', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'])

/**
 * Tries each right on no row at all: SHOW GRANTS would have to be understood with roles, patterns and columns.
 * @throws what is no error of the database's
 */
export async function readGrants(database: Database, tables: readonly Table[]): Promise<Grant[]> {
  const grants: Grant[] = []
  for (const table of tables) {
    // replay and purge delete dead letters
    const rights = table.name === DEAD_LETTERS.name ? [...OF_DELIVERIES, 'DELETE' as const] : OF_DELIVERIES
    for (const right of rights) {
      const code = await database.execute(statement(right, table), []).then(() => undefined, codeOf)
      grants.push({ table: table.name, right, code })
    }
  }
  return grants
}

function statement(right: Right, { name, columns }: Table): string {
  const table = quote(name)
  const names = columns.map((column) => quote(column.name))
  switch (right) {
    case 'SELECT':
      return `SELECT ${names.join(', ')} FROM ${table} WHERE 1 = 0`
    case 'INSERT':
      return `INSERT INTO ${table} (${names.join(', ')}) SELECT ${names.map(() => 'NULL').join(', ')} FROM DUAL WHERE 1 = 0`
    case 'UPDATE':
      return `UPDATE ${table} SET ${names[0]} = NULL WHERE 1 = 0`
    case 'DELETE':
      return `DELETE FROM ${table} WHERE 1 = 0`
  }
}

/** Other refusals say nothing about rights: a table or a column that is missing is the table's link. */
export function judgeGrants(grants: readonly Grant[], { account }: Server, { MYSQL_DATABASE }: EmployeesConfig): Link {
  if (grants.some(({ code }) => READ_ONLY.has(code ?? ''))) {
    const step = 'name the primary instance in MYSQL_HOST; RDS also locks an instance that is full or expired'
    return wrong('grants', 'the server takes no writes', step)
  }
  const missing = grants.filter(({ code }) => MISSING.has(code ?? ''))
  const forDeliveries = missing.filter(({ right }) => OF_DELIVERIES.includes(right))
  if (forDeliveries.length > 0) return wrong('grants', `missing: ${inWords(forDeliveries)}`, toGrant(missing))
  if (missing.length > 0) return ok('grants', `as deliveries need; for maintenance there is no ${inWords(missing)}`)
  if (grants.some(({ code }) => code === 'ER_NO_SUCH_TABLE')) return unknown('grants', 'a table is missing')
  return ok('grants', `all that deliveries and maintenance need (${account})`)

  function toGrant(rights: readonly Grant[]): string {
    const user = account.split('@').map((part) => `'${part.replaceAll("'", "''")}'`)
    return [...byTable(rights)]
      .map(
        ([table, names]) =>
          `GRANT ${names.join(', ')} ON ${quote(MYSQL_DATABASE)}.${quote(table)} TO ${user.join('@')}`,
      )
      .join('; ')
  }
}

function inWords(grants: readonly Grant[]): string {
  return [...byTable(grants)].map(([table, rights]) => `${rights.join(', ')} on ${table}`).join(', ')
}

function byTable(grants: readonly Grant[]): Map<string, Right[]> {
  const rights = new Map<string, Right[]>()
  for (const { table, right } of grants) rights.set(table, [...(rights.get(table) ?? []), right])
  return rights
}
