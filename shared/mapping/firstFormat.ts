import { type Database, selectRows } from '../database'
import { type DescribedColumn, isGenerated } from './describeTable'
import { alterTable, columnClause, DEAD_LETTERS, findColumn, quote, type Table, VERSIONS } from './tables'
import { VERSION_BYTES } from './version'

/** What turns a table of 0.1.0 into one of now. */
export interface FromFirst {
  statements: readonly { sql: string; undo: string }[]
  /** the columns that the table has after them */
  columns: readonly DescribedColumn[]
}

/** Of 8 bytes a slot: 43 bits of milliseconds, one for an event that wins, 20 of the event id's hash. */
export const FIRST_VERSIONS = 'versions'
const FIRST_BYTES = 8

/** Whether it is the mapped table of 0.1.0, or one whose change was broken off. */
export function hasFirstVersions(columns: readonly DescribedColumn[]): boolean {
  const now = findColumn(columns, VERSIONS)
  return now === undefined ? findColumn(columns, FIRST_VERSIONS)?.type === 'varbinary(1024)' : isGenerated(now)
}

/**
 * The versions of 0.1.0 become those of now in two statements. After the first they are computed from the old ones, which
 * functions of then, that may still run, go on writing; the second takes the old ones away. From either state the next
 * run goes on.
 * @param table as it should be
 * @param there its columns, as the server describes them
 * @param wanted those of `table`, described by the same server
 * @param rows the name that the table has now, where the statements will find it renamed
 */
export async function fromFirstVersions(
  database: Database,
  table: Table,
  there: readonly DescribedColumn[],
  wanted: readonly DescribedColumn[],
  rows = table.name,
): Promise<FromFirst> {
  const [column, described] = [findColumn(table.columns, VERSIONS), findColumn(wanted, VERSIONS)]
  if (!hasFirstVersions(there) || column === undefined || described === undefined) {
    return { statements: [], columns: there }
  }
  const slots = await longestRow(database, rows)
  const [first, now] = [quote(FIRST_VERSIONS), quote(VERSIONS)]
  const compute = {
    sql: alterTable(table.name, [
      `ADD COLUMN ${now} VARBINARY(3072) GENERATED ALWAYS AS (${fromFirst(slots)}) STORED AFTER ${first}`,
    ]),
    undo: alterTable(table.name, [`MODIFY COLUMN ${first} VARBINARY(1024) NOT NULL`, `DROP COLUMN ${now}`]),
  }
  const keep = {
    sql: alterTable(table.name, [columnClause('MODIFY COLUMN', column), `DROP COLUMN ${first}`]),
    undo: alterTable(table.name, [
      `ADD COLUMN ${first} VARBINARY(1024) GENERATED ALWAYS AS (${toFirst(slots)}) STORED AFTER ${now}`,
    ]),
  }
  return {
    statements: findColumn(there, VERSIONS) ? [keep] : [compute, keep],
    columns: [...there.filter(({ name }) => ![FIRST_VERSIONS, VERSIONS].includes(name)), described],
  }
}

/** How many slots the longest row has; a statement for all that may be is slow. */
async function longestRow(database: Database, table: string): Promise<number> {
  const sql = `SELECT MAX(LENGTH(${quote(FIRST_VERSIONS)})) AS longest FROM ${quote(table)}`
  const [row] = await selectRows(database, sql)
  return Math.max(1, Math.ceil(Number(row?.['longest']) / FIRST_BYTES))
}

/** Slot by slot: 6 bytes of milliseconds, 8 of no sequence, 1 of the rank, 5 that begin with the id's hash, 4 of zeros. */
function fromFirst(slots: number): string {
  const parts = Array.from({ length: slots }, (_, slot) => {
    const bytes = `RPAD(SUBSTR(${quote(FIRST_VERSIONS)}, ${slot * FIRST_BYTES + 1}, ${FIRST_BYTES}), ${FIRST_BYTES}, X'00')`
    const bits = numberOf(bytes)
    return (
      `LPAD(HEX(${bits} >> 21), 12, '0'), REPEAT('0', 17), HEX(${bits} >> 20 & 1), ` +
      `LPAD(HEX(${bits} & 1048575), 5, '0'), REPEAT('0', 13)`
    )
  })
  const length = `LENGTH(${quote(FIRST_VERSIONS)}) DIV ${FIRST_BYTES} * ${VERSION_BYTES}`
  return `LEFT(UNHEX(CONCAT(${parts.join(', ')})), ${length})`
}

/** Back, for the undo: what 0.1.0 has no bits for is lost. */
function toFirst(slots: number): string {
  const bytes = (slot: number, at: number, length: number) =>
    `RPAD(SUBSTR(${quote(VERSIONS)}, ${slot * VERSION_BYTES + at}, ${length}), ${length}, X'00')`
  const parts = Array.from({ length: slots }, (_, slot) => {
    const time = `${numberOf(bytes(slot, 1, 6))} << 21`
    const wins = `LEAST(ORD(${bytes(slot, 15, 1)}), 1) << 20`
    const hash = `${numberOf(bytes(slot, 16, 3))} >> 4`
    return `LPAD(HEX(${time} | ${wins} | ${hash}), 16, '0')`
  })
  return `LEFT(UNHEX(CONCAT(${parts.join(', ')})), LENGTH(${quote(VERSIONS)}) DIV ${VERSION_BYTES} * ${FIRST_BYTES})`
}

/** Bits of binary strings are not computed with alike on all servers, those of numbers are. */
function numberOf(bytes: string): string {
  return `CAST(CONV(HEX(${bytes}), 16, 10) AS UNSIGNED)`
}

const DIGEST = 'digest'
const FIRST_KEY = 'source,eventId'

/**
 * In 0.1.0 a letter was one with each of its source and id, and `dead_letters` had no digest. First it is computed from
 * those two, so that functions of then, which may still run, go on putting letters there; then it is a column of its own.
 * @param there the columns of the table, as the server describes them
 * @param wanted those that it should have, described by the same server
 */
export async function fromFirstLetters(
  database: Database,
  there: readonly DescribedColumn[],
  wanted: readonly DescribedColumn[],
): Promise<FromFirst> {
  const { name, columns, indexes } = DEAD_LETTERS
  const is = findColumn(there, DIGEST)
  const [column, described] = [findColumn(columns, DIGEST), findColumn(wanted, DIGEST)]
  const isOfFirst = is === undefined ? findColumn(there, 'eventId') !== undefined : isGenerated(is)
  if (!isOfFirst || column === undefined || described === undefined) return { statements: [], columns: there }

  const keys = await firstKeys(database)
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
async function firstKeys(database: Database): Promise<string[]> {
  const rows = await selectRows<{ Key_name: string; Column_name: string }>(
    database,
    `SHOW INDEX FROM ${quote(DEAD_LETTERS.name)} WHERE Non_unique = 0`,
  )
  const columns = new Map<string, string[]>()
  for (const { Key_name: key, Column_name: column } of rows) {
    columns.set(key, [...(columns.get(key) ?? []), column])
  }
  return [...columns].filter(([, names]) => names.join() === FIRST_KEY).map(([key]) => key)
}
