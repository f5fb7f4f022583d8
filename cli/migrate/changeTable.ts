import type { ChangedColumn, Difference } from '../../shared/mapping/compareTable'
import type { DescribedColumn } from '../../shared/mapping/describeTable'
import {
  alterTable,
  columnClause,
  quote,
  type Table,
  type TableColumn,
  withNote,
  wordsOf,
} from '../../shared/mapping/tables'
import type { Check, Migration } from './migration'

/**
 * Columns that are missing are added, types are changed where no value is lost, slots are noted; columns that mapping.yaml
 * does not name stay.
 * @param rows the name that the table has before the migration's first step
 */
export function changeTable(table: Table, difference: Difference, rows: string): Migration {
  const changes = difference.changed.map((change) => ({ ...change, losses: lossesOf(change) }))
  const possible = changes.filter(({ losses }) => losses !== undefined)
  const unnoted = difference.unnoted.filter(({ there }) => !changes.some((change) => change.there === there))
  const clauses = [
    ...difference.missing.map((column) => columnClause('ADD COLUMN', column)),
    ...possible.map(({ there, column }) => columnClause('MODIFY COLUMN', withWords(column, there))),
    ...unnoted.map(({ there, note }) => `MODIFY COLUMN ${quote(there.name)} ${withNote(there.definition, note)}`),
  ]
  const undo = [
    ...difference.missing.map(({ name }) => `DROP COLUMN ${quote(name)}`),
    ...[...possible, ...unnoted].map(({ there }) => `MODIFY COLUMN ${quote(there.name)} ${there.definition}`),
  ]
  return {
    steps: clauses.length === 0 ? [] : [{ sql: alterTable(table.name, clauses), undo: alterTable(table.name, undo) }],
    checks: possible.flatMap(({ losses = [], column }) =>
      losses.map((loss) => lossCheck(column.name, `FROM ${quote(rows)} WHERE ${loss}`)),
    ),
    refusals: changes.flatMap((change) => (change.losses === undefined ? [unknownChange(table.name, change)] : [])),
    notes: leftAlone(table.name, difference.unknown),
  }
}

/** @param from where the values are looked for that would be lost, as SQL has it from FROM on */
export function lossCheck(column: string, from: string): Check {
  return {
    what: `Values of ${column} that its type in mapping.yaml does not hold`,
    rows: `SELECT * ${from}`,
    todo: 'Give it a wider type in mapping.yaml, or mend them.',
  }
}

export function unknownChange(table: string, { there, column }: ChangedColumn): string {
  return (
    `${table}.${column.name} is ${there.type}${there.nullable ? '' : ' NOT NULL'}, and ${column.type} in mapping.yaml. ` +
    'How to turn the one into the other without loss is not known: change mapping.yaml, or the column by hand.'
  )
}

/** A generated column, or one that has a default other than a plain value, is not ours to write anew. */
function lossesOf({ there, wanted }: ChangedColumn): string[] | undefined {
  return there.extra === '' ? lossOf(there, wanted) : undefined
}

function leftAlone(table: string, unknown: readonly DescribedColumn[]): string[] {
  const names = (columns: readonly DescribedColumn[]) => columns.map(({ name }) => name).join(', ')
  const required = unknown.filter((column) => !column.nullable && column.default === null && column.extra === '')
  return [
    ...(unknown.length > 0
      ? [`${table} has columns that mapping.yaml does not name, and keeps them: ${names(unknown)}`]
      : []),
    ...(required.length > 0
      ? [
          `Nobody gives these a value, and they are NOT NULL: ${names(required)}. New rows are refused until they have a default.`,
        ]
      : []),
  ]
}

/** What somebody wrote beside the column stays, where mapping.yaml has no words for it. */
function withWords(column: TableColumn, { comment }: DescribedColumn): TableColumn {
  const words = wordsOf(comment)
  const hasOwn = /\bCOMMENT\b/i.test(column.type)
  return words === '' || hasOwn ? column : { ...column, type: `${column.type} COMMENT ${literal(words)}` }
}

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

const ESCAPES: Readonly<Record<string, string>> = { '\0': '\\0', '\n': '\\n', '\r': '\\r', "'": "\\'", '\\': '\\\\' }

/** A text in SQL, on one line, under the sql_mode of the session (SESSION): a backslash escapes. */
export function literal(text: string): string {
  return `'${text.replace(/[\0\n\r'\\]/g, (character) => ESCAPES[character] ?? '')}'`
}
