import { alignColumns } from '../../../shared/alignColumns'
import { type Database, type SqlRow, selectRows } from '../../../shared/database'
import { isObject, parseExact } from '../../../shared/json'
import { hashUserId } from '../../../shared/logUsers'
import { endColumn } from '../../../shared/mapping/endColumn'
import type { Mapping, Reading } from '../../../shared/mapping/mapping'
import { itemsOf, misfit, openFields, readField } from '../../../shared/mapping/readKeys'
import { quote, VERSIONS } from '../../../shared/mapping/tables'
import { isVersionOf, RANKS, rankOf, timeOfVersion, VERSION_BYTES } from '../../../shared/mapping/version'
import { UserError } from '../../../shared/userError'
import type { Action } from './action'

/** `{"maintenance":"explain","userId":"…"}`, perhaps with `"table":"…"`: what `npm run explain` prints. */
export const explain: Action = {
  keys: ['userId', 'table'],
  grants: (tables) => `SELECT on ${tables} and dead_letters`,
  async run({ userId, table }, { mappings, instance }) {
    // a number might have lost digits already
    if (typeof userId !== 'string' || userId === '') {
      throw new UserError('Name one employee, in quotes: {"maintenance":"explain","userId":"…"}')
    }
    const chosen = chooseTables(mappings, table, 'table')
    const { database, config } = instance()
    const texts: string[] = []
    for (const mapping of chosen) {
      const text = await explainId(database, mapping, userId, config.LOG_HASH_KEY)
      if (text !== undefined) texts.push(text)
    }
    if (texts.length > 0) return texts.join('\n\n')
    const names = chosen.map((mapping) => mapping.table).join(' nor ')
    throw new UserError(
      `Neither ${names} nor dead_letters knows this userId. An event that is still being retried is in the event trace.`,
    )
  },
}

/**
 * The table of this name, or all where none is named.
 * @param option what names it, for the error
 * @throws UserError
 */
export function chooseTables(mappings: readonly Mapping[], table: unknown, option: string): readonly Mapping[] {
  if (table === undefined) return mappings
  const chosen = mappings.filter((mapping) => mapping.table === table)
  if (chosen.length > 0) return chosen
  throw new UserError(
    `${option} takes one of ${mappings.map((mapping) => mapping.table).join(', ')}, as mapping.yaml has them.`,
  )
}

/**
 * Why the row of an id is as it is: the value of each column, the time of the event that set it and which one it was, where
 * that is known, whether what it is about has ended, its dead letters, and what to look for.
 * @param hashKey LOG_HASH_KEY of the functions
 * @returns undefined when neither a row nor a dead letter names the user id
 * @throws UserError when the table is of before
 */
export async function explainId(
  database: Database,
  mapping: Mapping,
  given: string,
  hashKey: string | undefined,
): Promise<string | undefined> {
  // as an event's ids are read
  const userId = given.trim()
  const rows = await findRows(database, mapping, userId)
  if (rows.some((row) => row[VERSIONS] === undefined)) {
    throw new UserError(`${mapping.table} has no column ${VERSIONS}, as in 0.1.0: npm run migrate`)
  }
  const letters = await findDeadLetters(database, mapping, userId)
  if (rows.length + letters.length === 0) return undefined
  const eventIds = [...rows.map((row) => row['lastEventId']), ...letters.map(({ eventId }) => eventId)]
  return [
    ...rows.map((row) => showRow(row, mapping)),
    ...(rows.length === 0 ? [`${mapping.table}: no row`] : []),
    ...(letters.length === 0 ? [] : [showDeadLetters(letters)]),
    showWhereToLook(
      userId,
      eventIds.filter((id) => typeof id === 'string'),
      hashKey,
    ),
  ].join('\n')
}

/** One a corporation: the user id is the last part of the key. */
async function findRows(database: Database, { table, key }: Mapping, userId: string): Promise<readonly SqlRow[]> {
  const id = key.at(-1)
  // the server refuses to compare a column of ASCII with other text, and takes a word for the number 0
  if (id === undefined || misfit(id, userId) !== undefined) return []
  return await selectRows(database, `SELECT * FROM ${quote(table)} WHERE ${quote(id.name)} = ?`, [userId])
}

/** The value of each column, the time of the event that set it, its id where that is the row's last, and whether it has ended. */
export function showRow(row: SqlRow, mapping: Mapping): string {
  const { table, key, columns } = mapping
  const versions = Buffer.from(row[VERSIONS] as Uint8Array)
  const lines = columns.map(({ name, slot, as }) => {
    const version = versions.subarray(slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES)
    return [name, asText(row[name], as), whenAndBy(version, row['lastEventId'])]
  })
  const title = key.map(({ name }) => `${name} ${row[name] || '–'}`).join(', ')
  const end = endColumn(mapping)
  const state = end === undefined ? [] : [tellEnd(end.name, row[end.name], rankOf(versions, end.slot) === RANKS.absent)]
  return [`${table}: ${title}`, ...alignColumns(lines), ...state].join('\n')
}

