import type { DescribedColumn } from '../../shared/mapping/describeTable'
import { quote } from '../../shared/mapping/tables'

/** In characters; the types that end in TEXT count bytes, of which utf8mb4 takes up to 4 a character. */
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
  const nulls = there.nullable && !wanted.nullable ? [`${value} IS NULL`] : []
  const lengths = lengthsOf(there, wanted)
  if (lengths === undefined) return there.type === wanted.type ? nulls : undefined
  const tooLong = lengths.wanted < lengths.there ? [`${lengths.unit}(${value}) > ${lengths.wanted}`] : []
  return [...nulls, ...tooLong, ...unknownCharacters(value, there, wanted)]
}

function lengthsOf(there: DescribedColumn, wanted: DescribedColumn) {
  const characters = { unit: 'CHAR_LENGTH', there: lengthOf('varchar', there), wanted: lengthOf('varchar', wanted) }
  const bytes = { unit: 'LENGTH', there: lengthOf('varbinary', there), wanted: lengthOf('varbinary', wanted) }
  for (const { unit, there, wanted } of [characters, bytes]) {
    if (there !== undefined && wanted !== undefined) return { unit, there, wanted }
  }
  const longer = TEXT_LENGTHS[wanted.type]
  if (characters.there !== undefined && longer !== undefined) return { ...characters, there: characters.there, wanted: longer }
  return undefined
}

function lengthOf(kind: string, { type }: DescribedColumn): number | undefined {
  const [, name, length] = /^(\w+)\((\d+)\)$/.exec(type) ?? []
  return name === kind ? Number(length) : undefined
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
