import { type Database, selectRows } from '../database'
import { hasOurKey } from './compareTable'
import { describeTable } from './describeTable'
import { FIRST_VERSIONS, hasFirstVersions } from './firstFormat'
import { findColumn, quote, type Table, VERSIONS } from './tables'

/** Names of tables that we have made, by their versions. */
export async function findMadeTables(database: Database): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(
    database,
    `SELECT DISTINCT TABLE_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME IN ('${VERSIONS}', '${FIRST_VERSIONS}')`,
  )
  return rows.map(({ name }) => name)
}

/**
 * Tables that are ours, with the key of this one, under another name, which mapping.yaml does not name. Whoever changes
 * `table:` there may mean a new table, or another name for the one that is there.
 * @param named the tables of mapping.yaml, this one among them
 */
export async function findLookalikes(database: Database, table: Table, named: readonly string[]): Promise<string[]> {
  const names: string[] = []
  for (const name of await findMadeTables(database)) {
    if (named.includes(name)) continue
    const columns = (await describeTable(database, name)) ?? []
    const isMade = findColumn(columns, VERSIONS) !== undefined || hasFirstVersions(columns)
    if (isMade && hasOurKey(table, columns)) names.push(name)
  }
  return names
}

export async function isEmpty(database: Database, table: string): Promise<boolean> {
  return (await selectRows(database, `SELECT 1 FROM ${quote(table)} LIMIT 1`)).length === 0
}
