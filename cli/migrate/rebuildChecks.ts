import type { ChangedColumn } from '../../shared/mapping/compareTable'
import { quote } from '../../shared/mapping/tables'
import { characterSetOf, lossCheck } from './changeTable'
import type { Check } from './migration'

/** For a table without a key, instead of a column: the order in which the server returns its rows. */
export const INSERTION = 'insertion'

/** A column that both tables have. */
export interface CopiedColumn extends ChangedColumn {
  isKey: boolean
  mayBeEmpty: boolean
  /** see lossOf */
  losses: readonly string[]
}

interface Copying {
  rows: string
  copied: readonly CopiedColumn[]
  newestBy: string | undefined
  leaveBehind: boolean
  /** whether the rows have versions: two of them are never one */
  keepsVersions: boolean
}

/** What a copy of the rows, one a key, would lose. */
export function rebuildChecks(copying: Copying): Check[] {
  const { rows, copied, leaveBehind } = copying
  const keys = copied.filter(({ isKey }) => isKey)
  const values = copied.filter(({ isKey }) => !isKey)
  const kept = keys.map((key) => `NOT (${isMisfit(key)})`)

  const misfits = keys.map((key) => ({
    what: `Rows whose ${key.column.name} is missing, or does not fit ${key.column.type}`,
    rows: `SELECT * ${fromWhere(rows, [isMisfit(key)])}`,
    todo: 'Delete or mend them, or leave them in the old table with --leave-behind.',
  }))
  const losses = values.flatMap(({ column, losses }) =>
    losses.map((loss) => lossCheck(column.name, fromWhere(rows, [...kept, loss]))),
  )
  return [...(leaveBehind ? [] : misfits), ...losses, ...differing(copying, kept)]
}

/** Rows with the same key that say different things; of two that are equally new, too, none is the newest. */
function differing({ rows, copied, newestBy, keepsVersions }: Copying, kept: readonly string[]): Check[] {
  const keys = copied.filter(({ isKey }) => isKey)
  const names = keys.map(({ column }) => column.name)
  const groups = keys.map(asKey)
  const differ = copied
    .filter(({ isKey }) => !isKey)
    .map(({ column }) => `COUNT(DISTINCT CAST(${quote(column.name)} AS BINARY)) > 1`)
  const rowsWith = (having: string) =>
    `SELECT ${names.map((name) => `MIN(${quote(name)})`).join(', ')}, COUNT(*) ` +
    `${fromWhere(rows, kept)} GROUP BY ${groups.join(', ')} HAVING ${having}`

  if (keys.length === 0) return []
  if (keepsVersions) {
    const todo = 'Each has a history of its own: delete those that should go.'
    return [{ what: `Values of ${names.join(', ')} with more rows than one`, rows: rowsWith('COUNT(*) > 1'), todo }]
  }
  if (newestBy === INSERTION || differ.length === 0) return []
  if (newestBy !== undefined) groups.push(quote(newestBy))
  return [
    {
      what: `Values of ${names.join(', ')} whose rows say different things`,
      rows: rowsWith(differ.join(' OR ')),
      todo: `Mend them, or say which row of each counts, with --newest-by and a column that grows, or ${INSERTION} (see --help).`,
    },
  ]
}

/** Two values are one key when the new table's collation says so. */
function asKey({ there, wanted }: CopiedColumn): string {
  const characterSet = characterSetOf(wanted)
  if (characterSet === undefined) return quote(there.name)
  return `CONVERT(${quote(there.name)} USING ${characterSet}) COLLATE ${wanted.collation}`
}

/** A condition in SQL: the row's part of the key is missing, or the column of ours does not hold it. */
export function isMisfit({ there, losses, mayBeEmpty }: CopiedColumn): string {
  const empty = there.collation === null || mayBeEmpty ? [] : [`${quote(there.name)} = ''`]
  return [...losses, ...empty].join(' OR ') || 'FALSE'
}

export function fromWhere(table: string, conditions: readonly string[]): string {
  return `FROM ${quote(table)}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`
}
