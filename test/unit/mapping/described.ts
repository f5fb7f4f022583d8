import type { DescribedColumn } from '../../../shared/mapping/describeTable'

/** A column as a server describes it: an int, unless told otherwise. */
export function described(name: string, more: Partial<DescribedColumn> = {}): DescribedColumn {
  const rest = { collation: null, nullable: false, isKey: false, default: null, extra: '', comment: '' }
  return { name, type: 'int', definition: more.type ?? 'int', ...rest, ...more }
}
