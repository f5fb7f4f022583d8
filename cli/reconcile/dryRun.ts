import type { Connection, RowDataPacket } from 'mysql2/promise'
import { type Braked, brakeOf, findAbsentees } from '../../functions/employees/applyRoster'
import { mergeChanges, type Row } from '../../functions/employees/mergeChanges'
import { type Roster, readRoster } from '../../functions/employees/readRoster'
import { type Change, toChanges } from '../../functions/employees/toChanges'
import { leftColumn } from '../../functions/employees/upsertSql'
import type { SqlValue } from '../../shared/database'
import { parseCloudEvents } from '../../shared/eventbridge/parseCloudEvents'
import type { Publisher } from '../../shared/eventbridge/publisher'
import { isObject, parseLossless, stringifyLossless } from '../../shared/json'
import type { LeaverLimit } from '../../shared/mapping/leaverLimit'
import type { Column, JsonPath, Mapping } from '../../shared/mapping/mapping'
import type { Defaults } from '../../shared/mapping/readKeys'
import { quote, VERSIONS } from '../../shared/mapping/tables'
import { VERSION_BYTES } from '../../shared/mapping/version'

/** What a walk would do to a table: the ids of rows. */
export interface Prediction {
  table: string
  added: string[]
  /** whom DingTalk's list of leavers names and the table has never had */
  addedAsLeft: string[]
  changed: string[]
  leave: string[]
  /** ranges of ids in which more would leave than may, and who that is */
  braked: (Braked & { ids: string[] })[]
}

/** Rows that are read at once. */
const ROWS = 500

/** A walk's events, read as the employees function reads them, and kept in place of being published. */
export function createRehearsal(mappings: readonly Mapping[], defaults: Defaults, now: () => number) {
  const walked = mappings.map((mapping) => ({ mapping, changes: [] as Change[], rosters: [] as Roster[] }))
  const publisher: Publisher = {
    async add(events) {
      for (const event of events.flatMap(({ json }) => parseCloudEvents(Buffer.from(json)).events)) {
        for (const { mapping, changes, rosters } of walked) {
          const roster = readRoster(event, mapping, defaults, now())
          if (roster === undefined) changes.push(...toChanges(event, mapping, defaults, now()).changes)
          else if (!('faults' in roster)) rosters.push(roster)
        }
      }
    },
    flush: async () => {},
    published: () => 0,
    refused: () => [],
  }
  const predict = async (connection: Connection, limit: LeaverLimit): Promise<Prediction[]> => {
    const predictions: Prediction[] = []
    for (const { mapping, changes, rosters } of walked) {
      const rows = mergeChanges(changes, mapping)
      predictions.push(await predictRows(connection, mapping, { rows, rosters, limit }))
    }
    return predictions
  }
  return { publisher, predict }
}

interface Walked {
  rows: readonly Row[]
  rosters: readonly Roster[]
  limit: LeaverLimit
}

async function predictRows(connection: Connection, mapping: Mapping, walked: Walked): Promise<Prediction> {
  const found: Prediction = { table: mapping.table, added: [], addedAsLeft: [], changed: [], leave: [], braked: [] }
  const [arriving, leaving]: [Row[], Row[]] = [[], []]
  for (let at = 0; at < walked.rows.length; at += ROWS) {
    const part = walked.rows.slice(at, at + ROWS)
    const stored = await readRows(connection, mapping, part)
    for (const row of part) {
      const before = stored.get(JSON.stringify(row.key))
      const kind = kindOf(row, before, mapping)
      if (kind !== undefined) found[kind].push(idOf(row))
      if (kind === 'leave') leaving.push(row)
      else if (kind === 'added' || isBack(row, before, mapping)) arriving.push(row)
    }
  }
  for (const roster of walked.rosters) {
    const absent = await findAbsentees(roster, mapping, connection)
    // when a roster comes the rows are written: who arrives counts in its range, who is told of as gone does not
    const here = new Set(absent.here)
    for (const row of arriving) if (isInRange(row, roster)) here.add(idOf(row))
    for (const row of leaving) if (isInRange(row, roster)) here.delete(idOf(row))
    const ids = absent.leavers.filter((id) => here.has(id))
    const limit = mapping.roster?.limit ?? walked.limit
    const braked = brakeOf(roster, mapping, limit, { leavers: ids.length, range: here.size })
    if (braked !== undefined) found.braked.push({ ...braked, ids })
    else found.leave.push(...ids)
  }
  return found
}

