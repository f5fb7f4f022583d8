import type Database from 'libsql'
import type { Attempt, Outcome } from './records'

/** A delivery that is due, with the event it carries. */
export interface DueDelivery {
  seq: number
  eventSeq: number
  bus: string
  rule: string
  target: string
  /** names the target among all: `bus/rule/target` */
  lane: string
  /** attempts made so far */
  attempts: number
  json: string
}

/** What is not to be looked at: deliveries by their seq, and whole lanes. */
export interface Excepted {
  deliveries: readonly number[]
  lanes: readonly string[]
}

/** The rows about deliveries: what is due, and what became of it. Every write is for a transaction of the caller's. */
export function createDueDeliveries(database: Database.Database) {
  const insertDelivery = database.prepare(
    "INSERT INTO deliveries (event_seq, rule, target, state, next_attempt_at) VALUES (?, ?, ?, 'pending', ?)",
  )
  // a name of a bus or of a rule has no slash in it
  const lane = "e.bus || '/' || d.rule || '/' || d.target"
  const pending = `FROM deliveries d JOIN events e ON e.seq = d.event_seq
     WHERE d.state = 'pending' AND d.seq NOT IN (SELECT value FROM json_each(?))
     AND ${lane} NOT IN (SELECT value FROM json_each(?))`
  const selectDue = database.prepare(
    `SELECT d.seq, e.seq AS eventSeq, e.bus, d.rule, d.target, ${lane} AS lane, d.attempts, e.json ${pending}
     AND d.next_attempt_at <= ? ORDER BY d.next_attempt_at, d.seq LIMIT ?`,
  )
  const selectNextDue = database.prepare(
    `SELECT d.next_attempt_at AS at ${pending} ORDER BY d.next_attempt_at, d.seq LIMIT 1`,
  )
  const insertAttempt = database.prepare(
    'INSERT INTO attempts (delivery_seq, number, started_at, ms, error, answer) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const updateDelivery = database.prepare(
    'UPDATE deliveries SET state = ?, attempts = ?, next_attempt_at = ?, error = ? WHERE seq = ?',
  )
  const insertDeadLetter = database.prepare(
    'INSERT INTO dead_letters (queue, event_seq, delivery_seq, dead_at, error, json) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const selectBlocked = database.prepare(
    `SELECT DISTINCT ${lane} AS lane FROM deliveries d JOIN events e ON e.seq = d.event_seq WHERE d.state = 'blocked'`,
  )
  const selectBlockedOf = database.prepare(
    `SELECT d.seq, d.event_seq AS eventSeq FROM deliveries d JOIN events e ON e.seq = d.event_seq
     WHERE d.state = 'blocked' AND e.bus = ? AND d.rule = ?`,
  )
  const resetDelivery = database.prepare(
    "UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt_at = ? WHERE seq = ?",
  )
  const deleteAttempts = database.prepare('DELETE FROM attempts WHERE delivery_seq = ?')
  // the event's state is that of the delivery that most needs to be looked at
  const updateEvent = database.prepare(
    `UPDATE events SET state = (SELECT CASE
       WHEN sum(state = 'blocked') THEN 'blocked'
       WHEN sum(state = 'pending' AND attempts > 0) THEN 'retrying'
       WHEN sum(state = 'pending') THEN 'pending'
       WHEN sum(state IN ('dead-lettered', 'dropped')) THEN 'dead'
       ELSE 'delivered' END FROM deliveries WHERE event_seq = ?) WHERE seq = ?`,
  )

  return {
    insert(eventSeq: number, { rule, target }: { rule: string; target: string }, at: number): void {
      insertDelivery.run(eventSeq, rule, target, at)
    },

    due: (now: number, limit: number, except: Excepted) =>
      selectDue.all(...asJson(except), now, limit) as DueDelivery[],

    nextDueAt: (except: Excepted) => (selectNextDue.get(...asJson(except)) as { at: number } | undefined)?.at,

    record({ seq, eventSeq, attempts, json }: DueDelivery, attempt: Attempt, outcome: Outcome): void {
      const { startedAt, ms, answer = null, error = null } = attempt
      insertAttempt.run(seq, attempts + 1, startedAt, ms, error, answer)
      const nextAttemptAt = outcome.state === 'pending' ? outcome.nextAttemptAt : 0
      updateDelivery.run(outcome.state, attempts + 1, nextAttemptAt, error, seq)
      if (outcome.state === 'dead-lettered') {
        insertDeadLetter.run(outcome.queue, eventSeq, seq, startedAt + ms, error ?? '', json)
      }
      updateEvent.run(eventSeq, eventSeq)
    },

    blockedLanes: () => (selectBlocked.all() as { lane: string }[]).map((row) => row.lane),

    unblock(bus: string, rule: string, now: number): void {
      for (const { seq, eventSeq } of selectBlockedOf.all(bus, rule) as { seq: number; eventSeq: number }[]) {
        deleteAttempts.run(seq)
        resetDelivery.run(now, seq)
        updateEvent.run(eventSeq, eventSeq)
      }
    },
  }
}

function asJson({ deliveries, lanes }: Excepted): [string, string] {
  return [JSON.stringify(deliveries), JSON.stringify(lanes)]
}
