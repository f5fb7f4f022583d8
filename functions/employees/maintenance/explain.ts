import { alignColumns } from '../../../shared/alignColumns'
import { type Database, type SqlRow, selectRows } from '../../../shared/database'
import { isObject, parseExact } from '../../../shared/json'
import { readJsonPath } from '../../../shared/jsonPath'
import { hashUserId } from '../../../shared/logUsers'
import type { Column, Mapping, Reading } from '../../../shared/mapping/mapping'
import { openFields } from '../../../shared/mapping/readKeys'
import { VERSIONS } from '../../../shared/mapping/tables'
import { isVersionOf, RANKS, rankOf, timeOfVersion, VERSION_BYTES } from '../../../shared/mapping/version'
import { UserError } from '../../../shared/userError'
import type { Action } from './action'

/** `{"maintenance":"explain","userId":"…"}`: what `npm run explain` prints. */
export const explain: Action = {
  keys: ['userId'],
  grants: (table) => `SELECT on ${table} and dead_letters`,
  async run({ userId }, { mapping, instance }) {
    // a number might have lost digits already
    if (typeof userId !== 'string' || userId === '') {
      throw new UserError('Name one employee, in quotes: {"maintenance":"explain","userId":"…"}')
    }
    const { database, config } = instance()
    const text = await explainEmployee(database, mapping, userId, config.LOG_HASH_KEY)
    if (text !== undefined) return text
    throw new UserError(
      `Neither ${mapping.table} nor dead_letters knows this userId. An event that is still being retried is in the event trace.`,
    )
  },
}

/**
 * Why an employee's row is as it is: the value of each column, the time of the event that set it and which one it was, where that is known, whether they left,
 * their dead letters, and what to look for.
 * @param hashKey LOG_HASH_KEY of the functions
 * @returns undefined when neither a row nor a dead letter names the user id
 * @throws UserError when the table is of before
 */
export async function explainEmployee(
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
  // the server refuses to compare a column of ASCII with other text
  if (key.at(-1)?.isAscii === true && /[^\0-\x7f]/.test(userId)) return []
  return await selectRows(database, `SELECT * FROM \`${table}\` WHERE \`${key.at(-1)?.name}\` = ?`, [userId])
}

/** The value of each column, the time of the event that set it, its id where that is the row's last, and whether the employee left. */
export function showRow(row: SqlRow, { table, key, columns }: Mapping): string {
  const versions = Buffer.from(row[VERSIONS] as Uint8Array)
  const lines = columns.map(({ name, slot, as }) => {
    const version = versions.subarray(slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES)
    return [name, asText(row[name], as), whenAndBy(version, row['lastEventId'])]
  })
  const title = key.map(({ name }) => `${name} ${row[name] || '–'}`).join(', ')
  const state = 'leftAt' in row ? [tellLeft(row['leftAt'], isByRoster(versions, columns))] : []
  return [`${table}: ${title}`, ...alignColumns(lines), ...state].join('\n')
}

function tellLeft(leftAt: unknown, isByRoster: boolean): string {
  if (leftAt === null) return 'has not left'
  return isByRoster ? `left by the roster of ${asTime(leftAt)}, which does not name them` : `left: ${asTime(leftAt)}`
}

/** No event has told of the leaving. */
function isByRoster(versions: Buffer, columns: readonly Column[]): boolean {
  return columns.some(({ name, slot }) => name === 'leftAt' && rankOf(versions, slot) === RANKS.absent)
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

/** The dead letters whose event names this employee, the oldest first. */
async function findDeadLetters(database: Database, mapping: Mapping, userId: string): Promise<DeadLetter[]> {
  const escaped = JSON.stringify(userId).slice(1, -1).replace(/[|%_]/g, '|$&')
  const rows = await selectRows(
    database,
    "SELECT eventId, reason, createdAt, event FROM dead_letters WHERE event LIKE ? ESCAPE '|' ORDER BY createdAt, id",
    [`%${escaped}%`],
  )
  return rows
    .filter(({ event }) => namesEmployee(String(event), mapping, userId))
    .map(({ eventId, reason, createdAt }) => ({
      eventId: String(eventId),
      reason: String(reason),
      createdAt: String(createdAt),
    }))
}

/** Whether the event names the user id where the mapping looks for one; as a number too, which may be why it is here. */
export function namesEmployee(event: string, { key, fields }: Mapping, userId: string): boolean {
  let parsed: unknown
  try {
    parsed = parseExact(event)
  } catch {
    return false
  }
  const opened = isObject(parsed) ? openFields(fields, parsed) : parsed
  const paths = key.at(-1)?.from ?? []
  return paths.some((path) => [readJsonPath(path, opened)].flat().some((id) => String(id).trim() === userId))
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
