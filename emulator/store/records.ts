export interface AcceptedEvent {
  bus: string
  id: string
  source: string
  type: string
  traceId: string
  receivedAt: number
  /** the CloudEvent's JSON text, as it is delivered */
  json: string
  /** the same, parsed by parseLossless, where that is at hand */
  parsed?: unknown
  /** the targets of the rules that matched */
  deliveries: readonly { rule: string; target: string }[]
  /** the rules that did not match, and why; never a value of the event */
  mismatches: readonly Mismatch[]
  /** the seq of the dead letter that it is published again from */
  ofLetter?: number
}

export interface Mismatch {
  rule: string
  why: string
}

export interface Attempt {
  startedAt: number
  ms: number
  /** why it failed; absent when it was delivered */
  error?: string
  /** what the target answered, shortened */
  answer?: string
}

/**
 * What an attempt leads to: the end, or another one.
 * - set-aside: the target has it, and says that it could not use it.
 * - blocked: the target's ErrorsTolerance is NONE and its retries are used up; it gets nothing until it is unblocked.
 * - dead-lettered: the raw event is in the queue; without a queue it was published on an event bus.
 * - dropped: there is no queue; the service would forget the event now.
 */
export type Outcome =
  | { state: 'delivered' | 'set-aside' }
  | { state: 'pending'; nextAttemptAt: number }
  | { state: 'blocked' }
  | { state: 'dead-lettered'; queue?: string }
  | { state: 'dropped' }
