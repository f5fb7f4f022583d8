import type { DescribedColumn } from './describeTable'
import { MAX_SLOTS } from './mapping'
import {
  findColumn,
  markOf,
  noteOf,
  ownersIn,
  quote,
  slotsIn,
  slotsNote,
  type Table,
  type TableColumn,
  VERSIONS,
} from './tables'

/** How a table that is there differs from the one that is wanted. */
export interface Difference {
  /** whether it has the key of ours, in whatever order, and the versions where ours has them: the upsert works on no other */
  isOurs: boolean
  missing: readonly TableColumn[]
  changed: readonly ChangedColumn[]
  /** columns that are only there */
  unknown: readonly DescribedColumn[]
  /** columns whose comment does not end in the note that it should */
  unnoted: readonly { there: DescribedColumn; note: string }[]
}

export interface ChangedColumn {
  there: DescribedColumn
  wanted: DescribedColumn
  column: TableColumn
}

/**
 * @param there the columns of the table that exists
 * @param wanted the columns of `table`, as the same server describes them
 */
export function compareTable(
  table: Table,
  there: readonly DescribedColumn[],
  wanted: readonly DescribedColumn[],
): Difference {
  const missing = table.columns.filter(({ name }) => !findColumn(there, name))
  return {
    isOurs: hasOurKey(table, there) && !findColumn(missing, VERSIONS),
    missing,
    changed: table.columns.flatMap((column) => {
      const [is, shall] = [findColumn(there, column.name), findColumn(wanted, column.name)]
      return is === undefined || shall === undefined || isSame(is, shall) ? [] : [{ there: is, wanted: shall, column }]
    }),
    unknown: there.filter(({ name }) => !findColumn(table.columns, name)),
    unnoted: table.columns.flatMap(({ name, note }) => {
      const is = findColumn(there, name)
      return is === undefined || note === undefined || noteOf(is.comment) === note ? [] : [{ there: is, note }]
    }),
  }
}

/** Whether its primary key is of the same columns, in whatever order. */
export function hasOurKey({ key }: Table, there: readonly DescribedColumn[]): boolean {
  const keyThere = there.filter(({ isKey }) => isKey)
  return keyThere.length === key.length && key.every((name) => findColumn(keyThere, name) !== undefined)
}

/** Defaults do not count: the upsert gives each column a value, and servers spell them in many ways. */
function isSame(there: DescribedColumn, wanted: DescribedColumn): boolean {
  return there.type === wanted.type && there.collation === wanted.collation && there.nullable === wanted.nullable
}

/** The table with all slots in its list that were ever used, also those of columns that are gone. */
export function withUsedSlots(table: Table, there: readonly DescribedColumn[]): Table {
  const used = new Map([...listed(there), ...there.flatMap(marksOf)])
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.name === VERSIONS ? { ...column, note: slotsNote(new Map([...used, ...ownersIn(column.note)])) } : column,
    ),
  }
}

/**
 * Where mapping.yaml gives a column another slot than it has in the table, or one that was another column's. The rows'
 * versions of a slot are then not the column's, and an older event would win over a newer one, or a newer one be lost.
 * @returns a sentence each, with the next step; none where the table does not know its slots yet
 */
export function compareSlots(table: Table, there: readonly DescribedColumn[]): string[] {
  const used = new Set(there.flatMap(({ comment }) => slotsIn(noteOf(comment))))
  const list = listed(there)
  const owners = new Map(
    there.filter(({ name }) => name !== VERSIONS).flatMap((column) => slotsOf(column).map((slot) => [slot, column])),
  )
  const taken = new Set([...used, ...table.columns.flatMap(({ note }) => slotsIn(note))])
  return table.columns
    .filter(({ name }) => name !== VERSIONS)
    .flatMap((column) => slotsIn(column.note).flatMap((slot) => faultOf(column, slot)))

  function faultOf(column: TableColumn, slot: number): string[] {
    const is = findColumn(there, column.name)
    const [own] = is === undefined ? [] : slotsOf(is)
    if (own === slot) return []
    if (own !== undefined) {
      return [`mapping.yaml gives ${column.name} slot ${slot}, in ${table.name} it has slot ${own}: put that back.`]
    }
    const owner = owners.get(slot)
    if (owner !== undefined && owner !== is) {
      const renaming = is === undefined && !findColumn(table.columns, owner.name) ? orRename(owner, column.name) : ''
      return [
        `mapping.yaml gives ${column.name} slot ${slot}, which is that of ${owner.name} in ${table.name}: ${numberOn()}${renaming}.`,
      ]
    }
    // its own: it was dropped and comes back, or somebody's MODIFY has taken its note
    if (!used.has(slot) || list.get(slot) === markOf(column.name)) return []
    return [
      `mapping.yaml gives ${column.name} slot ${slot}, which was another column's in ${table.name}: ${numberOn()}.`,
    ]
  }

  function numberOn(): string {
    const free = Array.from({ length: MAX_SLOTS }, (_, slot) => slot).filter((slot) => !taken.has(slot))
    const next = free.find((slot) => slot > Math.max(...taken)) ?? free[0]
    if (next === undefined) return 'no slot is free any more'
    taken.add(next)
    return `give it the next free one, ${next}`
  }

  function orRename(owner: DescribedColumn, name: string): string {
    return `; or, if ${name} is the new name of ${owner.name}, first ALTER TABLE ${quote(table.name)} CHANGE COLUMN ${quote(owner.name)} ${quote(name)} ${owner.definition}`
  }
}

/** The list that the table keeps. */
function listed(there: readonly DescribedColumn[]): Map<number, string> {
  return ownersIn(noteOf(findColumn(there, VERSIONS)?.comment ?? ''))
}

function marksOf(column: DescribedColumn): [slot: number, mark: string][] {
  return slotsOf(column).map((slot) => [slot, markOf(column.name)])
}

function slotsOf({ comment }: DescribedColumn): number[] {
  const note = noteOf(comment)
  return note?.startsWith('slot ') ? slotsIn(note) : []
}
