import { type Database, type SqlRow, type SqlValue, selectRows } from '../../../../shared/database'
import { quote } from '../../../../shared/mapping/tables'

/** A piece of SQL, with the values of its placeholders. */
interface Part {
  sql: string
  values: readonly (SqlValue | Buffer)[]
}

/** What is to be erased in one table. */
export interface Purge {
  what: string
  table: string
  /** the primary key, by which the table is walked through */
  key: readonly string[]
  /** a condition: the row holds something to erase */
  holds: Part
  /** a condition: the row must be written, which it must also where nothing is left to erase */
  concerns: Part
  /** the statement, up to its WHERE */
  erase: Part
}

export interface PurgeOptions {
  /** asked before each statement; a purge that is broken off there goes on when it is run again */
  mayGoOn?: () => boolean
  /** takes how many rows are erased so far */
  report?: (erased: number) => void
}

/** Rows that are looked at in one statement, which locks none; and rows that one statement erases, and locks. */
const LOOKED_AT = 5_000
const ERASED = 500

/**
 * Erases in short statements, so that deliveries do not wait: in the order of the key, so that no row is looked at twice.
 * @returns whether it came to the end
 */
export async function runPurge(database: Database, purge: Purge, options: PurgeOptions = {}): Promise<boolean> {
  const { mayGoOn = () => true, report = () => {} } = options
  let erased = 0
  let last: SqlRow | undefined
  for (;;) {
    if (!mayGoOn()) return false
    const rows = await rowsAfter(database, purge, last)
    const concerned = rows.filter(({ isConcerned }) => Number(isConcerned) === 1)
    for (let done = 0; done < concerned.length; done += ERASED) {
      if (!mayGoOn()) return false
      const some = concerned.slice(done, done + ERASED)
      await eraseRows(database, purge, some)
      erased += some.length
      report(erased)
    }
    if (rows.length < LOOKED_AT) return true
    last = rows.at(-1)
  }
}

function rowsAfter(database: Database, { table, key, concerns }: Purge, last: SqlRow | undefined) {
  const after = last === undefined ? { sql: '1 = 1', values: [] } : keyAfter(key, last)
  const names = key.map(quote)
  return selectRows(
    database,
    `SELECT ${names.join(', ')}, (${concerns.sql}) AS isConcerned FROM ${quote(table)} WHERE ${after.sql} ` +
      `ORDER BY ${names.join(', ')} LIMIT ${LOOKED_AT}`,
    [...concerns.values, ...after.values],
  )
}

/** Written out, since no index is used for `(a, b) > (?, ?)`. */
function keyAfter(key: readonly string[], last: SqlRow): Part {
  const alternatives = key.map((name, index) => {
    const before = key.slice(0, index).map((part) => `${quote(part)} = ?`)
    return `(${[...before, `${quote(name)} > ?`].join(' AND ')})`
  })
  const values = key.flatMap((_, index) => key.slice(0, index + 1).map((name) => valueIn(last, name)))
  return { sql: `(${alternatives.join(' OR ')})`, values }
}

/** By their keys, so that no other row is locked; and only while they are concerned, as events may have come meanwhile. */
async function eraseRows(database: Database, { key, concerns, erase }: Purge, rows: readonly SqlRow[]): Promise<void> {
  // always as many, the last one several times: the server keeps one prepared statement
  const filledUp = Array.from({ length: ERASED }, (_, index) => rows[Math.min(index, rows.length - 1)] ?? {})
  const one = `(${key.map((name) => `${quote(name)} = ?`).join(' AND ')})`
  await database.execute(`${erase.sql} WHERE (${filledUp.map(() => one).join(' OR ')}) AND (${concerns.sql})`, [
    ...erase.values,
    ...filledUp.flatMap((row) => key.map((name) => valueIn(row, name))),
    ...concerns.values,
  ])
}

function valueIn(row: SqlRow, name: string): SqlValue | Buffer {
  return row[name] as SqlValue | Buffer
}
