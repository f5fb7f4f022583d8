import { randomUUID } from 'node:crypto'
import type { EventBus } from '../resources/buses'

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
  /** the rules that did not match, and why; never a value of the event */
  mismatches: readonly Mismatch[]
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
 * - blocked: the target's ErrorsTolerance is NONE and its retries are used up; it gets nothing until it is unblocked.
 * - dead-lettered: the raw event is in the queue; without a queue it was published on an event bus.
 * - dropped: there is no queue; the service would forget the event now.
 */
export type Outcome =
  | { state: 'delivered' }
  | { state: 'pending'; nextAttemptAt: number }
  | { state: 'blocked' }
  | { state: 'dead-lettered'; queue?: string }
  | { state: 'dropped' }

/**
 * What the store keeps of an event: what names it, and where its bus's rules send it, or why they do not.
 * @param json its JSON text, as it is to be delivered; it is a valid event
 */
export function toAcceptedEvent(bus: EventBus, json: string, receivedAt: number): AcceptedEvent {
  const event = JSON.parse(json) as Record<string, unknown>
  const matched = bus.rules.map(({ name, enabled, pattern, targets }) => ({
    rule: name,
    why: enabled ? pattern.whyNot(event) : 'the rule is disabled',
    targets,
  }))
  return {
    bus: bus.name,
    id: String(event['id']),
    source: String(event['source']),
    type: String(event['type']),
    traceId: randomUUID(),
    receivedAt,
    json,
    deliveries: matched.flatMap(({ rule, why, targets }) =>
      why === undefined ? targets.map(({ id }) => ({ rule, target: id })) : [],
    ),
    mismatches: matched.flatMap(({ rule, why }) => (why === undefined ? [] : [{ rule, why }])),
  }
}
