import type { ChangedColumn, Difference } from '../../shared/mapping/compareTable'
import type { DescribedColumn } from '../../shared/mapping/describeTable'
import { alterTable, columnClause, quote, type Table } from '../../shared/mapping/tables'
import { literal } from './literal'
import { characterSetOf, lossOf } from './lossOf'
import type { Check, Plan } from './plan'

/**
 * Columns that are missing are added, types are changed where no value is lost; columns that mapping.yaml does not name
 * stay.
 * @param rows the name that the table has before the plan's first step
 */
export function changeTable(table: Table, difference: Difference, rows: string): Plan {
  const changes = difference.changed.map((change) => ({ ...change, losses: lossesOf(change) }))
  const possible = changes.filter(({ losses }) => losses !== undefined)
  const clauses = [
    ...difference.missing.map((column) => columnClause('ADD COLUMN', column)),
    ...possible.map(({ column }) => columnClause('MODIFY COLUMN', column)),
  ]
  const undo = [
    ...difference.missing.map(({ name }) => `DROP COLUMN ${quote(name)}`),
    ...possible.map(({ there }) => columnClause('MODIFY COLUMN', { name: there.name, type: definitionOf(there) })),
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

/** A text or binary column as it is, written out. */
function definitionOf(column: DescribedColumn): string {
  const { type, collation, nullable, comment } = column
  return [
    type,
    collation === null ? '' : `CHARACTER SET ${characterSetOf(column)} COLLATE ${collation}`,
    nullable ? 'NULL' : 'NOT NULL',
    column.default === null ? '' : `DEFAULT ${literal(column.default)}`,
    comment === '' ? '' : `COMMENT ${literal(comment)}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}
