import type { DescribedColumn } from '../../shared/mapping/describeTable'
import { findColumn, OWN_COLUMNS } from '../../shared/mapping/tables'
import { unknownChange } from './changeTable'
import { literal } from './literal'
import { lossOf } from './lossOf'
import type { Plan } from './plan'
import { type CopiedColumn, INSERTION, rebuildChecks } from './rebuildChecks'
import { copyName, hasVersions, oldName, type Rebuilding, rebuildSteps } from './rebuildSteps'

/**
 * The article's table has no key, so that an event that came twice is two rows. A new table is filled from it, one row a
 * key, and takes its place in one step; the old one is kept whole. Any event is newer than a copied row. So it is done,
 * too, when the key in mapping.yaml has changed; then the versions come along.
 */
export function rebuildTable(rebuilding: Rebuilding): Plan {
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

/** It says nothing about an employee; MySQL 8.0.30 adds one by itself where it is told to. */
function isRowNumber({ extra }: DescribedColumn): boolean {
  return extra.toLowerCase().includes('auto_increment')
}

function namesOf(columns: readonly DescribedColumn[]): string {
  return columns.map(({ name }) => name).join(', ')
}
