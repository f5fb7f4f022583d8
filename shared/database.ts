/** What goes to the driver. Dates go as text: the connection has no time zone of its own to shift them by. */
export type SqlValue = string | number | null

/** Runs prepared statements as a connection of mysql2 does: the answer begins with the rows. */
export interface Database {
  execute(sql: string, values?: (SqlValue | Buffer)[]): Promise<unknown>
}

export type SqlRow = Readonly<Record<string, unknown>>

/** @template Row as the server's documents have its columns */
export async function selectRows<Row = SqlRow>(
  database: Database,
  sql: string,
  values: readonly (SqlValue | Buffer)[] = [],
): Promise<readonly Row[]> {
  const [rows] = (await database.execute(sql, [...values])) as [readonly Row[], unknown]
  return rows
}

/** The column `found` of a statement's only row, as SELECT COUNT(*) AS found has it. */
export async function selectCount(
  database: Database,
  sql: string,
  values: readonly (SqlValue | Buffer)[] = [],
): Promise<number> {
  const [row] = await selectRows(database, sql, values)
  return Number(row?.['found'])
}
