import type { Database } from '../../../../shared/database'
import { type Link, ok, unknown, wrong } from '../../../../shared/links'
import { compareSlots, compareTable, longComments, withUsedSlots } from '../../../../shared/mapping/compareTable'
import { type DescribedColumn, describeTable, describeWanted } from '../../../../shared/mapping/describeTable'
import { hasFirstVersions } from '../../../../shared/mapping/firstFormat'
import { type RefusedType, TypesRefused, tellRefusedType } from '../../../../shared/mapping/refusedTypes'
import { type Table, VERSIONS } from '../../../../shared/mapping/tables'
import { findUniqueIndexes, tellUniqueIndex, type UniqueIndex } from '../../../../shared/mapping/uniqueIndexes'

import { DatabaseError } from '../../mysqlErrors'

/** How the server describes a table. */
export interface TableRead {
  /** undefined when there is no such table */
  there: readonly DescribedColumn[] | undefined
  /** of the table that mapping.yaml wants; the error's code when the account may not make a temporary one to ask with */
  wanted: readonly DescribedColumn[] | TypesRefused | string
  /** those that can refuse a row beside the key */
  unique: readonly UniqueIndex[]
}

/** @throws DatabaseError */
export async function readTable(database: Database, table: Table): Promise<TableRead> {
  const there = await describeTable(database, table.name)
  if (there === undefined) return { there, wanted: [], unique: [] }
  const wanted = await describeWanted(database, table).catch((error: unknown) => {
    if (error instanceof TypesRefused) return error
    if (error instanceof DatabaseError) return error.code
    throw error
  })
  return { there, wanted, unique: await findUniqueIndexes(database, table) }
}

const MIGRATE = 'npm run migrate -- --sql prints the statements, npm run migrate runs them'
const MEND = 'mend mapping.yaml, build and deploy'

/** @param tell what the server says of a type, with the place in mapping.yaml where that file is at hand */
export function judgeTable(
  table: Table,
  { there, wanted, unique }: TableRead,
  tell: (refused: RefusedType, table: string) => string = tellRefusedType,
): Link {
  const name = `table ${table.name}`
  if (there === undefined) return wrong(name, 'there is none', MIGRATE)
  if (hasFirstVersions(there)) return wrong(name, 'it is as 0.1.0 made it', MIGRATE)
  const {
    isOurs,
    missing,
    changed,
    unknown: extra,
  } = compareTable(table, there, typeof wanted === 'string' || wanted instanceof TypesRefused ? [] : wanted)
  const slotFaults = compareSlots(table, there)
  if (slotFaults.length > 0) return wrong(name, slotFaults.join(' '), MEND)
  const tooLong = longComments(withUsedSlots(table, there), there)
  if (tooLong.length > 0) return wrong(name, tooLong.join(' '), `then ${MIGRATE}`)
  if (wanted instanceof TypesRefused)
    return wrong(name, wanted.types.map((refused) => tell(refused, table.name)).join('; '), MEND)
  const faults = [
    ...(isOurs ? [] : [`its key is another, or it has no column ${VERSIONS}`]),
    ...missing.map((column) => `${column.name} is missing`),
    ...changed.map(({ there: is, wanted: shall }) => `${is.name} is ${typeOf(is)}, not ${typeOf(shall)}`),
    ...extra.filter(refusesInserts).map((column) => `${column.name} is not ours, and every row must give it a value`),
  ]
  if (faults.length > 0) return wrong(name, faults.join('; '), MIGRATE)
  const indexes = unique.map((index) => tellUniqueIndex(table.name, index))
  if (indexes.length > 0) {
    return wrong(name, indexes.map(([fault]) => fault).join('; '), indexes.map(([, step]) => step).join('; '))
  }
  if (typeof wanted === 'string') {
    const step = 'with CREATE TEMPORARY TABLES, or from npm run migrate -- --sql, the types can be compared, too'
    return unknown(name, `has all columns; their types are not known (${wanted})`, step)
  }
  return ok(name, `as mapping.yaml wants it, ${there.length} columns`)
}

function typeOf({ type, nullable, collation }: DescribedColumn): string {
  return [type, ...(collation === null ? [] : [collation]), nullable ? 'NULL' : 'NOT NULL'].join(' ')
}

/** A column that the upsert does not know, in a strict session. */
function refusesInserts({ nullable, default: fallback, extra }: DescribedColumn): boolean {
  return !nullable && fallback === null && extra === ''
}
