import type Database from 'libsql'
import type { Mismatch } from './records'
import { type EventState, type TraceFilter, toWhere } from './traceFilter'

export type DeliveryState = 'pending' | 'delivered' | 'blocked' | 'dead-lettered' | 'dropped'

/** One event and what became of it. Nothing of its data. */
export interface TracedEvent {
  /** numbers events in the order of their arrival */
  seq: number
  bus: string
  id: string
  source: string
  type: string
  /** milliseconds since 1970, as all times here */
  receivedAt: number
  state: EventState
  deliveries: TracedDelivery[]
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
  /** what the target answered last */
  answer: string | null
}

/** Everything that is known of one event. */
export interface EventTrace extends Omit<TracedEvent, 'deliveries'> {
  traceId: string
  /** the CloudEvent's JSON text: personal data */
  json: string
  mismatches: Mismatch[]
  deliveries: (TracedDelivery & { tries: TracedAttempt[] })[]
  deadLetters: { queue: string; deadAt: number }[]
}

export interface TracedAttempt {
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
  /** the events with this source and id on a bus: several when it was published again; the newest first */
  findById(filter: { bus: string; source?: string; id: string }): EventTrace[]
}

const DELIVERY = `d.seq, d.event_seq AS eventSeq, d.rule, d.target, d.state, d.attempts,
  d.next_attempt_at AS nextAttemptAt, d.error,
  (SELECT answer FROM attempts a WHERE a.delivery_seq = d.seq ORDER BY number DESC LIMIT 1) AS answer`

export function createTraces(database: Database.Database): Traces {
  const selectDeliveries = database.prepare(
    `SELECT ${DELIVERY} FROM deliveries d WHERE event_seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  )
  const selectEvent = database.prepare(
    `SELECT seq, bus, id, source, type, received_at AS receivedAt, state, trace_id AS traceId, json, mismatches
     FROM events WHERE seq = ?`,
  )
  const selectAttempts = database.prepare(
    `SELECT number, started_at AS startedAt, ms, error, answer FROM attempts WHERE delivery_seq = ? ORDER BY number`,
  )
  const selectDeadLetters = database.prepare(
    'SELECT queue, dead_at AS deadAt FROM dead_letters WHERE event_seq = ? ORDER BY seq',
  )

  type DeliveryRow = TracedDelivery & { seq: number; eventSeq: number }
  const deliveriesOf = (seqs: number[]) => selectDeliveries.all(JSON.stringify(seqs)) as DeliveryRow[]

  function list(filter: TraceFilter, limit: number): TracedEvent[] {
    const { where, values } = toWhere(filter)
    const events = database
      .prepare(
        `SELECT seq, bus, id, source, type, received_at AS receivedAt, state FROM events e ${where}
         ORDER BY seq DESC LIMIT ?`,
      )
      .all(...values, limit) as Omit<TracedEvent, 'deliveries'>[]
    const traced = new Map(events.map((event) => [event.seq, { ...event, deliveries: [] as TracedDelivery[] }]))
    for (const { seq: _, eventSeq, ...delivery } of deliveriesOf([...traced.keys()])) {
      traced.get(eventSeq)?.deliveries.push(delivery)
    }
    return [...traced.values()]
  }

  function find(seq: number): EventTrace | undefined {
    const [event] = selectEvent.all(seq) as (Omit<EventTrace, 'deliveries' | 'mismatches' | 'deadLetters'> & {
      mismatches: string
    })[]
    if (event === undefined) return undefined
    return {
      ...event,
      mismatches: JSON.parse(event.mismatches) as Mismatch[],
      deliveries: deliveriesOf([seq]).map(({ seq: deliverySeq, eventSeq: _, ...delivery }) => ({
        ...delivery,
        tries: selectAttempts.all(deliverySeq) as TracedAttempt[],
      })),
      deadLetters: selectDeadLetters.all(seq) as EventTrace['deadLetters'],
    }
  }

  return {
    list,
    count(filter) {
      const { where, values } = toWhere(filter)
      const rows = database.prepare(`SELECT state, count(*) AS n FROM events e ${where} GROUP BY state`).all(...values)
      return Object.fromEntries((rows as { state: EventState; n: number }[]).map(({ state, n }) => [state, n]))
    },
    find,
    findById({ bus, source, id }) {
      const seqs = database
        .prepare('SELECT seq, source FROM events WHERE id = ? AND bus = ? ORDER BY seq DESC')
        .all(id, bus) as { seq: number; source: string }[]
      return seqs
        .filter((row) => source === undefined || row.source === source)
        .map(({ seq }) => find(seq))
        .filter((trace) => trace !== undefined)
    },
  }
}
