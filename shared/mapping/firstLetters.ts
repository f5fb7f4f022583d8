import { type DescribedColumn, isGenerated, type Queryable } from './describeTable'
import type { FromFirst } from './firstVersions'
import { alterTable, columnClause, DEAD_LETTERS, findColumn, quote } from './tables'

const DIGEST = 'digest'
const FIRST_KEY = 'source,eventId'

/**
 * In 0.1.0 a letter was one with each of its source and id, and `dead_letters` had no digest. First it is computed from
 * those two, so that functions of then, which may still run, go on putting letters there; then it is a column of its own.
 * @param there the columns of the table, as the server describes them
 * @param wanted those that it should have, described by the same server
 */
export async function fromFirstLetters(
  database: Queryable,
  there: readonly DescribedColumn[],
  wanted: readonly DescribedColumn[],
): Promise<FromFirst> {
  const { name, columns, indexes } = DEAD_LETTERS
  const is = findColumn(there, DIGEST)
  const [column, described] = [findColumn(columns, DIGEST), findColumn(wanted, DIGEST)]
  const isOfFirst = is === undefined ? findColumn(there, 'eventId') !== undefined : isGenerated(is)
  if (!isOfFirst || column === undefined || described === undefined) return { statements: [], columns: there }

  const keys = is === undefined ? await firstKeys(database) : []
  const bytes = FIRST_KEY.split(',').map((part) => `CAST(${quote(part)} AS BINARY)`)
  const digest = `UNHEX(SHA2(CONCAT(${bytes.join(", X'00', ")}), 256))`
  const compute = {
    sql: alterTable(name, [
      `ADD COLUMN ${quote(DIGEST)} BINARY(32) GENERATED ALWAYS AS (${digest}) STORED AFTER ${quote('id')}`,
      ...indexes.map((index) => `ADD ${index}`),
      ...keys.map((key) => `DROP KEY ${quote(key)}`),
    ]),
    undo: alterTable(name, [
      ...[DIGEST, 'eventId'].map((key) => `DROP KEY ${quote(key)}`),
      `DROP COLUMN ${quote(DIGEST)}`,
      ...keys.map((key) => `ADD UNIQUE KEY ${quote(key)} (${FIRST_KEY.split(',').map(quote).join(', ')})`),
    ]),
  }
  const keep = {
    sql: alterTable(name, [columnClause('MODIFY COLUMN', column)]),
    undo: alterTable(name, [`MODIFY COLUMN ${quote(DIGEST)} BINARY(32) NULL`]),
  }
  return {
    statements: is === undefined ? [compute, keep] : [keep],
    columns: [...there.filter((one) => one !== is), described],
  }
}

/** The key of 0.1.0, by whatever name. */
async function firstKeys(database: Queryable): Promise<string[]> {
  const [rows] = await database.query(`SHOW INDEX FROM ${quote(DEAD_LETTERS.name)} WHERE Non_unique = 0`)
  const columns = new Map<string, string[]>()
  for (const { Key_name: key, Column_name: column } of rows as { Key_name: string; Column_name: string }[]) {
    columns.set(key, [...(columns.get(key) ?? []), column])
  }
  return [...columns].filter(([, names]) => names.join() === FIRST_KEY).map(([key]) => key)
}
