import { projectMappings } from '../../cli/project'
import { type DatabaseAddress, openConnection } from '../../local/database/database'
import { createTableStatements, VERSIONS } from '../../shared/mapping/tables'

/** The table of employees, as mapping.yaml has it. */
export const TABLE = projectMappings()[0]?.table ?? ''

/**
 * Makes the tables of the employees function, empty, whatever topic came before.
 * @param plain names of copies of the first one for peers, which keep no versions
 */
export async function emptyTables(address: DatabaseAddress, plain: readonly string[] = []): Promise<void> {
  const connection = await openConnection(address, {})
  try {
    const [tables] = await connection.query({ sql: 'SHOW TABLES', rowsAsArray: true })
    for (const [table] of tables as string[][]) await connection.query(`DROP TABLE \`${table}\``)
    for (const statement of createTableStatements(...projectMappings())) await connection.query(statement)
    for (const copy of plain) {
      await connection.query(`CREATE TABLE ${copy} LIKE \`${TABLE}\``)
      await connection.query(`ALTER TABLE ${copy} DROP COLUMN ${VERSIONS}`)
    }
  } finally {
    await connection.end()
  }
}

/** @throws Error where a table has not as many rows: a figure of what stored nothing is none */
export async function expectRows(address: DatabaseAddress, table: string, rows: number): Promise<void> {
  const connection = await openConnection(address, {})
  try {
    const [found] = await connection.query(`SELECT userId FROM \`${table}\``)
    if ((found as unknown[]).length !== rows) throw new Error(`${table} has not ${rows} rows`)
  } finally {
    await connection.end()
  }
}
