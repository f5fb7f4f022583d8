import type { Connection, RowDataPacket } from 'mysql2/promise'
import { findAbsentees } from '../../functions/employees/applyRoster'
import { ONLY_TABLE } from '../../functions/employees/employees'
import { replayMark, withoutMark } from '../../functions/employees/maintenance/replay'
import { mergeChanges, type Row } from '../../functions/employees/mergeChanges'
import { isRoster, readRoster } from '../../functions/employees/readRoster'
import { toChanges } from '../../functions/employees/toChanges'
import { contentOf, parseCloudEvents, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import type { Mapping } from '../../shared/mapping/mapping'
import type { Defaults } from '../../shared/mapping/readKeys'
import { quote, VERSIONS } from '../../shared/mapping/tables'
import { VERSION_BYTES } from '../../shared/mapping/version'
import { letThrough, withAttributes } from '../allowLeavers'
import type { Replayable } from './publish'

export interface TableLetters {
  letters: Replayable[]
  /** the ids of rows whose event nobody can publish, since it is no CloudEvent */
  unreadable: number[]
  /** rows of tables that mapping.yaml does not name: whoever published their event would see it ignored */
  ofOthers: { id: number; table: string }[]
}

interface LetterOptions {
  /** all letters without it */
  eventId: string | undefined
  mappings: readonly Mapping[]
  /** as the employees function has them */
  defaults: Defaults
  now: number
  /** how many each roster may mark as left, which an operator says */
  allowLeavers?: number
}

/** An id that is longer is cut in the column. */
export const MAX_ID = 128

type Executing = Pick<Connection, 'execute'>

/**
 * The letters of the table dead_letters, the oldest first. One goes when its event is stored, which the versions in its
 * table tell; or when the event is not about that table. A letter that names none is of all of them. Its reason is marked
 * before: if the function refuses the event again, it overwrites the mark, or, of a letter of 0.1.0, puts it into a row of
 * its own.
 */
export async function tableDeadLetters(connection: Executing, options: LetterOptions): Promise<TableLetters> {
  const eventId = options.eventId?.slice(0, MAX_ID) ?? null
  const [rows] = await connection.execute<RowDataPacket[]>(
    'SELECT id, `table`, source, eventId, reason, event FROM dead_letters WHERE ? IS NULL OR eventId = ? ORDER BY id',
    [eventId, eventId],
  )
  const [[newest]] = await connection.execute<RowDataPacket[]>('SELECT MAX(id) AS id FROM dead_letters')
  const found: TableLetters = { letters: [], unreadable: [], ofOthers: [] }
  for (const row of rows) {
    const [id, table] = [Number(row['id']), String(row['table'])]
    const received = readEvent(String(row['event']))
    const mappings = options.mappings.filter((mapping) => table === '' || mapping.table === table)
    if (received === undefined) found.unreadable.push(id)
    else if (mappings.length === 0) found.ofOthers.push({ id, table })
    else found.letters.push(letterOf(connection, row, received, Number(newest?.['id']), { ...options, mappings }))
  }
  return found
}

/** A text that can be one entry of PutEvents. */
function readEvent(text: string): ReceivedEvent | undefined {
  const { events, unreadable } = parseCloudEvents(Buffer.from(text))
  return events.length === 1 && unreadable.length === 0 && /^\s*\{/.test(text) ? events[0] : undefined
}

function letterOf(
  connection: Executing,
  { id, table, source, eventId, reason, event }: RowDataPacket,
  received: ReceivedEvent,
  newest: number,
  { mappings, defaults, now, allowLeavers }: LetterOptions,
): Replayable {
  const mark = replayMark(String(reason), now)
  const isDone = mappings.map((mapping) => readerOf(connection, received, mapping, { defaults, now }))
  const ofTable = table === '' ? event : withAttributes(event, { [ONLY_TABLE]: table })
  const isOfRoster = mappings.some((mapping) => isRoster(mapping, received.event))
  const rosters = mappings.flatMap((mapping) => {
    const roster = readRoster(received, mapping, defaults, now)
    return roster === undefined || 'faults' in roster ? [] : [{ roster, mapping }]
  })

  async function remove(): Promise<void> {
    await connection.execute('DELETE FROM dead_letters WHERE id = ? AND reason = ?', [id, mark])
  }

  return {
    source: received.source,
    id: received.id,
    json: allowLeavers !== undefined && isOfRoster ? letThrough(ofTable, allowLeavers) : ofTable,
    reason: reasonIn(table, withoutMark(String(reason))),
    ...(rosters.length > 0 && {
      async leavers() {
        const leavers: string[] = []
        for (const { roster, mapping } of rosters) {
          leavers.push(...(await findAbsentees(roster, mapping, connection)).leavers)
        }
        return leavers
      },
    }),
    async begin() {
      await connection.execute('UPDATE dead_letters SET reason = ? WHERE id = ?', [mark, id])
    },
    async giveUp() {
      const sql = 'UPDATE dead_letters SET reason = ? WHERE id = ? AND reason = ?'
      await connection.execute(sql, [withoutMark(String(reason)), id, mark])
    },
    async fate() {
      const [letters] = await connection.execute<RowDataPacket[]>(
        'SELECT id, reason, IF(id > ?, event, NULL) AS event FROM dead_letters WHERE eventId = ? AND source = ? AND ? IN (`table`, "")',
        [newest, eventId, source, table],
      )
      const own = letters.find((letter) => letter['id'] === id)
      if (own === undefined) return 'done'
      if (own['reason'] !== mark) return 'refused'
      const texts = letters.flatMap((letter) => (letter['event'] === null ? [] : [String(letter['event'])]))
      if (texts.map(readEvent).some((other) => other && contentOf(other) === contentOf(received))) {
        await remove()
        return 'refused'
      }
      for (const isDoneIn of isDone) if (!(await isDoneIn())) return undefined
      await remove()
      return 'done'
    },
  }
}

/** Why a letter is there, and of which table it is. */
export function reasonIn(table: unknown, reason: string): string {
  return table === '' ? reason : `${table}: ${reason}`
}

/** How it is seen that a table has what an event says; never, when the function will set it aside again. */
function readerOf(
  connection: Executing,
  event: ReceivedEvent,
  mapping: Mapping,
  { defaults, now }: Pick<LetterOptions, 'defaults' | 'now'>,
): () => Promise<boolean> {
  const roster = readRoster(event, mapping, defaults, now)
  if (roster === undefined) {
    const said = rowsOf(event, mapping, defaults, now)
    return async () => said !== undefined && isStored(connection, mapping, said)
  }
  if ('faults' in roster) return async () => false
  return async () => {
    const { leavers, left } = await findAbsentees(roster, mapping, connection)
    return leavers.length + left.length === 0
  }
}

/**
 * What an event says, as rows; none when it is not about this table.
 * @returns undefined when something of it can never be stored, so that it will be set aside again
 */
function rowsOf(event: ReceivedEvent, mapping: Mapping, defaults: Defaults, now: number): Row[] | undefined {
  const { changes, faults } = toChanges(event, mapping, defaults, now)
  return faults.length > 0 ? undefined : mergeChanges(changes, mapping)
}

/** Whether the table has what the rows say, or newer: the versions of the columns tell. */
async function isStored(connection: Executing, { table, key }: Mapping, rows: readonly Row[]): Promise<boolean> {
  const condition = key.map(({ name }) => `${quote(name)} = ?`).join(' AND ')
  const sql = `SELECT ${quote(VERSIONS)} AS versions FROM ${quote(table)} WHERE ${condition}`
  for (const { key: values, versions } of rows) {
    const [[stored]] = await connection.execute<RowDataPacket[]>(sql, [...values])
    if (stored === undefined || !hasTaken(Buffer.from(stored['versions']), versions)) return false
  }
  return true
}

/**
 * A row is written by one statement. So it is written when one column has this version, even if a value that did not fit
 * was left out of it; or when nothing of it is newer than what is there.
 */
function hasTaken(stored: Buffer, said: Buffer): boolean {
  let isNewer = false
  for (let at = 0; at < said.length; at += VERSION_BYTES) {
    const version = said.subarray(at, at + VERSION_BYTES)
    // all zeros: nothing is said about this column
    if (version.every((byte) => byte === 0)) continue
    const order = version.compare(stored.subarray(at, at + VERSION_BYTES))
    if (order === 0) return true
    if (order > 0) isNewer = true
  }
  return !isNewer
}
