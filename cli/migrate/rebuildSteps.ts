import type { DescribedColumn } from '../../shared/mapping/describeTable'
import { createTable, findColumn, quote, type Table, VERSIONS } from '../../shared/mapping/tables'
import { VERSION_BYTES } from '../../shared/mapping/version'
import { literal } from './literal'
import type { Step } from './plan'
import { type CopiedColumn, fromWhere, INSERTION, isMisfit } from './rebuildChecks'

export interface Rebuilding {
  table: Table
  /** the columns of the table that is there, whose primary key is not ours */
  there: readonly DescribedColumn[]
  /** the columns of `table`, as the same server describes them */
  wanted: readonly DescribedColumn[]
  /** the name that the table has before the plan's first step */
  rows: string
  /** whether an earlier run that did not end left its copy */
  hasCopy: boolean
  /** the values of key columns that the table does not have, by name */
  keyDefaults: Readonly<Record<string, string>>
  /** of how many columns a row keeps the version */
  slots: number
  /** of rows with one key that differ, the one with the greatest of this column counts; or INSERTION */
  newestBy: string | undefined
  /** whether rows without a key, and columns that mapping.yaml does not name, may stay behind in the old table */
  leaveBehind: boolean
}

/** Where the new table is filled. */
export function copyName(table: string): string {
  return withSuffix(table, '_migrating')
}

/** Where the old table stays. */
export function oldName(table: string): string {
  return withSuffix(table, '_before')
}

/** Whether a table was made by us, if perhaps with another key. */
export function hasVersions(columns: readonly DescribedColumn[]): boolean {
  return findColumn(columns, VERSIONS) !== undefined
}

/** The old table is read, and renamed in the last step; until then nobody notices. */
export function rebuildSteps({ table, hasCopy, ...rebuilding }: Rebuilding, copied: readonly CopiedColumn[]): Step[] {
  const [name, copy, old] = [table.name, copyName(table.name), oldName(table.name)].map(quote)
  return [
    ...(hasCopy ? [{ sql: `DROP TABLE ${copy}` }] : []),
    { sql: createTable({ ...table, name: copyName(table.name) }, 'CREATE TABLE'), undo: `DROP TABLE ${copy}` },
    // not CREATE TABLE … SELECT, which GTID-based replication refuses
    { sql: copyRows({ table, hasCopy, ...rebuilding }, copied) },
    {
      sql: `RENAME TABLE ${name} TO ${old}, ${copy} TO ${name}`,
      undo: `RENAME TABLE ${name} TO ${copy}, ${old} TO ${name}`,
    },
  ]
}

/** Where several rows have one key, the last one that is read wins, column by column; a NULL wins over nothing. */
function copyRows(rebuilding: Rebuilding, copied: readonly CopiedColumn[]): string {
  const { table, there, keyDefaults, slots, newestBy, leaveBehind } = rebuilding
  const copy = quote(copyName(table.name))
  const columns = copied.map(({ column }) => quote(column.name))
  const [keys, values] = [copied.filter(({ isKey }) => isKey), copied.filter(({ isKey }) => !isKey)]
  const constants = table.key
    .filter((part) => !findColumn(there, part))
    .map((part) => [quote(part), literal(keyDefaults[part] ?? '')])
  // Zero is older than any event, and as old as an event is in the columns that it says nothing about, which stay.
  if (!hasVersions(there)) constants.push([quote(VERSIONS), `REPEAT(X'00', ${slots * VERSION_BYTES})`])

  const into = [...constants.map(([column]) => column), ...columns]
  const from = [...constants.map(([, value]) => value), ...columns]
  const kept = leaveBehind ? keys.map((key) => `NOT (${isMisfit(key)})`) : []
  const order = newestBy === undefined || newestBy === INSERTION ? '' : ` ORDER BY ${quote(newestBy)}`
  const merged = (values.length > 0 ? values : keys).map(({ column }) => {
    return `${quote(column.name)} = COALESCE(VALUES(${quote(column.name)}), ${copy}.${quote(column.name)})`
  })
  return (
    `INSERT INTO ${copy} (${into.join(', ')})\n` +
    `SELECT ${from.join(', ')} ${fromWhere(table.name, kept)}${order}\n` +
    `ON DUPLICATE KEY UPDATE\n  ${merged.join(',\n  ')}`
  )
}

/** Identifiers have at most 64 characters. */
function withSuffix(table: string, suffix: string): string {
  return table.slice(0, 64 - suffix.length) + suffix
}
