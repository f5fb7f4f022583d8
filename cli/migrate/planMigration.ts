import { slotCount } from '../../functions/employees/upsertSql'
import { type Database, selectCount } from '../../shared/database'
import { compareSlots, compareTable, hasOurKey, longComments, withUsedSlots } from '../../shared/mapping/compareTable'
import { type DescribedColumn, describeTable, describeWanted } from '../../shared/mapping/describeTable'
import { fromFirstLetters, fromFirstVersions, hasFirstVersions } from '../../shared/mapping/firstFormat'
import { findLookalikes, findMadeTables, isEmpty } from '../../shared/mapping/lookalikes'
import type { Mapping } from '../../shared/mapping/mapping'
import {
  allTables,
  createTable,
  DEAD_LETTERS,
  findColumn,
  mappedTable,
  quote,
  type Table,
} from '../../shared/mapping/tables'
import { findUniqueIndexes, tellUniqueIndex } from '../../shared/mapping/uniqueIndexes'
import { UserError } from '../../shared/userError'
import { changeTable } from './changeTable'
import { joinMigrations, type Migration } from './migration'
import { copyName, hasVersions, oldName, rebuildTable } from './rebuildTable'

export interface MigrationOptions {
  /** the table that shall have a name of mapping.yaml's: `old`, or `old=new` */
  renameFrom: string | undefined
  newestBy: string | undefined
  leaveBehind: boolean
  /** what stands in for key columns that the table does not have, by the variable's name in mapping.yaml */
  variables: Readonly<Record<string, string>>
}

/**
 * Makes all tables, where nothing is known of a database.
 * @throws UserError when a comment of mapping.yaml has no room for its slot
 */
export function planFromNothing(mappings: readonly Mapping[]): Migration {
  const tables = allTables(mappings)
  const faults = tables.flatMap((table) => longComments(table, []))
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  return joinMigrations(...tables.map(creation))
}

/**
 * Reads what is there and tells what has to be done, and how each step is undone; changes nothing.
 * @throws TypesRefused when the server does not take a type of mapping.yaml
 */
export async function planMigration(
  database: Database,
  mappings: readonly Mapping[],
  options: MigrationOptions,
): Promise<Migration> {
  const { from, to } = readRenaming(options.renameFrom, mappings)
  const named = mappings.map(({ table }) => table)
  const plans: Migration[] = from === undefined || to === undefined ? [] : [await renameLetters(database, from, to)]
  for (const mapping of mappings) {
    const renameFrom = mapping.table === to ? from : undefined
    plans.push(await planMappedTable(database, mapping, { ...options, renameFrom, named }))
  }
  return joinMigrations(...plans, await planDeadLetters(database), { notes: await leftAlone(database, named, from) })
}

/** @throws UserError */
function readRenaming(text: string | undefined, mappings: readonly Mapping[]): { from?: string; to?: string } {
  if (text === undefined) return {}
  const [from = '', to = mappings.length === 1 ? mappings[0]?.table : undefined, ...more] = text.split('=')
  if (from !== '' && more.length === 0 && mappings.some(({ table }) => table === to)) return { from, to: to as string }
  const names = mappings.map(({ table }) => table).join(', ')
  throw new UserError(`--rename-from takes OLD=NEW, where NEW is a table of mapping.yaml: ${names}.`)
}

/** Tables of ours that mapping.yaml does not name any more: nothing writes them, and nothing takes them away. */
async function leftAlone(database: Database, named: readonly string[], renamed?: string): Promise<string[]> {
  const known = new Set([...named.flatMap((table) => [table, copyName(table), oldName(table)]), renamed])
  const names = (await findMadeTables(database)).filter((name) => !known.has(name))
  return names.map((name) => `${name} is not in mapping.yaml: it stays as it is.`)
}

interface TableOptions extends MigrationOptions {
  /** the tables of mapping.yaml */
  named: readonly string[]
}

