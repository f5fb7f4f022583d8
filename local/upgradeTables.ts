import { errorCode } from '../shared/errorCode'
import { compareTable } from '../shared/mapping/compareTable'
import { describeTable, describeWanted, type Queryable } from '../shared/mapping/describeTable'
import type { Mapping } from '../shared/mapping/mapping'
import { alterTable, columnClause, createTable, DEAD_LETTERS, mappedTable, type Table } from '../shared/mapping/tables'
import { UserError } from '../shared/userError'
import type { DatabaseAddress } from './database/database'
import { openConnection } from './database/openConnection'

/**
 * Makes the tables, and adds the columns that are new in mapping.yaml. Whatever else differs is only reported:
 * `npm run migrate` shows what it does before it does it.
 * @param report takes a line about what was added or differs
 * @throws UserError when the database refuses, or when the upsert could not work on a table
 */
export async function upgradeTables(
  address: DatabaseAddress,
  mapping: Mapping,
  report: (line: string) => void,
): Promise<void> {
  const connection = await openConnection(address, {})
  try {
    for (const table of [mappedTable(mapping), DEAD_LETTERS]) await upgradeTable(connection, table, report)
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new UserError(
      `The tables could not be made in ${address.database} (${code}). Give MYSQL_USER the rights to CREATE, ALTER and CREATE TEMPORARY TABLES there.`,
    )
  } finally {
    await connection.end()
  }
}

async function upgradeTable(connection: Queryable, table: Table, report: (line: string) => void): Promise<void> {
  const there = await describeTable(connection, table.name)
  if (there === undefined) {
    await connection.query(createTable(table))
    return
  }
  const { isOurs, missing, changed } = compareTable(table, there, await describeWanted(connection, table))
  if (!isOurs) {
    throw new UserError(
      `The table ${table.name} was not made by us, or has another key than mapping.yaml. Set MYSQL_HOST and its like in the shell, and see npm run migrate.`,
    )
  }
  if (missing.length > 0) {
    const clauses = missing.map((column) => columnClause('ADD COLUMN', column))
    await connection.query(alterTable(table.name, clauses))
    report(`${table.name}: added ${missing.map(({ name }) => name).join(', ')}`)
  }
  for (const { there, column } of changed) {
    report(`${table.name}.${column.name} is ${there.type}, not ${column.type} as in mapping.yaml: npm run migrate`)
  }
}
