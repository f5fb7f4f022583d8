import type { Database } from '../database'
import { errorCodeOn } from '../serverErrors'
import { createTable, quote, type Table, type TableColumn } from './tables'

/** A column whose type the server does not take; none where it takes each of them, and not all in one table. */
export interface RefusedType {
  column: string | undefined
  /** the server's own words: it was asked by an empty table, so they hold no value of anybody's */
  reason: string
}

/** What mapping.yaml wants is no table for this server. */
export class TypesRefused extends Error {
  override name = 'TypesRefused' as const
  /** as mapping.yaml calls it */
  readonly table: string
  readonly types: readonly RefusedType[]

  constructor(table: string, types: readonly RefusedType[]) {
    super(types.map((type) => tellRefusedType(type)).join('; '))
    this.table = table
    this.types = types
  }
}

/** A sentence, without the place in the file. */
export function tellRefusedType({ column, reason }: RefusedType): string {
  const what = column === undefined ? 'the columns and the key together' : `the type of ${column}`
  return `${what}: the database refuses it: ${reason}`
}

/**
 * Makes an empty temporary table of this name, as `wanted` is. Where the server refuses it, each column is tried alone: the message of a long statement
 * tells its line at best.
 * @throws TypesRefused; the driver's error where this server makes no temporary table at all, as without the right to
 */
export async function createProbe(database: Database, wanted: Table, name: string): Promise<void> {
  const table = { ...wanted, name }
  const whole = await refusalOf(database, table)
  if (whole === undefined) return
  await database.execute(createTable({ name, columns: [DUMMY], key: [DUMMY.name], indexes: [] }, CREATE))
  await database.execute(drop(name))
  const types: RefusedType[] = []
  for (const { name: column, type } of table.columns) {
    const reason = await refusalOf(database, aloneIn(table, { name: column, type }))
    if (reason === undefined) await database.execute(drop(name))
    else types.push({ column, reason })
  }
  throw new TypesRefused(wanted.name, types.length > 0 ? types : [{ column: undefined, reason: whole }])
}

const CREATE = 'CREATE TEMPORARY TABLE'
/** Of a name that no column of mapping.yaml has. */
const DUMMY: TableColumn = { name: 'the-key', type: 'INT NOT NULL' }

function drop(name: string): string {
  return `DROP TEMPORARY TABLE ${quote(name)}`
}

/** A column of the key is tried as a key, which not every type can be. */
function aloneIn({ name, key }: Table, column: TableColumn): Table {
  if (key.includes(column.name)) return { name, columns: [column], key: [column.name], indexes: [] }
  return { name, columns: [column, DUMMY], key: [DUMMY.name], indexes: [] }
}

async function refusalOf(database: Database, table: Table): Promise<string | undefined> {
  try {
    await database.execute(createTable(table, CREATE))
    return undefined
  } catch (error) {
    const code = (await errorCodeOn(database, error)) ?? 'no answer'
    const message = messageOf(error)
    return message === undefined ? code : `${message} (${code})`
  }
}

const MANUAL = /; check the manual that corresponds to your \w+ server version for the right syntax to use/
/** The lines of our own statement, and the line it was. */
const REST =
  /,?\s*(?:`the-key` INT NOT NULL,\s*)?PRIMARY KEY \(.*(?=' at line \d+$)|,\s*`the-key` .*(?=' at line \d+$)/s

/** What the server says of the type, without what it says of the statement around it. */
function messageOf(error: unknown): string | undefined {
  const message = error instanceof Error && 'sqlMessage' in error ? error.sqlMessage : undefined
  if (typeof message !== 'string' || message === '') return undefined
  return message
    .replace(MANUAL, '')
    .replace(REST, '')
    .replace(/ at line \d+$/, '')
    .replace(/\s+/g, ' ')
}
