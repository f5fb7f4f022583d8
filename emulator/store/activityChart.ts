import type { EventState } from './traceFilter'

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