function idOf({ key }: Row): string {
  return key.at(-1) ?? ''
}

/** (after, upTo], in the order of the ids' bytes, of the roster's corporation. */
function isInRange(row: Row, { prefix, after, upTo }: Roster): boolean {
  const id = Buffer.from(idOf(row))
  const isOfPrefix = prefix.every((value, index) => row.key[index] === value)
  return isOfPrefix && id.compare(Buffer.from(after)) > 0 && (upTo === undefined || id.compare(Buffer.from(upTo)) <= 0)
}

async function readRows(connection: Connection, { table, key, columns }: Mapping, rows: readonly Row[]) {
  const keys = key.map(({ name }) => quote(name)).join(', ')
  // a driver that parses JSON would lose digits
  const values = columns.map(({ name, as }) => (isJson(as) ? `CAST(${quote(name)} AS CHAR) AS ` : '') + quote(name))
  const [stored] = await connection.query<RowDataPacket[]>(
    `SELECT ${[keys, ...values, quote(VERSIONS)].join(', ')} FROM ${quote(table)} WHERE (${keys}) IN (?)`,
    [rows.map((row) => row.key)],
  )
  return new Map(stored.map((row) => [JSON.stringify(key.map(({ name }) => String(row[name]))), row]))
}

function kindOf(row: Row, stored: RowDataPacket | undefined, mapping: Mapping) {
  const left = leftColumn(mapping)
  const isGone = left !== undefined && (row.values[mapping.columns.indexOf(left)] ?? null) !== null
  if (stored === undefined) return isGone ? 'addedAsLeft' : 'added'
  const changed = mapping.columns.filter((column, index) => isChanged(column, row, index, stored))
  if (isGone && left !== undefined && changed.includes(left) && stored[left.name] === null) return 'leave'
  return changed.some((column) => !isAboutEvent(column, mapping)) ? 'changed' : undefined
}

/** Somebody who had left. */
function isBack(row: Row, stored: RowDataPacket | undefined, mapping: Mapping): boolean {
  const left = leftColumn(mapping)
  if (left === undefined || stored === undefined || stored[left.name] === null) return false
  const index = mapping.columns.indexOf(left)
  return row.values[index] === null && isChanged(left, row, index, stored)
}

/** Whether a newer value is another one. */
function isChanged(
  { name, slot, as }: Column,
  { values, versions }: Row,
  index: number,
  stored: RowDataPacket,
): boolean {
  const value = values[index]
  const [from, to] = [slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES]
  const before = Buffer.from(stored[VERSIONS]).subarray(from, to)
  if (value === undefined || versions.subarray(from, to).compare(before) <= 0) return false
  return !isSame(as, stored[name], value)
}

function isSame(as: Column['as'], stored: unknown, said: SqlValue): boolean {
  if (stored === null || said === null) return stored === said
  if (isJson(as)) return sortedJson(String(stored)) === sortedJson(String(said))
  return as === 'decimal' ? Number(stored) === Number(said) : String(stored) === String(said)
}

function isJson(as: Column['as']): boolean {
  return as === 'json' || as === 'departmentMap'
}

/** MySQL writes blanks and an order of fields of its own. */
function sortedJson(text: string): string {
  return stringifyLossless(sorted(parseLossless(text)))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]))
}

/** A column such as lastEventId, which is another one after each event, whatever that says. */
function isAboutEvent({ from }: Column, { action, fields }: Mapping): boolean {
  const isIn = (path: JsonPath, place: JsonPath) => place.every((step, at) => path[at] === step)
  const isOfEvent = (path: JsonPath) =>
    action.some((other) => other.join() === path.join()) || !fields.some((place) => isIn(path, place))
  return from.length > 0 && from.every((source) => 'time' in source || ('path' in source && isOfEvent(source.path)))
}