async function planMappedTable(database: Database, mapping: Mapping, options: TableOptions): Promise<Migration> {
  const mapped = mappedTable(mapping)
  const [copy, old] = [copyName(mapped.name), oldName(mapped.name)]
  const [is, copyIs, oldIs] = [
    await describeTable(database, mapped.name),
    await describeTable(database, copy),
    await describeTable(database, old),
  ]
  const isTaken = is !== undefined && options.renameFrom !== undefined
  if (isTaken && !(await isOursAndEmpty(database, mapped, is, options))) {
    return refusal(`--rename-from: ${mapped.name} is already there.`)
  }
  // A server that crashed may have done the first half of the last step alone.
  const isHalfDone = is === undefined && copyIs !== undefined && oldIs !== undefined
  const source = options.renameFrom ?? (isHalfDone ? old : undefined)
  const found = source === undefined ? is : await describeTable(database, source)
  if (found === undefined) {
    if (source !== undefined) return refusal(`--rename-from: there is no table ${source}.`)
    const refusals = longComments(mapped, [])
    if (refusals.length > 0) return joinMigrations({ refusals })
    // whether the server takes it at all
    await describeWanted(database, mapped)
    return joinMigrations(creation(mapped), { notes: await lookalikes(database, mapped, options.named) })
  }

  const table = withUsedSlots(mapped, found)
  const rows = source ?? table.name
  const named = { ...table, name: rows }
  const refusals = [...compareSlots(named, found), ...longComments(named, found)]
  if (refusals.length > 0) return joinMigrations({ refusals })
  const wanted = await describeWanted(database, table)
  const { statements, columns: there } = await fromFirstVersions(database, table, found, wanted, rows)
  const difference = compareTable(table, there, wanted)
  const before: Partial<Migration>[] = [
    isTaken ? removalOf(mapped) : {},
    source === undefined ? {} : renamingOf(source, table.name),
    { steps: statements },
  ]
  if (difference.isOurs) {
    const indexes = await findUniqueIndexes(database, named)
    const notes = indexes.map((index) => `${table.name}: ${tellUniqueIndex(table.name, index).join('. ')}`)
    return joinMigrations(...before, changeTable(table, difference, rows), { notes })
  }

  if (oldIs !== undefined && !isHalfDone) {
    return refusal(`The old table would stay as ${old}, but there is one of that name: rename or drop it.`)
  }
  if (copyIs !== undefined && !hasVersions(copyIs) && !hasFirstVersions(copyIs)) {
    return refusal(`The new table would be made as ${copy}, but there is one of that name: rename or drop it.`)
  }
  const { newestBy, leaveBehind } = options
  return joinMigrations(
    ...before,
    rebuildTable({
      table,
      there,
      wanted,
      rows,
      hasCopy: copyIs !== undefined,
      keyDefaults: keyDefaultsOf(mapping, options.variables),
      slots: slotCount(mapping),
      newestBy,
      leaveBehind,
    }),
  )
}

/** As the function fills them where an event names none. */
function keyDefaultsOf({ key }: Mapping, variables: Readonly<Record<string, string>>): Record<string, string> {
  const filled = key.flatMap(({ name, defaultVariable }) => {
    return defaultVariable === undefined ? [] : [[name, variables[defaultVariable] ?? '']]
  })
  return Object.fromEntries(filled)
}

async function planDeadLetters(database: Database): Promise<Migration> {
  const there = await describeTable(database, DEAD_LETTERS.name)
  if (there === undefined) return creation(DEAD_LETTERS)
  const wanted = await describeWanted(database, DEAD_LETTERS)
  const { statements, columns } = await fromFirstLetters(database, there, wanted)
  const difference = compareTable(DEAD_LETTERS, columns, wanted)
  if (difference.isOurs)
    return joinMigrations({ steps: statements }, changeTable(DEAD_LETTERS, difference, DEAD_LETTERS.name))
  return refusal(`${DEAD_LETTERS.name} is a table of something else: rename it.`)
}

/** Not IF NOT EXISTS: its undo would drop a table that was there before, and the article's would be taken for ours. */
function creation(table: Table): Migration {
  return joinMigrations({
    steps: [{ sql: createTable(table, 'CREATE TABLE'), undo: `DROP TABLE ${quote(table.name)}` }],
  })
}

/** As npm start makes one, where mapping.yaml has a new name: then the other one goes in its place. */
async function isOursAndEmpty(
  database: Database,
  table: Table,
  there: readonly DescribedColumn[],
  { renameFrom = '', named }: TableOptions,
): Promise<boolean> {
  if (!hasVersions(there) || !hasOurKey(table, there)) return false
  return (await findLookalikes(database, table, named)).includes(renameFrom) && (await isEmpty(database, table.name))
}

function removalOf(table: Table): Partial<Migration> {
  return { steps: [{ sql: `DROP TABLE ${quote(table.name)}`, undo: createTable(table, 'CREATE TABLE') }] }
}

function renamingOf(from: string, to: string): Partial<Migration> {
  const rename = (from: string, to: string) => `RENAME TABLE ${quote(from)} TO ${quote(to)}`
  return { steps: [{ sql: rename(from, to), undo: rename(to, from) }] }
}

/** A replay brings a letter to the table that it names. Before the table is renamed: what is broken off is then said again. */
async function renameLetters(database: Database, from: string, to: string): Promise<Migration> {
  const { name } = DEAD_LETTERS
  const there = await describeTable(database, name)
  if (there === undefined || findColumn(there, 'table') === undefined) return joinMigrations()
  const of = (table: string) => `${quote('table')} = '${table.replace(/['\\]/g, '\\$&')}'`
  const found = await selectCount(database, `SELECT COUNT(*) AS found FROM ${quote(name)} WHERE ${of(from)}`)
  const rename = (from: string, to: string) => `UPDATE ${quote(name)} SET ${of(to)} WHERE ${of(from)}`
  return joinMigrations({ steps: found === 0 ? [] : [{ sql: rename(from, to), undo: rename(to, from) }] })
}

async function lookalikes(database: Database, table: Table, named: readonly string[]): Promise<string[]> {
  const names = await findLookalikes(database, table, named)
  return names.map(
    (name) => `${name} has the same key. Is ${table.name} its new name? Then say --rename-from ${name}=${table.name}.`,
  )
}

function refusal(line: string): Migration {
  return joinMigrations({ refusals: [line] })
}
