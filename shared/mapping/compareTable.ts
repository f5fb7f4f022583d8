import type { DescribedColumn } from './describeTable'
import { type Table, type TableColumn, VERSIONS } from './tables'

/** How a table that is there differs from the one that is wanted. */
export interface Difference {
  /** whether it has the key of ours, in whatever order, and the versions where ours has them: the upsert works on no other */
  isOurs: boolean
  missing: readonly TableColumn[]
  changed: readonly ChangedColumn[]
  /** columns that are only there */
  unknown: readonly DescribedColumn[]
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
  const keyThere = there.filter(({ isKey }) => isKey)
  const hasKey = keyThere.length === table.key.length && table.key.every((name) => findColumn(keyThere, name))
  const missing = table.columns.filter(({ name }) => !findColumn(there, name))
  return {
    isOurs: hasKey && !findColumn(missing, VERSIONS),
    missing,
    changed: table.columns.flatMap((column) => {
      const [is, shall] = [findColumn(there, column.name), findColumn(wanted, column.name)]
      return is === undefined || shall === undefined || isSame(is, shall) ? [] : [{ there: is, wanted: shall, column }]
    }),
    unknown: there.filter(({ name }) => !findColumn(table.columns, name)),
  }
}

/** Names that differ in case alone name the same column: https://dev.mysql.com/doc/refman/8.0/en/identifier-case-sensitivity.html */
export function findColumn<T extends { name: string }>(columns: readonly T[], name: string): T | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}

/** Defaults do not count: the upsert gives each column a value, and servers spell them in many ways. */
function isSame(there: DescribedColumn, wanted: DescribedColumn): boolean {
  return there.type === wanted.type && there.collation === wanted.collation && there.nullable === wanted.nullable
}
