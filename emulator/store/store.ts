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
  due(now: number, limit: number, except: Excepted): DueDelivery[]
  /** when the next pending delivery is due */
  nextDueAt(except: Excepted): number | undefined
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
  // a name of a bus or of a rule has no slash in it
  const lane = "e.bus || '/' || d.rule || '/' || d.target"
  const pending = `FROM deliveries d JOIN events e ON e.seq = d.event_seq
     WHERE d.state = 'pending' AND d.seq NOT IN (SELECT value FROM json_each(?))
     AND ${lane} NOT IN (SELECT value FROM json_each(?))`
  const selectDue = database.prepare(
    `SELECT d.seq, e.bus, d.rule, d.target, ${lane} AS lane, d.attempts, e.json ${pending}
     AND d.next_attempt_at <= ? ORDER BY d.next_attempt_at, d.seq LIMIT ?`,
  )
  const selectNextDue = database.prepare(
    `SELECT d.next_attempt_at AS at ${pending} ORDER BY d.next_attempt_at, d.seq LIMIT 1`,
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

    due: (now, limit, except) => selectDue.all(...asJson(except), now, limit) as DueDelivery[],

    nextDueAt: (except) => (selectNextDue.get(...asJson(except)) as { at: number } | undefined)?.at,

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

function asJson({ deliveries, lanes }: Excepted): [string, string] {
  return [JSON.stringify(deliveries), JSON.stringify(lanes)]
}
