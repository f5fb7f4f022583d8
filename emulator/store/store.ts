import { openDatabase } from './openDatabase'

export interface AcceptedEvent {
  bus: string
  id: string
  source: string
  type: string
  traceId: string
  receivedAt: number
  /** the CloudEvent's JSON text, as it is delivered */
  json: string
  /** the targets of the rules that matched */
  deliveries: readonly { rule: string; target: string }[]
}

/** A delivery that is due, with the event it carries. */
export interface DueDelivery {
  seq: number
  bus: string
  rule: string
  target: string
  /** attempts made so far */
  attempts: number
  json: string
}

export interface Attempt {
  startedAt: number
  ms: number
  /** why it failed; absent when it was delivered */
  error?: string
}

/** What a failed attempt leads to: the next one, or the end. */
export type Outcome = { state: 'delivered' } | { state: 'pending'; nextAttemptAt: number } | { state: 'dead' }

/** One event and what became of it, for the trace page. */
export interface TracedEvent {
  seq: number
  bus: string
  id: string
  source: string
  type: string
  receivedAt: number
  deliveries: TracedDelivery[]
}

export interface TracedDelivery {
  rule: string
  target: string
  state: 'pending' | 'delivered' | 'dead'
  attempts: number
  nextAttemptAt: number
  error: string | null
}

export interface Store {
  /** Keeps the events and their pending deliveries; when it returns they are on disk. */
  accept(events: readonly AcceptedEvent[]): void
  due(now: number, limit: number, except: readonly number[]): DueDelivery[]
  /** when the next pending delivery is due, of those not excepted */
  nextDueAt(except: readonly number[]): number | undefined
  record(delivery: DueDelivery, attempt: Attempt, outcome: Outcome): void
  /** the newest events first */
  recent(limit: number): TracedEvent[]
  close(): void
}

/** @throws UserError, see openDatabase */
export function openStore(file: string): Store {
  const database = openDatabase(file)
  const insertEvent = database.prepare(
    'INSERT INTO events (bus, id, source, type, trace_id, received_at, json) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const insertDelivery = database.prepare(
    "INSERT INTO deliveries (event_seq, rule, target, state, next_attempt_at) VALUES (?, ?, ?, 'pending', ?)",
  )
  const selectDue = database.prepare(
    `SELECT d.seq, e.bus, d.rule, d.target, d.attempts, e.json
     FROM deliveries d JOIN events e ON e.seq = d.event_seq
     WHERE d.state = 'pending' AND d.next_attempt_at <= ? AND d.seq NOT IN (SELECT value FROM json_each(?))
     ORDER BY d.next_attempt_at, d.seq LIMIT ?`,
  )
  const selectNextDue = database.prepare(
    `SELECT MIN(next_attempt_at) AS at FROM deliveries
     WHERE state = 'pending' AND seq NOT IN (SELECT value FROM json_each(?))`,
  )
  const insertAttempt = database.prepare(
    'INSERT INTO attempts (delivery_seq, number, started_at, ms, error) VALUES (?, ?, ?, ?, ?)',
  )
  const updateDelivery = database.prepare(
    'UPDATE deliveries SET state = ?, attempts = ?, next_attempt_at = ?, error = ? WHERE seq = ?',
  )
  const selectEvents = database.prepare(
    'SELECT seq, bus, id, source, type, received_at AS receivedAt FROM events ORDER BY seq DESC LIMIT ?',
  )
  const selectDeliveries = database.prepare(
    `SELECT event_seq AS eventSeq, rule, target, state, attempts, next_attempt_at AS nextAttemptAt, error
     FROM deliveries WHERE event_seq >= ? ORDER BY seq`,
  )

  return {
    accept: database.transaction((events: readonly AcceptedEvent[]) => {
      for (const { bus, id, source, type, traceId, receivedAt, json, deliveries } of events) {
        const { lastInsertRowid } = insertEvent.run(bus, id, source, type, traceId, receivedAt, json)
        for (const { rule, target } of deliveries) insertDelivery.run(lastInsertRowid, rule, target, receivedAt)
      }
    }),

    due: (now, limit, except) => selectDue.all(now, JSON.stringify(except), limit) as DueDelivery[],

    nextDueAt(except) {
      const { at } = selectNextDue.get(JSON.stringify(except)) as { at: number | null }
      return at ?? undefined
    },

    record: database.transaction(({ seq, attempts }: DueDelivery, attempt: Attempt, outcome: Outcome) => {
      const error = attempt.error ?? null
      insertAttempt.run(seq, attempts + 1, attempt.startedAt, attempt.ms, error)
      const nextAttemptAt = outcome.state === 'pending' ? outcome.nextAttemptAt : 0
      updateDelivery.run(outcome.state, attempts + 1, nextAttemptAt, error, seq)
    }),

    recent(limit) {
      const events = (selectEvents.all(limit) as Omit<TracedEvent, 'deliveries'>[]).map((event) => ({
        ...event,
        deliveries: [] as TracedDelivery[],
      }))
      const oldest = events.at(-1)
      if (oldest === undefined) return []
      const bySeq = new Map(events.map((event) => [event.seq, event]))
      for (const { eventSeq, ...delivery } of selectDeliveries.all(oldest.seq) as (TracedDelivery & {
        eventSeq: number
      })[]) {
        bySeq.get(eventSeq)?.deliveries.push(delivery)
      }
      return events
    },

    close: () => database.close(),
  }
}