/**
 * `has not left` by leftAt, `not removed` by removedAt.
 * @param isByRoster no event has told of the end
 */
export function tellEnd(column: string, value: unknown, isByRoster = false): string {
  const isPerson = column === 'leftAt'
  const word = isPerson ? 'left' : column.replace(/At$/, '')
  if (value === null || value === undefined) return isPerson ? 'has not left' : `not ${word}`
  if (!isByRoster) return `${word}: ${asTime(value)}`
  return `${word} by the roster of ${asTime(value)}, which does not name ${isPerson ? 'them' : 'it'}`
}

/**
 * A version holds a part of the event id's hash, so it tells whether a given event set the column: the last one is the
 * only one that the row names.
 */
function whenAndBy(version: Buffer, lastEventId: unknown): string {
  const time = timeOfVersion(version)
  if (time === undefined) return 'no event has set it'
  const isLast = typeof lastEventId === 'string' && isVersionOf(version, lastEventId)
  return new Date(time).toISOString() + (isLast ? ` by ${lastEventId}` : '')
}

/** A BOOLEAN is 0 or 1 in MySQL: here it reads as the article's text columns do. */
function asText(value: unknown, as: Reading): string {
  if (value === null || value === undefined) return '–'
  if (as === 'boolean') return Number(value) === 0 ? 'false' : 'true'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export interface DeadLetter {
  eventId: string
  reason: string
  createdAt: string
}

/** The dead letters of this table, or of none, whose event names this id, the oldest first. */
async function findDeadLetters(database: Database, mapping: Mapping, userId: string): Promise<DeadLetter[]> {
  const escaped = JSON.stringify(userId).slice(1, -1).replace(/[|%_]/g, '|$&')
  const rows = await selectRows(
    database,
    "SELECT eventId, reason, createdAt, event FROM dead_letters WHERE event LIKE ? ESCAPE '|' AND `table` IN (?, '') ORDER BY createdAt, id",
    [`%${escaped}%`, mapping.table],
  )
  return rows
    .filter(({ event }) => namesId(String(event), mapping, userId))
    .map(({ eventId, reason, createdAt }) => ({
      eventId: String(eventId),
      reason: String(reason),
      createdAt: String(createdAt),
    }))
}

/** Whether the event names the user id where the mapping looks for one; as a number too, which may be why it is here. */
export function namesId(event: string, mapping: Mapping, userId: string): boolean {
  let parsed: unknown
  try {
    parsed = parseExact(event)
  } catch {
    return false
  }
  const events = isObject(parsed) ? itemsOf(mapping, openFields(mapping.fields, parsed, mapping.spellings)) : undefined
  const paths = mapping.key.at(-1)?.from ?? []
  return (events ?? []).some((one) =>
    paths.some((path) => [readField(path, one)].flat().some((id) => String(id).trim() === userId)),
  )
}

/** Never the event itself, which is about a person. What they say is in no row, so it is said how it gets there. */
export function showDeadLetters(letters: readonly DeadLetter[]): string {
  const lines = letters.map(({ eventId, reason, createdAt }) => [eventId, asTime(createdAt), reason])
  const title = 'dead letters, not stored; after the fix npm run replay -- --dead-letters stores them:'
  return [title, ...alignColumns(lines)].join('\n')
}

/**
 * What to look for in the event trace, and the query of Simple Log Service for the functions' lines.
 * @param hashKey LOG_HASH_KEY of the functions, by which their lines name the employee
 */
export function showWhereToLook(userId: string, eventIds: readonly string[], hashKey: string | undefined): string {
  const ids = [...new Set(eventIds)]
  // words and no fields: something may stand before the JSON of a line (docs/operations.md)
  const terms = ids.map((id) => `"${id}"`)
  if (hashKey) terms.push(hashUserId(userId, hashKey))
  return [
    `in the event trace: ${ids.length === 0 ? 'no event id is known' : ids.join(', ')}`,
    ...(terms.length === 0 ? [] : [`in the log: ${terms.join(' or ')}`]),
    ...(hashKey ? [] : ['without LOG_HASH_KEY no log line says whom it is about: only event ids can be searched for']),
  ].join('\n')
}

/** The driver's text of a DATETIME, which is in UTC. */
function asTime(dateTime: unknown): string {
  return `${String(dateTime).replace(' ', 'T')}Z`
}
