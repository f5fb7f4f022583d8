import type Database from 'libsql'
import { isObject, parseJson } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { FORMATS } from './formats'

/** Everything that a store holds, table by table: what an export writes and an import reads. */
export interface State {
  product: typeof PRODUCT
  /** of the store's tables: a file of an older one is upgraded as a store is, one of a newer one is refused */
  format: number
  tables: Record<string, Row[]>
  /** variables that stand for secrets that were left out */
  secrets?: string[]
}

type Row = Record<string, string | number | null>

const PRODUCT = 'eventbridge-local'

/** All rows of all tables, as they are at one moment. */
export function readTables(database: Database.Database): State {
  database.exec('BEGIN')
  try {
    const names = tablesOf(database).map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).all() as Row[]])
    return { product: PRODUCT, format: FORMATS.length, tables: Object.fromEntries(names) }
  } finally {
    database.exec('COMMIT')
  }
}

/** With the numbers that have been given to rows, which are given to no other. */
function tablesOf(database: Database.Database): string[] {
  const select = database.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name = 'sqlite_sequence' OR name NOT LIKE 'sqlite\\_%' ESCAPE '\\') ORDER BY name",
  )
  return (select.all() as { name: string }[]).map(({ name }) => name)
}

/**
 * Reads what an export wrote.
 * @param file its name, for errors
 * @throws UserError
 */
export function parseState(text: string, file: string): State {
  const state = parseJson(text)
  if (!isObject(state) || state['product'] !== PRODUCT || !isObject(state['tables'])) {
    throw new UserError(`${file} is no export of ${PRODUCT}.`)
  }
  const { format, tables } = state
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1) {
    throw new UserError(`${file} does not say of which format it is.`)
  }
  if (format > FORMATS.length) {
    const known = `format ${format}, this one knows ${FORMATS.length}`
    throw new UserError(`${file} was exported by a newer version (${known}). Use that version.`)
  }
  for (const [table, rows] of Object.entries(tables)) {
    if (!Array.isArray(rows) || !rows.every(isRow)) throw new UserError(`${file}: tables.${table} is no list of rows.`)
  }
  const { secrets = [] } = state
  if (!Array.isArray(secrets) || !secrets.every((secret) => typeof secret === 'string')) {
    throw new UserError(`${file}: secrets is no list of names.`)
  }
  return { product: PRODUCT, format, tables: tables as State['tables'], secrets }
}

function isRow(row: unknown): boolean {
  return (
    isObject(row) &&
    Object.values(row).every((value) => value === null || typeof value === 'string' || typeof value === 'number')
  )
}

/**
 * Puts the rows into a database that has the tables of the state's format, and no row; for a transaction of the caller's,
 * within which rows may refer to what comes later.
 * @throws UserError for rows of something else
 */
export function writeTables(database: Database.Database, { tables }: State): void {
  const known = tablesOf(database)
  // the numbers that rows have been given come last: each row that goes in may change them
  const names = Object.keys(tables).sort((a, b) => Number(a === SEQUENCE) - Number(b === SEQUENCE))
  for (const name of names) {
    if (!known.includes(name)) throw new UserError(`The state has a table ${name}, which no store of its format has.`)
    database.exec(`DELETE FROM "${name}"`)
    const insert = inserting(database, name)
    for (const row of tables[name] ?? []) insert(row)
  }
  const loose = database.prepare('PRAGMA foreign_key_check').all()
  if (loose.length > 0)
    throw new UserError(`The state is not whole: ${loose.length} of its rows are about others that it lacks.`)
}

const SEQUENCE = 'sqlite_sequence'

function inserting(database: Database.Database, table: string): (row: Row) => void {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[]
  const statements = new Map<string, Database.Statement>()
  return (row) => {
    const names = Object.keys(row)
    const unknown = names.find((name) => !columns.some((column) => column.name === name))
    if (unknown !== undefined) {
      throw new UserError(`The state has a column ${unknown} in ${table}, which no store of its format has.`)
    }
    const list = names.map((name) => `"${name}"`).join(', ')
    const sql = `INSERT INTO "${table}" (${list}) VALUES (${names.map(() => '?').join(', ')})`
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    statement.run(...Object.values(row))
  }
}
