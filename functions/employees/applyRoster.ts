import { type Database, type SqlRow, type SqlValue, selectRows } from '../../shared/database'
import { type LeaverLimit, mostLeavers } from '../../shared/mapping/leaverLimit'
import type { Column, KeyColumn, Mapping } from '../../shared/mapping/mapping'
import { quote, VERSIONS } from '../../shared/mapping/tables'
import {
  heardSql,
  rankSql,
  rosterVersion,
  timeBytes,
  timeSql,
  VERSION_BYTES,
  versionSql,
} from '../../shared/mapping/version'
import type { Roster } from './readRoster'
import { ABSENT, leftColumn, slotCount } from './upsertSql'

/** What the brake has to say, in numbers. */
export interface Braked {
  leavers: number
  /** how many are there, in the roster's range */
  range: number
  most: number
  /** what says so */
  by: string
}

/** How the reason of a dead letter begins that the brake has made. */
export const BRAKED = 'the roster would mark'

/** Numbers, and nobody's id. */
export function reasonOf({ leavers, range, most, by }: Braked): string {
  return (
    `${BRAKED} ${leavers} of ${range} as left, and no more than ${most} may be (${by}). ` +
    `npm run replay -- --dead-letters --plan names them; if they have left: --allow-leavers ${leavers} in place of --plan`
  )
}

interface Part {
  sql: string
  values: (SqlValue | Buffer)[]
}

interface Absentees {
  /** in the range and not left, named by the roster or not */
  here: string[]
  /** whom it takes for gone */
  leavers: string[]
  /** whom a roster of a later walk, which came before this one, has taken for gone: they were gone by then */
  left: string[]
}

/** Always as many, the last one several times: the server keeps one prepared statement. */
const AT_ONCE = 100

/**
 * Marks those as left whom a roster does not name: who is in its range, has not left yet and has not been heard of since.
 * Both are asked again by the statement that marks them, so an event that comes meanwhile counts.
 * @returns what the brake says, when nothing is written since there are too many; undefined when all are marked
 * @throws DatabaseError
 */
export async function applyRoster(
  roster: Roster,
  mapping: Mapping,
  database: Database,
  limit: LeaverLimit,
): Promise<Braked | undefined> {
  const { here, leavers, left } = await findAbsentees(roster, mapping, database)
  const braked = brakeOf(roster, mapping, limit, { leavers: leavers.length, range: here.length })
  if (braked !== undefined) return braked
  const ids = [...leavers, ...left]
  for (let done = 0; done < ids.length; done += AT_ONCE) {
    await markAsLeft(roster, mapping, database, ids.slice(done, done + AT_ONCE))
  }
  return undefined
}

/** What the brake says of so many leavers: undefined when they may be marked. */
export function brakeOf(
  { allowed }: Roster,
  { roster }: Mapping,
  limit: LeaverLimit,
  { leavers, range }: Pick<Braked, 'leavers' | 'range'>,
): Braked | undefined {
  const usual = mostLeavers(limit, range)
  const most = Math.max(usual, allowed)
  if (leavers <= most) return undefined
  const limitedBy = roster?.limit === undefined ? 'MAX_LEAVERS' : 'limit in mapping.yaml'
  return { leavers, range, most, by: allowed > usual ? '--allow-leavers' : limitedBy }
}

/** By one statement, along the primary key where its order is that of the bytes. */
export async function findAbsentees(roster: Roster, mapping: Mapping, database: Database): Promise<Absentees> {
  const [id, left] = [mapping.key.at(-1), leftColumn(mapping)]
  if (id === undefined || left === undefined) return { here: [], leavers: [], left: [] }
  const silent = isSilent(roster, mapping)
  const where = allOf(...ofPrefix(roster, mapping), ...inRange(roster, id), mayLeave(left, roster))
  const rows = await selectRows(
    database,
    `SELECT CONVERT(${quote(id.name)} USING utf8mb4) AS id, ${quote(left.name)} IS NULL AS isHere, ${silent.sql} AS isSilent ` +
      `FROM ${quote(mapping.table)} WHERE ${where.sql} ORDER BY ${quote(id.name)}`,
    [...silent.values, ...where.values],
  )
  const [here, gone] = [
    rows.filter((row) => Number(row['isHere']) === 1),
    rows.filter((row) => Number(row['isHere']) === 0),
  ]
  const absentOf = (some: readonly SqlRow[]) =>
    some
      .filter((row) => Number(row['isSilent']) === 1 && !roster.ids.has(String(row['id'])))
      .map((row) => String(row['id']))
  return { here: here.map((row) => String(row['id'])), leavers: absentOf(here), left: absentOf(gone) }
}

