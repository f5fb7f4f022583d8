import type { DescribedColumn } from './describeTable'
import { noteOf } from './slotNotes'
import { findColumn, type Table, type TableColumn, VERSIONS } from './tables'

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
