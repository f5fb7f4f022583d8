import type { DescribedColumn } from '../../shared/mapping/describeTable'
import { quote } from '../../shared/mapping/tables'

/** What they hold in any case, in characters: they count bytes, of which utf8mb4 takes up to 4 a character. */
const TEXT_LENGTHS: Readonly<Record<string, number>> = {
  tinytext: 63,
  text: 16_383,
  mediumtext: 4_194_303,
  longtext: 1_073_741_823,
}

/**
 * Conditions in SQL that find the values which a change of type would lose; none when it can lose nothing.
 * @returns undefined when nothing is known of a change from the one type to the other
 */
export function lossOf(there: DescribedColumn, wanted: DescribedColumn): string[] | undefined {
  const value = quote(there.name)
  const tooLong = there.type === wanted.type ? [] : tooLongFor(wanted, there)
  if (tooLong === undefined) return undefined
  const nulls = there.nullable && !wanted.nullable ? [`${value} IS NULL`] : []
  return [...nulls, ...tooLong, ...unknownCharacters(value, there, wanted)]
}

function tooLongFor(wanted: DescribedColumn, there: DescribedColumn): string[] | undefined {
  const [, kind, length] = /^(varchar|varbinary)\((\d+)\)$/.exec(there.type) ?? []
  const limit = new RegExp(`^${kind}\\((\\d+)\\)$`).exec(wanted.type)?.[1]
  const most = limit === undefined && kind === 'varchar' ? TEXT_LENGTHS[wanted.type] : limit
  if (most === undefined) return undefined
  const lengthOf = kind === 'varchar' ? 'CHAR_LENGTH' : 'LENGTH'
  return Number(length) <= Number(most) ? [] : [`${lengthOf}(${quote(there.name)}) > ${most}`]
}

/** utf8mb4 holds the characters of every set. CONVERT makes a question mark of what a set does not hold. */
function unknownCharacters(value: string, there: DescribedColumn, wanted: DescribedColumn): string[] {
  const [from, to] = [characterSetOf(there), characterSetOf(wanted)]
  if (to === undefined || to === from || to === 'utf8mb4' || from === 'ascii') return []
  const bytes = (text: string) => `CAST(CONVERT(${text} USING utf8mb4) AS BINARY)`
  return [`${bytes(`CONVERT(${value} USING ${to})`)} <> ${bytes(value)}`]
}

/** A collation begins with its character set: utf8mb4_bin, utf8mb3_general_ci. */
export function characterSetOf({ collation }: DescribedColumn): string | undefined {
  return collation?.split('_')[0]
}
