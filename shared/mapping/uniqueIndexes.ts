import { type Database, selectRows } from '../database'
import { findColumn, quote, type Table } from './tables'

/** An index that lets a value stand in one row alone, other than those that are ours. */
export interface UniqueIndex {
  name: string
  /** columns, or an expression in parentheses where the index is over one */
  parts: readonly string[]
}

/** An index with this comment is meant. */
const KEPT = 'kept'

/** Those that can refuse a row that the primary key would take. The table must be there. */
export async function findUniqueIndexes(database: Database, { name, key, indexes }: Table): Promise<UniqueIndex[]> {
  const rows = await selectRows<IndexRow>(database, `SHOW INDEX FROM ${quote(name)}`)
  const found = new Map<string, IndexRow[]>()
  for (const row of rows) {
    const isOurs = row.Key_name === 'PRIMARY' || indexes.some((index) => index.includes(quote(row.Key_name)))
    if (Number(row.Non_unique) !== 0 || isOurs || row.Index_comment === KEPT) continue
    found.set(row.Key_name, [...(found.get(row.Key_name) ?? []), row])
  }
  return [...found]
    .filter(([, parts]) => !coversKey(parts, key))
    .map(([index, parts]) => ({ name: index, parts: parts.map((part) => part.Column_name ?? `(${part.Expression})`) }))
}

/** What it does, and the step to take. */
export function tellUniqueIndex(table: string, { name, parts }: UniqueIndex): [fault: string, step: string] {
  return [
    `it has a unique index beside its key, ${name} (${parts.join(', ')}): of two people with one value there the second is never stored, and their events go to dead_letters`,
    `ALTER TABLE ${quote(table)} DROP INDEX ${quote(name)}; or, to keep it knowingly, make it anew with COMMENT '${KEPT}', and this is not said again`,
  ]
}

/** Two rows that are the same in all of the key are one row anyway. */
function coversKey(parts: readonly IndexRow[], key: readonly string[]): boolean {
  const whole = parts.flatMap(({ Column_name: name, Sub_part: prefix }) => (name && prefix === null ? [{ name }] : []))
  return key.every((name) => findColumn(whole, name))
}

/** https://dev.mysql.com/doc/refman/8.0/en/show-index.html; a functional part has no column, and MariaDB no expressions */
interface IndexRow {
  Non_unique: number | string
  Key_name: string
  Column_name: string | null
  Sub_part: number | null
  Index_comment: string
  Expression?: string | null
}
