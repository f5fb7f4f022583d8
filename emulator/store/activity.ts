import type Database from 'libsql'
import { type EventState, type TraceFilter, toWhere } from './traceFilter'

/** How long attempts took, in milliseconds. */
export interface Latency {
  median: number
  /** 95 of 100 took no longer */
  p95: number
}

export interface ActivityBucket {
  /** when it begins, in milliseconds since 1970 */
  at: number
  counts: Partial<Record<EventState, number>>
  latency?: Latency
}

/** What happened over time, in equal parts. Times are milliseconds since 1970. */
export interface ActivityChart {
  from: number
  to: number
  /** of a part */
  widthMs: number
  /** those in which something happened, the oldest first */
  buckets: ActivityBucket[]
  /** of all attempts */
  latency?: Latency
}

export interface Activity {
  /** The events that the filter finds, whichever page of them. */
  read(filter: TraceFilter, now: number): ActivityChart
}

const MAX_BUCKETS = 60
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
]

/** So many attempts to deliver events of this part of the time took so long. */
interface Attempts {
  at: number
  ms: number
  n: number
}

export function createActivity(database: Database.Database): Activity {
  return {
    read({ before: _, ...filter }, now) {
      const { where, values } = toWhere(filter)
      const select = (sql: string) => database.prepare(sql).all(...values)

      const [oldest] = select(`SELECT min(received_at) AS at FROM events e ${where}`) as { at: number | null }[]
      const from = filter.from ?? oldest?.at ?? now
      const to = Math.max(filter.to ?? now, from + 1)
      const widthMs = widthFor(to - from)
      const part = `e.received_at / ${widthMs} * ${widthMs}`

      const counts = select(
        `SELECT ${part} AS at, state, count(*) AS n FROM events e ${where} GROUP BY 1, 2 ORDER BY 1`,
      )
      const attempts = select(
        `SELECT ${part} AS at, a.ms, count(*) AS n
         FROM events e JOIN deliveries d ON d.event_seq = e.seq JOIN attempts a ON a.delivery_seq = d.seq ${where}
         GROUP BY 1, 2 ORDER BY 2`,
      ) as Attempts[]

      const buckets = new Map<number, ActivityBucket>()
      for (const { at, state, n } of counts as { at: number; state: EventState; n: number }[]) {
        const bucket = buckets.get(at) ?? { at, counts: {} }
        bucket.counts[state] = n
        buckets.set(at, bucket)
      }
      for (const bucket of buckets.values()) {
        const ofPart = attempts.filter(({ at }) => at === bucket.at)
        if (ofPart.length > 0) bucket.latency = latencyOf(ofPart)
      }
      const chart = { from, to, widthMs, buckets: [...buckets.values()] }
      return attempts.length === 0 ? chart : { ...chart, latency: latencyOf(attempts) }
    },
  }
}

/** The narrowest of the usual widths that makes few enough parts. */
function widthFor(ms: number): number {
  const isWide = (width: number) => ms / width <= MAX_BUCKETS
  return WIDTHS.find(isWide) ?? Math.ceil(ms / MAX_BUCKETS / DAY) * DAY
}

/** @param attempts the quickest first */
function latencyOf(attempts: readonly Attempts[]): Latency {
  const total = attempts.reduce((sum, { n }) => sum + n, 0)
  const quantile = (share: number) => {
    let seen = 0
    for (const { ms, n } of attempts) {
      seen += n
      if (seen >= share * total) return ms
    }
    return 0
  }
  return { median: quantile(0.5), p95: quantile(0.95) }
}
