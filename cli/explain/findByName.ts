import { tellEnd } from '../../functions/employees/maintenance/explain'
import { alignColumns } from '../../shared/alignColumns'
import { type Database, type SqlRow, selectRows } from '../../shared/database'
import { endColumn } from '../../shared/mapping/endColumn'
import type { Mapping } from '../../shared/mapping/mapping'
import { quote } from '../../shared/mapping/tables'

/** More would be a list that nobody reads. */
const MAX_FOUND = 20

/** What tells people of one name apart, by how companies call such columns. */
const TELLING = /^(dept|department|title|position|job_?number)/i

export interface Found {
  /** of whom they are: the last part of the key; each once */
  userIds: string[]
  /** a line each, with a head */
  list: string[]
  /** whether there are others */
  isCut: boolean
  /** whether this is all of their name */
  isWhole: boolean
}

/** The columns that hold a name: those that mapping.yaml reads `as: name`, or calls so. */
export function nameColumns({ columns }: Mapping): string[] {
  return columns.filter(({ name, as }) => as === 'name' || name.toLowerCase() === 'name').map(({ name }) => name)
}

/** The people of this name; where there is none, those whose name has it as a part. Who has not left comes first. */
export async function findByName(database: Database, mapping: Mapping, given: string): Promise<Found> {
  const names = nameColumns(mapping)
  if (names.length === 0) return { userIds: [], list: [], isCut: false, isWhole: false }
  // whatever character set a column has
  const texts = names.map((name) => `CONVERT(${quote(name)} USING utf8mb4)`)
  const part = `%${given.replace(/[|%_]/g, '|$&')}%`
  const left = endColumn(mapping)?.name
  const order = [
    ...(left === undefined ? [] : [`${quote(left)} IS NOT NULL`]),
    ...mapping.key.map(({ name }) => quote(name)),
  ]
  const rows = await selectRows(
    database,
    `SELECT *, (${texts.map((text) => `${text} = ?`).join(' OR ')}) AS isWhole FROM ${quote(mapping.table)} ` +
      `WHERE ${texts.map((text) => `${text} LIKE ? ESCAPE '|'`).join(' OR ')} ` +
      `ORDER BY isWhole DESC, ${order.join(', ')} LIMIT ${MAX_FOUND + 1}`,
    [...names.map(() => given), ...names.map(() => part)],
  )
  const whole = rows.filter(({ isWhole }) => Number(isWhole) === 1)
  const found = whole.length > 0 ? whole : rows
  const userId = mapping.key.at(-1)?.name ?? ''
  return {
    userIds: [...new Set(found.map((row) => String(row[userId])))],
    list: showList(found.slice(0, MAX_FOUND), mapping),
    isCut: found.length > MAX_FOUND,
    isWhole: whole.length > 0,
  }
}

function showList(rows: readonly SqlRow[], mapping: Mapping): string[] {
  const { key, columns } = mapping
  const end = endColumn(mapping)?.name
  const telling = columns.map(({ name }) => name).filter((name) => TELLING.test(name))
  const shown = [...key.map(({ name }) => name).reverse(), ...nameColumns(mapping), ...telling]
  const lines = rows.map((row) => [
    ...shown.map((name) => asText(row[name])),
    ...(end === undefined ? [] : [tellEnd(end, row[end])]),
  ])
  return alignColumns([[...shown, ''], ...lines])
}

function asText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
