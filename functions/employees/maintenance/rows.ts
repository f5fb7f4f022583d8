import type { SqlValue } from '../readValue'

export type SqlRow = Readonly<Record<string, unknown>>

/** Runs prepared statements as mysql2 does, whose answer begins with the rows: a connection of its does, too. */
export type Executing = { execute(sql: string, values: (SqlValue | Buffer)[]): Promise<unknown> }

export async function selectRows(
  database: Executing,
  sql: string,
  values: readonly (SqlValue | Buffer)[] = [],
): Promise<readonly SqlRow[]> {
  const [rows] = (await database.execute(sql, [...values])) as [readonly SqlRow[], unknown]
  return rows
}

/** The column `found` of a statement's only row, as SELECT COUNT(*) AS found has it. */
export async function selectCount(
  database: Executing,
  sql: string,
  values: readonly (SqlValue | Buffer)[] = [],
): Promise<number> {
  const [row] = await selectRows(database, sql, values)
  return Number(row?.['found'])
}
