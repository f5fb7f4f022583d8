import type { DescribedColumn } from '../../shared/mapping/describeTable'
import { createTable, findColumn, OWN_COLUMNS, quote, type Table, VERSIONS } from '../../shared/mapping/tables'
import { VERSION_BYTES } from '../../shared/mapping/version'
import { literal, lossOf, unknownChange } from './changeTable'
import type { Migration, Step } from './migration'
import { type CopiedColumn, fromWhere, INSERTION, isMisfit, rebuildChecks } from './rebuildChecks'

interface Rebuilding {
  table: Table
  /** the columns of the table that is there, whose primary key is not ours */
  there: readonly DescribedColumn[]
  /** the columns of `table`, as the same server describes them */
  wanted: readonly DescribedColumn[]
  /** the name that the table has before the migration's first step */
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

/**
 * The article's table has no key, so that an event that came twice is two rows. A new table is filled from it, one row a
 * key, and takes its place in one step; the old one is kept whole. Any event is newer than a copied row. So it is done,
 * too, when the key in mapping.yaml has changed; then the versions come along.
 */
export function rebuildTable(rebuilding: Rebuilding): Migration {
  const { table, there, wanted, rows, keyDefaults, newestBy, leaveBehind } = rebuilding
  const keepsVersions = hasVersions(there)
  const mapped = table.columns.filter(({ name }) => keepsVersions || !findColumn(OWN_COLUMNS, name))
  const left = there.filter((column) => !findColumn(mapped, column.name) && !isRowNumber(column))
  const copied: CopiedColumn[] = []
  const refusals: string[] = []
  for (const column of mapped) {
    const [is, shall] = [findColumn(there, column.name), findColumn(wanted, column.name)]
    const [isKey, mayBeEmpty] = [table.key.includes(column.name), keyDefaults[column.name] !== undefined]
    if (is === undefined || shall === undefined) {
      if (isKey && !mayBeEmpty) refusals.push(`${table.name} has no ${column.name}, part of the key of mapping.yaml.`)
      continue
    }
    const losses = lossOf(is, shall)
    if (losses === undefined) refusals.push(unknownChange(table.name, { column, there: is, wanted: shall }))
    else copied.push({ column, there: is, wanted: shall, losses, isKey, mayBeEmpty })
  }
  if (left.length > 0 && !leaveBehind) refusals.push(unnamedColumns(table.name, left))
  const noOrder = newestByRefusals(newestBy, there)

  return {
    steps: rebuildSteps(rebuilding, copied),
    checks: rebuildChecks({
      rows,
      copied,
      newestBy: noOrder.length > 0 ? undefined : newestBy,
      leaveBehind,
      keepsVersions,
    }),
    refusals: [...refusals, ...noOrder],
    notes: notesOf(rebuilding, left),
  }
}

/** Whether a table was made by us, if perhaps with another key. */
export function hasVersions(columns: readonly DescribedColumn[]): boolean {
  return findColumn(columns, VERSIONS) !== undefined
}

/** It says nothing about an employee; MySQL 8.0.30 adds one by itself where it is told to. */
function isRowNumber({ extra }: DescribedColumn): boolean {
  return extra.toLowerCase().includes('auto_increment')
}

function unnamedColumns(table: string, left: readonly DescribedColumn[]): string {
  return (
    `${table} has columns that mapping.yaml does not name: ${namesOf(left)}. ` +
    'Name them there, or leave them in the old table with --leave-behind.'
  )
}

function newestByRefusals(newestBy: string | undefined, there: readonly DescribedColumn[]): string[] {
  if (newestBy === undefined || findColumn(there, newestBy)) return []
  if (newestBy !== INSERTION) return [`--newest-by: there is no column ${newestBy}.`]
  const key = there.filter(({ isKey }) => isKey)
  if (key.length === 0) return []
  return [`--newest-by ${INSERTION}: the table is kept in the order of ${namesOf(key)}. Name a column that grows.`]
}

/** The old table is read, and renamed in the last step; until then nobody notices. */
function rebuildSteps({ table, hasCopy, ...rebuilding }: Rebuilding, copied: readonly CopiedColumn[]): Step[] {
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

function notesOf({ table, there, keyDefaults, hasCopy }: Rebuilding, left: readonly DescribedColumn[]): string[] {
  const newKeys = table.key.filter((name) => !findColumn(there, name))
  return [
    `${table.name} has not the key of mapping.yaml, or was not made by us. Its rows are copied into a new table, and the`,
    `old one stays, whole, as ${oldName(table.name)}, until you drop it. Stop what writes to it first (the rule of the`,
    'article): rows that arrive meanwhile are in the old table alone.',
    ...newKeys.map((name) => `${name} of all rows: ${literal(keyDefaults[name] ?? '')}.`),
    ...(left.length > 0 ? [`Not copied: ${namesOf(left)}.`] : []),
    ...(hasCopy ? [`${copyName(table.name)} was left by a run that did not end.`] : []),
  ]
}

function namesOf(columns: readonly DescribedColumn[]): string {
  return columns.map(({ name }) => name).join(', ')
}

/** Where the new table is filled. */
export function copyName(table: string): string {
  return withSuffix(table, '_migrating')
}

/** Where the old table stays. */
export function oldName(table: string): string {
  return withSuffix(table, '_before')
}

/** Identifiers have at most 64 characters. */
function withSuffix(table: string, suffix: string): string {
  return table.slice(0, 64 - suffix.length) + suffix
}
