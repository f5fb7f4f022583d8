import type Database from 'libsql'
import { isObject, mayLoseDigits, parseExact } from '../../shared/json'
import { readJsonPath } from '../../shared/jsonPath'
import { userIdsOf } from '../../shared/logUsers'
import { openFields, parsedText, readIds } from '../../shared/mapping/readKeys'

/** Somebody whom an event names. */
export interface Person {
  userId: string
  /** where the event has one for them: personal data */
  name?: string
}

/**
 * Whom a DingTalk event is about, by whichever way it came; nobody for any other event.
 * @param json the CloudEvent's JSON text
 * @param lossless the same, parsed by parseLossless, where that is at hand
 */
export function peopleOf(json: string, lossless?: unknown): Person[] {
  // without long numbers both parsers give the same
  const whole = lossless !== undefined && !mayLoseDigits(json) ? lossless : parsed(json)
  const body = readJsonPath(['data', 'body'], whole)
  const event = openFields([['body'], ['body', 'data']], { body })
  const userIds = userIdsOf(body)
  const ids = userIds.length > 0 ? userIds : readIds(LISTS, event).filter((id) => id !== undefined)
  const names = new Map<string | undefined, unknown>()
  // a name beside several user ids is nobody's in particular
  if (ids.length === 1) names.set(ids[0], readJsonPath(['body', 'name'], event))
  const change = parsedText(readJsonPath(['body', 'diffInfo'], event))
  const [about] = readIds([['userid'], ['userId'], ['UserId']], change)
  if (!names.get(about)) names.set(about, readJsonPath(['curr', 'name'], change))
  return [...new Set(ids)].map((userId) => {
    const name = names.get(userId)
    return typeof name === 'string' && name.trim() !== '' ? { userId, name: name.trim() } : { userId }
  })
}

/** Of employees whose role has changed. */
const LISTS = [
  ['body', 'userIdList'],
  ['body', 'UserIdList'],
]

function parsed(json: string): unknown {
  try {
    const event = parseExact(json)
    return isObject(event) ? event : undefined
  } catch {
    return undefined
  }
}

export interface People {
  /** Notes whom an event is about; for a transaction of the caller's. */
  insert(eventSeq: number, json: string, lossless?: unknown): void
  /** The user ids of whoever has this user id or, in any event, this name: several who are called the same. */
  find(userIdOrName: string): string[]
}

/** More who are called the same are left out. */
const MAX_FOUND = 50

export function createPeople(database: Database.Database): People {
  const insert = database.prepare('INSERT OR IGNORE INTO event_people (user_id, event_seq, name) VALUES (?, ?, ?)')
  const select = database.prepare(
    `SELECT ?1 AS userId WHERE EXISTS (SELECT 1 FROM event_people WHERE user_id = ?1)
     UNION SELECT user_id FROM event_people WHERE name = ?1 AND name <> '' LIMIT ${MAX_FOUND}`,
  )
  return {
    insert(eventSeq, json, lossless) {
      for (const { userId, name = '' } of peopleOf(json, lossless)) insert.run(userId, eventSeq, name)
    },
    find: (userIdOrName) => (select.all(userIdOrName.trim()) as { userId: string }[]).map(({ userId }) => userId),
  }
}

/** At once in memory, of a store with many events. */
const CHUNK = 500

/** Notes of every event whom it is about, in a store of before. */
export function indexPeople(database: Database.Database): void {
  const { insert } = createPeople(database)
  const select = database.prepare(`SELECT seq, json FROM events WHERE seq > ? ORDER BY seq LIMIT ${CHUNK}`)
  const after = (seq: number) => select.all(seq) as { seq: number; json: string }[]
  for (let events = after(0); events.length > 0; events = after(events.at(-1)?.seq ?? 0)) {
    for (const { seq, json } of events) insert(seq, json)
  }
}