async function markAsLeft(roster: Roster, mapping: Mapping, database: Database, ids: readonly string[]): Promise<void> {
  const [id, left] = [mapping.key.at(-1), leftColumn(mapping)]
  if (id === undefined || left === undefined) return
  const said = mapping.columns.flatMap((column, index): { column: Column; value: SqlValue }[] => {
    const value = roster.values[index]
    return value === undefined ? [] : [{ column, value }]
  })
  const set = [
    ...said.map(({ column, value }): Part => ({ sql: `${quote(column.name)} = ?`, values: [value] })),
    // last: they tell from what there was, and assignments are evaluated from left to right
    versionsOf(
      roster,
      mapping,
      said.map(({ column }) => column),
      left,
    ),
  ]
  const filledUp = Array.from({ length: AT_ONCE }, (_, index) => ids[Math.min(index, ids.length - 1)] ?? '')
  const where = allOf(
    ...ofPrefix(roster, mapping),
    { sql: `${quote(id.name)} IN (${filledUp.map(() => '?').join(',')})`, values: filledUp },
    mayLeave(left, roster),
    isSilent(roster, mapping),
  )
  await database.execute(
    `UPDATE ${quote(mapping.table)} SET ${set.map(({ sql }) => sql).join(', ')} WHERE ${where.sql}`,
    [...set.flatMap(({ values }) => values), ...where.values],
  )
}

function allOf(...parts: readonly Part[]): Part {
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) }
}

function ofPrefix({ prefix }: Roster, { key }: Mapping): Part[] {
  return prefix.map((value, index) => ({ sql: `${quote(key[index]?.name ?? '')} = ?`, values: [value] }))
}

/** (after, upTo], in the order of the ids' bytes. */
function inRange({ after, upTo }: Roster, { name, type }: KeyColumn): Part[] {
  const bytesOf = (sql: string) => (isOrdered(type) ? sql : `CAST(CONVERT(${sql} USING utf8mb4) AS BINARY)`)
  const bound = (operator: string, value: string): Part => ({
    sql: `${bytesOf(quote(name))} ${operator} ${bytesOf('?')}`,
    values: [value],
  })
  return [...(after === '' ? [] : [bound('>', after)]), ...(upTo === undefined ? [] : [bound('<=', upTo)])]
}

/** Whether the server's order of a column is that of the bytes; the table's own is utf8mb4_bin. */
function isOrdered(type: string): boolean {
  const collation = /\bCOLLATE[ =]+'?(\w+)/i.exec(type)?.[1]
  const isBinary = collation ? /^(?:ascii|utf8\w*)_bin$/i.test(collation) : !/\b(?:CHARACTER SET|CHARSET)\b/i.test(type)
  return isBinary && /^(?:VAR)?CHAR\b/i.test(type)
}

/** Not yet left, or only by a later roster. */
function mayLeave({ name, slot }: Column, { time }: Roster): Part {
  const versions = quote(VERSIONS)
  const byLater = `${rankSql(versions, slot)} = ${ABSENT} AND ${timeSql(versions, slot)} > ?`
  return { sql: `(${quote(name)} IS NULL OR (${byLater}))`, values: [timeBytes(time)] }
}

/** No column has been set later than of when the roster is. */
function isSilent({ time }: Roster, mapping: Mapping): Part {
  return { sql: `${lastHeard(mapping)} <= ?`, values: [timeBytes(time)] }
}

/** The latest time of all columns; what rosters have written over is kept by the column that says who left. */
function lastHeard(mapping: Mapping): string {
  const versions = quote(VERSIONS)
  const left = leftColumn(mapping)
  const times = mapping.columns.map(({ slot }) => {
    const heard = slot === left?.slot ? heardSql(versions, slot) : "X''"
    return `IF(${rankSql(versions, slot)} = ${ABSENT}, ${heard}, ${timeSql(versions, slot)})`
  })
  return `GREATEST(X'000000000000', ${times.join(', ')})`
}

/** Slot by slot: a row that was written before a slot existed is too short for it. */
function versionsOf({ time, content, event }: Roster, mapping: Mapping, said: readonly Column[], left: Column): Part {
  const slots = slotCount(mapping)
  const owners = new Map(said.map((column) => [column.slot, column]))
  const [before, after] = rosterVersion({ time, eventId: event.id, content })
  const whole = Buffer.concat([before, Buffer.alloc(VERSION_BYTES - before.length - after.length), after])
  const parts = Array.from({ length: slots }, (_, slot): Part => {
    const column = owners.get(slot)
    if (column === left) return { sql: `?, ${lastHeard(mapping)}, ?`, values: [before, after] }
    if (column !== undefined) return { sql: '?', values: [whole] }
    return { sql: `RPAD(${versionSql(quote(VERSIONS), slot)}, ${VERSION_BYTES}, X'00')`, values: [] }
  })
  const rest = `SUBSTR(${quote(VERSIONS)}, ${slots * VERSION_BYTES + 1})`
  return {
    sql: `${quote(VERSIONS)} = CONCAT(${[...parts.map(({ sql }) => sql), rest].join(', ')})`,
    values: parts.flatMap(({ values }) => values),
  }
}
