import type Database from 'libsql'
import { createLetterWrites } from './deadLetters'
import type { Attempt, Outcome } from './records'

/** What leads to one target of one rule. */
export interface Lane {
  bus: string
  rule: string
  target: string
}

/** A delivery that is still to be made, with the event it carries. */
export interface PendingDelivery extends Lane {
  seq: number
  eventSeq: number
  /** attempts made so far */
  attempts: number
  nextAttemptAt: number
  json: string
}

/** What is unblocked: a target, or all of a rule's. */
export type Blocked = Omit<Lane, 'target'> & Partial<Lane>

/**
 * - due: what is due first comes first.
 * - arrival: what arrived first comes first, whenever it is due.
 */
export type DeliveryOrder = 'due' | 'arrival'

/** The rows about deliveries: what is due, and what became of it. Every write is for a transaction of the caller's. */
export function createDueDeliveries(database: Database.Database) {
  const insertDelivery = database.prepare(
    `INSERT INTO deliveries (event_seq, bus, rule, target, state, next_attempt_at) VALUES (?, ?, ?, ?, 'pending', ?)`,
  )
  const selectLaneAfter = database.prepare(
    `SELECT bus, rule, target FROM deliveries WHERE state = 'pending' AND (bus, rule, target) > (?, ?, ?)
     ORDER BY bus, rule, target LIMIT 1`,
  )
  const selectNext = (order: string) =>
    database.prepare(
      `SELECT d.seq, d.event_seq AS eventSeq, d.bus, d.rule, d.target, d.attempts, d.next_attempt_at AS nextAttemptAt,
         e.json
       FROM deliveries d JOIN events e ON e.seq = d.event_seq
       WHERE d.state = 'pending' AND d.bus = ?1 AND d.rule = ?2 AND d.target = ?3
         AND d.seq NOT IN (SELECT value FROM json_each(?4))
         AND NOT EXISTS (SELECT 1 FROM deliveries WHERE state = 'blocked' AND bus = ?1 AND rule = ?2 AND target = ?3)
       ORDER BY ${order} LIMIT ?5`,
    )
  const selectNextBy = { due: selectNext('d.next_attempt_at, d.seq'), arrival: selectNext('d.seq') }
  const insertAttempt = database.prepare(
    `INSERT INTO attempts (delivery_seq, number, started_at, ms, error, answer) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const updateDelivery = database.prepare(
    'UPDATE deliveries SET state = ?, attempts = ?, next_attempt_at = ?, error = ? WHERE seq = ?',
  )
  const letters = createLetterWrites(database)
  const selectBlocked = database.prepare(`SELECT DISTINCT bus, rule, target FROM deliveries WHERE state = 'blocked'`)
  const selectBlockedOf = database.prepare(
    `SELECT seq, event_seq AS eventSeq FROM deliveries WHERE state = 'blocked' AND bus = ?1 AND rule = ?2
     AND (?3 IS NULL OR target = ?3)`,
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
       WHEN sum(state = 'set-aside') THEN 'set-aside'
       ELSE 'delivered' END FROM deliveries WHERE event_seq = ?) WHERE seq = ?`,
  )

  return {
    insert(eventSeq: number, { bus, rule, target }: Lane, at: number): void {
      insertDelivery.run(eventSeq, bus, rule, target, at)
    },

    /** Jumps from lane to lane in the index: a look at each pending delivery would take longer the more there are. */
    pendingLanes(): Lane[] {
      const after = ({ bus, rule, target }: Lane) => (selectLaneAfter.all(bus, rule, target) as Lane[])[0]
      const lanes: Lane[] = []
      for (let lane = after({ bus: '', rule: '', target: '' }); lane !== undefined; lane = after(lane)) lanes.push(lane)
      return lanes
    },

    next: ({ bus, rule, target }: Lane, order: DeliveryOrder, limit: number, except: readonly number[]) =>
      selectNextBy[order].all(bus, rule, target, JSON.stringify(except), limit) as PendingDelivery[],

    /** The event of a dead letter is published again, as this one. */
    publishedAgain: letters.publishedAgain,

    record(delivery: PendingDelivery, attempt: Attempt, outcome: Outcome): void {
      const { seq, eventSeq, rule, target, attempts, json } = delivery
      const { startedAt, ms, answer = null, error = null } = attempt
      // noted already, by a group that was committed and not known to be on disk
      if (insertAttempt.run(seq, attempts + 1, startedAt, ms, error, answer).changes === 0) return
      const nextAttemptAt = outcome.state === 'pending' ? outcome.nextAttemptAt : 0
      updateDelivery.run(outcome.state, attempts + 1, nextAttemptAt, error, seq)
      if (outcome.state === 'dead-lettered' && outcome.queue !== undefined) {
        const deadAt = startedAt + ms
        letters.put({ queue: outcome.queue, eventSeq, rule, target, deadAt, error: error ?? '', json })
      }
      // dropped, or blocked, it is kept nowhere else
      if (['delivered', 'set-aside', 'dead-lettered'].includes(outcome.state)) letters.settle(eventSeq, rule, target)
      updateEvent.run(eventSeq, eventSeq)
    },

    blockedLanes: () => selectBlocked.all() as Lane[],

    unblock({ bus, rule, target }: Blocked, now: number): void {
      const blocked = selectBlockedOf.all(bus, rule, target ?? null) as Pick<PendingDelivery, 'seq' | 'eventSeq'>[]
      for (const { seq, eventSeq } of blocked) {
        deleteAttempts.run(seq)
        resetDelivery.run(now, seq)
        updateEvent.run(eventSeq, eventSeq)
      }
    },
  }
}
