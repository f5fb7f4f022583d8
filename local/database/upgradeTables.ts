import type { Database } from '../../shared/database'
import {
  compareSlots,
  compareTable,
  type Difference,
  longComments,
  withUsedSlots,
} from '../../shared/mapping/compareTable'
import { describeTable, describeWanted, prepareSession } from '../../shared/mapping/describeTable'
import { type FromFirst, fromFirstLetters, fromFirstVersions } from '../../shared/mapping/firstFormat'
import { findLookalikes, isEmpty } from '../../shared/mapping/lookalikes'
import type { Mapping } from '../../shared/mapping/mapping'
import {
  allTables,
  alterTable,
  columnClause,
  createTable,
  DEAD_LETTERS,
  quote,
  type Table,
  withNote,
} from '../../shared/mapping/tables'
import { findUniqueIndexes, tellUniqueIndex } from '../../shared/mapping/uniqueIndexes'
import { errorCodeOn, isAccessDenied } from '../../shared/serverErrors'
import { UserError } from '../../shared/userError'
import { type DatabaseAddress, openConnection } from './database'

/**
 * Makes the tables, turns those of 0.1.0 into ones of now, adds the columns that are new in mapping.yaml, and notes the
 * slots. Whatever else differs is only reported: `npm run migrate` shows what it does before it does it.
 * @param report takes a line about what was done or differs
 * @throws UserError when the database refuses, when the upsert could not work on a table, or when mapping.yaml gives a
 * column a slot that is not its own or a comment has no room for it; TypesRefused when it gives one a type that the server
 * does not take
 */
export async function upgradeTables(
  address: DatabaseAddress,
  mappings: readonly Mapping[],
  report: (line: string) => void,
): Promise<void> {
  const connection = await openConnection(address, {})
  try {
    await prepareSession(connection)
    const named = mappings.map(({ table }) => table)
    const compared: Compared[] = []
    // all of them before any is changed: a file that is refused has done nothing
    for (const table of allTables(mappings)) compared.push(await compare(connection, table))
    for (const table of compared) await upgradeTable(connection, table, named, report)
  } catch (error) {
    const code = await errorCodeOn(connection, error)
    if (code === undefined) throw error
    const next = isAccessDenied(error)
      ? 'Give MYSQL_USER the rights to CREATE, ALTER and CREATE TEMPORARY TABLES there.'
      : 'npm run migrate -- --sql prints the statements for them.'
    throw new UserError(`The tables could not be made in ${address.database} (${code}). ${next}`)
  } finally {
    await connection.end()
  }
}

/** A table of ours, and the one that is there. */
interface Compared {
  mapped: Table
  /** undefined where there is none yet */
  there: { table: Table; statements: FromFirst['statements']; difference: Difference } | undefined
}

async function compare(connection: Database, mapped: Table): Promise<Compared> {
  const { name } = mapped
  const found = await describeTable(connection, name)
  const table = found === undefined ? mapped : withUsedSlots(mapped, found)
  const faults = [...compareSlots(table, found ?? []), ...longComments(table, found ?? [])]
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  const wanted = await describeWanted(connection, table)
  if (found === undefined) return { mapped, there: undefined }
  const { statements, columns } =
    name === DEAD_LETTERS.name
      ? await fromFirstLetters(connection, found, wanted)
      : await fromFirstVersions(connection, table, found, wanted)
  const difference = compareTable(table, columns, wanted)
  if (!difference.isOurs) {
    throw new UserError(
      `The table ${name} was not made by us, or has another key than mapping.yaml. Set MYSQL_HOST and its like in the shell, and see npm run migrate.`,
    )
  }
  return { mapped, there: { table, statements, difference } }
}

/** @param named the tables of mapping.yaml */
async function upgradeTable(
  connection: Database,
  { mapped, there }: Compared,
  named: readonly string[],
  report: (line: string) => void,
): Promise<void> {
  const { name } = mapped
  if (there === undefined) {
    const others = name === DEAD_LETTERS.name ? [] : await findLookalikes(connection, mapped, named)
    await connection.execute(createTable(mapped))
    for (const other of others) {
      if (await isEmpty(connection, other)) continue
      report(
        `${name} is new and empty, and ${other} beside it has rows and the same key. Is ${name} its new name? Then, before events come: npm run migrate -- --rename-from ${other}=${name}`,
      )
    }
    return
  }
  const { table, statements } = there
  const { missing, changed, unnoted } = there.difference
  for (const { sql } of statements) await connection.execute(sql)
  if (statements.length > 0) report(`${name}: changed from the format of 0.1.0`)
  const clauses = [
    ...missing.map((column) => columnClause('ADD COLUMN', column)),
    ...unnoted.map(({ there: is, note }) => `MODIFY COLUMN ${quote(is.name)} ${withNote(is.definition, note)}`),
  ]
  if (clauses.length > 0) await connection.execute(alterTable(name, clauses))
  if (missing.length > 0) report(`${name}: added ${missing.map((column) => column.name).join(', ')}`)
  for (const { there: is, column } of changed) {
    report(`${name}.${column.name} is ${is.type}, not ${column.type} as in mapping.yaml: npm run migrate`)
  }
  if (name === DEAD_LETTERS.name) return
  for (const index of await findUniqueIndexes(connection, table)) {
    report(`${name}: ${tellUniqueIndex(name, index).join('. ')}`)
  }
}
