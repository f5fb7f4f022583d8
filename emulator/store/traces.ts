import type Database from 'libsql'
import type { Mismatch } from './records'
import { type EventState, type TraceFilter, toWhere } from './traceFilter'

type DeliveryState = 'pending' | 'delivered' | 'set-aside' | 'blocked' | 'dead-lettered' | 'dropped'

/** An event of a list. Nothing of its data. */
export interface TracedEvent {
  /** numbers events in the order of their arrival */
  seq: number
  bus: string
  id: string
  source: string
  type: string
  /** milliseconds since 1970, as all times here */
  receivedAt: number
  /** what became of it as a whole */
  state: EventState
}

/** Everything that is known of one event. */
export interface EventTrace extends TracedEvent {
  traceId: string
  /** the CloudEvent's JSON text: personal data */
  json: string
  mismatches: Mismatch[]
  deliveries: TracedDelivery[]
  deadLetters: { queue: string; deadAt: number }[]
}

export interface TracedDelivery {
  rule: string
  target: string
  state: DeliveryState
  attempts: number
  /** 0 once it is over */
  nextAttemptAt: number
  /** why the last attempt failed */
  error: string | null
  tries: TracedAttempt[]
}

interface TracedAttempt {
  number: number
  startedAt: number
  ms: number
  error: string | null
  answer: string | null
}

export interface Traces {
  /** the newest events first */
  list(filter: TraceFilter, limit: number): TracedEvent[]
  /** how many events the filter finds, by their state */
  count(filter: Omit<TraceFilter, 'state' | 'before'>): Partial<Record<EventState, number>>
  find(seq: number): EventTrace | undefined
  /** These events, in this order and without those that are gone, by as many queries as for one. */
  findAll(seqs: readonly number[]): EventTrace[]
  /** those of these that are kept */
  existing(seqs: readonly number[]): Set<number>
  /** the events with this source and id on a bus: several when it was published again; the newest first */
  findById(filter: { bus: string; source?: string; id: string }): EventTrace[]
}

const EVENT = 'e.seq, e.bus, e.id, e.source, e.type, e.received_at AS receivedAt, e.state'

export function createTraces(database: Database.Database): Traces {
  const selectEvents = database.prepare(
    `SELECT ${EVENT}, e.trace_id AS traceId, e.json, e.mismatches FROM events e
     WHERE e.seq IN (SELECT value FROM json_each(?))`,
  )
  const selectDeliveries = database.prepare(
    `SELECT seq, event_seq AS eventSeq, rule, target, state, attempts, next_attempt_at AS nextAttemptAt, error
     FROM deliveries WHERE event_seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  )
  const selectAttempts = database.prepare(
    `SELECT delivery_seq AS deliverySeq, number, started_at AS startedAt, ms, error, answer FROM attempts
     WHERE delivery_seq IN (SELECT value FROM json_each(?)) ORDER BY delivery_seq, number`,
  )
  const selectDeadLetters = database.prepare(
    `SELECT event_seq AS eventSeq, arn AS queue, enqueued_at AS deadAt FROM messages
     WHERE event_seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  )
  const selectExisting = database.prepare('SELECT seq FROM events WHERE seq IN (SELECT value FROM json_each(?))')
  const selectSeqs = database.prepare(
    'SELECT seq FROM events WHERE id = ?1 AND bus = ?2 AND (?3 IS NULL OR source = ?3) ORDER BY seq DESC',
  )

  function findAll(seqs: readonly number[]): EventTrace[] {
    const asked = JSON.stringify(seqs)
    const traces = new Map<number, EventTrace>()
    for (const { mismatches, ...event } of selectEvents.all(asked) as EventRow[]) {
      const reasons = JSON.parse(mismatches) as Mismatch[]
      traces.set(event.seq, { ...event, mismatches: reasons, deliveries: [], deadLetters: [] })
    }
    const deliveries = new Map<number, TracedDelivery>()
    for (const { seq, eventSeq, ...row } of selectDeliveries.all(asked) as DeliveryRow[]) {
      const delivery = { ...row, tries: [] }
      deliveries.set(seq, delivery)
      traces.get(eventSeq)?.deliveries.push(delivery)
    }
    for (const { deliverySeq, ...row } of selectAttempts.all(JSON.stringify([...deliveries.keys()])) as AttemptRow[]) {
      deliveries.get(deliverySeq)?.tries.push(row)
    }
    for (const { eventSeq, ...row } of selectDeadLetters.all(asked) as DeadLetterRow[]) {
      traces.get(eventSeq)?.deadLetters.push(row)
    }
    return seqs.flatMap((seq) => traces.get(seq) ?? [])
  }

  return {
    list(filter, limit) {
      const { where, values } = toWhere(filter)
      const select = database.prepare(`SELECT ${EVENT} FROM events e ${where} ORDER BY e.seq DESC LIMIT ?`)
      return select.all(...values, limit) as TracedEvent[]
    },
    count(filter) {
      const { where, values } = toWhere(filter)
      const rows = database.prepare(`SELECT state, count(*) AS n FROM events e ${where} GROUP BY state`).all(...values)
      return Object.fromEntries((rows as { state: EventState; n: number }[]).map(({ state, n }) => [state, n]))
    },
    find: (seq) => findAll([seq])[0],
    findAll,
    existing: (seqs) => new Set((selectExisting.all(JSON.stringify(seqs)) as { seq: number }[]).map(({ seq }) => seq)),
    findById: ({ bus, source, id }) =>
      findAll((selectSeqs.all(id, bus, source ?? null) as { seq: number }[]).map(({ seq }) => seq)),
  }
}

type EventRow = Omit<EventTrace, 'mismatches' | 'deliveries' | 'deadLetters'> & { mismatches: string }
type DeliveryRow = Omit<TracedDelivery, 'tries'> & { seq: number; eventSeq: number }
type AttemptRow = TracedAttempt & { deliverySeq: number }
type DeadLetterRow = EventTrace['deadLetters'][number] & { eventSeq: number }
