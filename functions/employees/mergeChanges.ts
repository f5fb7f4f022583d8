import type { SqlValue } from '../../shared/database'
import type { Mapping } from '../../shared/mapping/mapping'
import { RANKS, rankOf, VERSION_BYTES } from '../../shared/mapping/version'
import type { Change } from './toChanges'
import { slotCount } from './upsertSql'

/** One row of the upsert: what a batch says about one key, with a version for each column it speaks of. */
export interface Row {
  key: readonly string[]
  values: (SqlValue | undefined)[]
  versions: Buffer
}

/**
 * One row a key, by the same rules as the statement's: column by column the newest wins, and what an ending event set is
 * withdrawn where a newer one has come back. Rows come sorted by key, so that two batches at once lock them in the same
 * order and do not deadlock.
 */
export function mergeChanges(changes: readonly Change[], mapping: Mapping): Row[] {
  const rows = new Map<string, Row>()
  for (const change of changes) {
    const id = JSON.stringify(change.key)
    const row = rows.get(id)
    if (row === undefined) rows.set(id, rowOf(change, mapping))
    else merge(change, row, mapping)
  }
  for (const row of rows.values()) withdraw(row, mapping)
  return [...rows.values()].sort(byKey)
}

function withdraw({ values, versions }: Row, { columns, ended }: Mapping): void {
  for (const { column, since } of ended) {
    if (values[since] === null && rankOf(versions, columns[column]?.slot ?? 0) === RANKS.ends) values[column] = null
  }
}

/** Most rows are of one change alone. */
function rowOf({ key, values, version }: Change, mapping: Mapping): Row {
  // of node's pool: memory of its own for each row costs more than all that is written here
  const versions = Buffer.allocUnsafe(slotCount(mapping) * VERSION_BYTES).fill(0)
  for (const [index, { slot }] of mapping.columns.entries()) {
    if (values[index] !== undefined) versions.set(version, slot * VERSION_BYTES)
  }
  return { key, values: [...values], versions }
}

function merge(change: Change, row: Row, mapping: Mapping): void {
  for (const [index, { slot }] of mapping.columns.entries()) {
    const value = change.values[index]
    const at = slot * VERSION_BYTES
    if (value === undefined || change.version.compare(row.versions, at, at + VERSION_BYTES) <= 0) continue
    row.values[index] = value
    row.versions.set(change.version, at)
  }
}

function byKey(a: Row, b: Row): number {
  for (const [index, part] of a.key.entries()) {
    const other = b.key[index] ?? ''
    if (part !== other) return part < other ? -1 : 1
  }
  return 0
}
