import { randomUUID } from 'node:crypto'
import type Database from 'libsql'
import { queueOfArn } from './messages'

/** An event that could not be delivered, in a dead-letter queue. */
export interface DeadLetter {
  seq: number
  /** the queue's ARN */
  queue: string
  eventSeq: number
  /** which it could not be delivered to; null where a store of before had forgotten that */
  rule: string | null
  target: string | null
  deadAt: number
  /** why the last attempt failed */
  error: string
  /** the raw event's JSON text */
  json: string
}

export interface DeadLetters {
  /** the oldest first */
  list(): DeadLetter[]
  /** those of these that are there, the oldest first; of a queue all of its */
  find(asked: { seqs: readonly number[] } | { queue: string }): DeadLetter[]
  /** Takes one out of its queue; on disk when it returns. */
  remove(seq: number): void
}

const COLUMNS = 'seq, arn AS queue, event_seq AS eventSeq, rule, target, enqueued_at AS deadAt, error, body AS json'

/** A dead letter is a message of its queue: whoever deletes the one has deleted the other. */
export function createDeadLetters(database: Database.Database): DeadLetters {
  const select = (where: string) =>
    database.prepare(`SELECT ${COLUMNS} FROM messages WHERE event_seq IS NOT NULL ${where} ORDER BY seq`)
  const selectAll = select('')
  const selectSome = select('AND seq IN (SELECT value FROM json_each(?))')
  const selectOfQueue = select('AND queue = ?')
  const remove = database.prepare('DELETE FROM messages WHERE seq = ? AND event_seq IS NOT NULL')
  return {
    list: () => selectAll.all() as DeadLetter[],
    find: (asked) =>
      ('seqs' in asked ? selectSome.all(JSON.stringify(asked.seqs)) : selectOfQueue.all(asked.queue)) as DeadLetter[],
    remove: (seq) => void remove.run(seq),
  }
}

const INSERT = `INSERT INTO messages (queue, arn, event_seq, rule, target, enqueued_at, visible_at, error, body, id)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9)`

type NewLetter = Omit<DeadLetter, 'seq'>

function putBy(insert: Database.Statement, letter: NewLetter): void {
  const { queue: arn, eventSeq, rule, target, deadAt, error, json } = letter
  insert.run(queueOfArn(arn), arn, eventSeq, rule, target, deadAt, error, json, randomUUID().toUpperCase())
}

/** What deliveries do to letters, in a transaction of the caller's. */
export function createLetterWrites(database: Database.Database) {
  const insert = database.prepare(INSERT)
  const setAgain = database.prepare('UPDATE messages SET again_seq = ? WHERE seq = ?')
  const settle = database.prepare(
    `DELETE FROM messages WHERE again_seq = ?1 AND iif(rule IS NULL, NOT EXISTS (SELECT 1 FROM deliveries
       WHERE event_seq = ?1 AND state NOT IN ('delivered', 'set-aside', 'dead-lettered')), rule = ?2 AND target = ?3)`,
  )
  return {
    put: (letter: NewLetter) => putBy(insert, letter),
    /** The letter's event is published again, as this one. */
    publishedAgain: (seq: number, eventSeq: number) => void setAgain.run(eventSeq, seq),
    /** The target of the letter has its event, or that is in a queue anew: the letter has served. Of a letter that does not
     * know its target, all have. */
    settle: (eventSeq: number, rule: string, target: string) => void settle.run(eventSeq, rule, target),
  }
}

/** A step of formats.ts: until then dead letters had a table of their own, which MNS's API did not read. */
export function mergeDeadLetters(database: Database.Database): void {
  const letters = database.prepare(
    `SELECT l.queue, l.event_seq AS eventSeq, d.rule, d.target, l.dead_at AS deadAt, l.error, l.json
     FROM dead_letters l LEFT JOIN deliveries d ON d.seq = l.delivery_seq WHERE l.seq = ?`,
  )
  const seqs = database.prepare('SELECT seq FROM dead_letters ORDER BY seq').all() as { seq: number }[]
  const insert = database.prepare(INSERT)
  // one at a time: all of them may be more than fits into memory
  for (const { seq } of seqs) putBy(insert, letters.get(seq) as NewLetter)
  database.exec('DROP TABLE dead_letters')
}
