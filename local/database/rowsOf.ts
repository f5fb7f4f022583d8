import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { ShownColumn, TableRow, TableRows } from '../../emulator'
import type { Environment } from '../../shared/config'
import { isObject, parseExact, parseJson } from '../../shared/json'
import type { Mapping } from '../../shared/mapping/mapping'
import { type Defaults, itemsOf, openFields, readKeys } from '../../shared/mapping/readKeys'
import { isOfTable } from '../../shared/mapping/ruleOf'
import { mappedTable, quote, VERSIONS } from '../../shared/mapping/tables'
import { isVersionOf, timeOfVersion, VERSION_BYTES } from '../../shared/mapping/version'
import { type DatabaseAddress, openConnection } from './database'

/** A database that hangs must not hold up the page. */
const ANSWER_WITHIN_MS = 3_000
/** An event may name hundreds of people. */
const MAX_ROWS = 20

/**
 * Finds the rows about whom or what an event names, in each table that knows it, with the columns that it has set, and why
 * it could not be stored, if so.
 * @param environment the functions' variables: they name what stands in where an event names no corporation
 * @returns a function that rejects with the driver's error when the database does not answer
 */
export function createRowsOf(address: DatabaseAddress, mappings: readonly Mapping[], environment: Environment) {
  const defaults = { DINGTALK_CORP_ID: environment['DINGTALK_CORP_ID'] ?? '' }
  return async function rowsOf(json: string): Promise<TableRows[]> {
    const event = parseExact(json)
    if (!isObject(event)) return []
    const connection = await openConnection(address, {
      connectTimeout: ANSWER_WITHIN_MS,
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
    })
    try {
      const reasons = await reasonsOf(connection, event)
      const found: TableRows[] = []
      for (const mapping of tablesOf(mappings, event)) {
        const { table } = mapping
        const keys = keysIn(event, mapping, defaults).slice(0, MAX_ROWS)
        const deadLetter = reasons.get(table) ?? (found.length === 0 ? reasons.get('') : undefined)
        if (keys.length === 0 && deadLetter === undefined) continue
        const rows = await rowsWith(connection, mapping, keys)
        found.push({
          table,
          rows: rows.map((row) => showRow(row, mapping, String(event['id']))),
          ...(deadLetter !== undefined && { deadLetter }),
        })
      }
      return found
    } finally {
      connection.destroy()
    }
  }
}

/** Each once: two items of a list may be about one row. */
function keysIn(event: Readonly<Record<string, unknown>>, mapping: Mapping, defaults: Defaults): string[][] {
  const items = itemsOf(mapping, openFields(mapping.fields, event, mapping.spellings)) ?? []
  const keys = items.flatMap((item) => readKeys(mapping.key, item, defaults).keys)
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()]
}

/** Those that know the event; of one that none knows, all: it may name somebody of whom others have told. */
function tablesOf(mappings: readonly Mapping[], event: Readonly<Record<string, unknown>>): readonly Mapping[] {
  const knowing = mappings.filter((mapping) => isOfTable(mapping, openFields(mapping.fields, event, mapping.spellings)))
  return knowing.length > 0 ? knowing : mappings
}

async function rowsWith(connection: Connection, { table, key }: Mapping, keys: string[][]): Promise<RowDataPacket[]> {
  if (keys.length === 0) return []
  const condition = `(${key.map(({ name }) => `${quote(name)} = ?`).join(' AND ')})`
  const sql = `SELECT * FROM ${quote(table)} WHERE ${keys.map(() => condition).join(' OR ')}`
  const [rows] = await connection.execute<RowDataPacket[]>({ sql, timeout: ANSWER_WITHIN_MS }, keys.flat())
  return rows
}

/** By the table whose letter it is. */
async function reasonsOf(
  connection: Connection,
  { source, id }: Record<string, unknown>,
): Promise<ReadonlyMap<string, string>> {
  const sql = 'SELECT `table`, reason FROM dead_letters WHERE source = ? AND eventId = ?'
  const values = [String(source), String(id)]
  const [rows] = await connection.execute<RowDataPacket[]>({ sql, timeout: ANSWER_WITHIN_MS }, values)
  return new Map(rows.map(({ table, reason }) => [String(table), String(reason)]))
}

function showRow(row: RowDataPacket, mapping: Mapping, eventId: string): TableRow {
  const versions = Buffer.from(row[VERSIONS])
  const slots = new Map(mapping.columns.map(({ name, slot }) => [name, slot]))
  const shown = mappedTable(mapping).columns.filter(({ name }) => name !== VERSIONS)
  return {
    columns: shown.map(({ name, type }) => {
      const slot = slots.get(name)
      const version =
        slot === undefined ? Buffer.alloc(0) : versions.subarray(slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES)
      return { name, value: readColumn(type, row[name]), ...readVersion(version, eventId) }
    }),
  }
}

function readVersion(version: Buffer, eventId: string): Pick<ShownColumn, 'setAt' | 'setByThis'> {
  const setAt = timeOfVersion(version)
  return setAt === undefined ? { setByThis: false } : { setAt, setByThis: isVersionOf(version, eventId) }
}

/** Every DATETIME is in UTC, and says so here. MariaDB has JSON columns as text; of MySQL they come parsed. */
function readColumn(type: string, value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null
  if (/^DATETIME/i.test(type)) return `${value.replace(' ', 'T')}Z`
  const parsed = /^JSON/i.test(type) ? parseJson(value) : undefined
  return parsed === undefined ? value : parsed
}
