import type { EventBridge } from '../eventBridge'
import type { Mismatch } from '../store/records'
import type { EventState } from '../store/traceFilter'
import type { EventTrace, TracedDelivery } from '../store/traces'
import type { CloudEvent } from './handlers'

/** An event, and what became of it. */
export interface PublishedEvent {
  event: CloudEvent
  bus: string
  traceId: string
  /** milliseconds since 1970, by the clock */
  receivedAt: number
  state: EventState
  /** the rules of its bus that did not match, and why */
  mismatches: Mismatch[]
  deliveries: Delivery[]
}

/** What became of an event at one target. */
export interface Delivery {
  event: CloudEvent
  bus: string
  rule: string
  target: string
  state: TracedDelivery['state']
  attempts: number
  /** why the last attempt failed */
  error?: string
  /** what the last attempt was answered: what a handler returned, as text */
  answer?: string
  /** while it is pending, when it is due, in milliseconds since 1970 */
  nextAttemptAt?: number
}

/** What a delivery must be to be listed. */
export type DeliveryFilter = Partial<Pick<Delivery, 'bus' | 'rule' | 'target' | 'state'>> & { eventId?: string }

/** An event in a dead-letter queue. */
export interface LetterOfQueue {
  queue: string
  event: CloudEvent
  rule: string | null
  target: string | null
  error: string
  deadAt: number
}

type StoreOf = EventBridge['store']

/** Everything, in the order in which it arrived. */
export function listEvents({ traces }: StoreOf): PublishedEvent[] {
  const newestFirst = traces.list({}, Number.MAX_SAFE_INTEGER).map(({ seq }) => seq)
  return traces.findAll(newestFirst.reverse()).map(toPublished)
}

export function listDeliveries(store: StoreOf, filter: DeliveryFilter = {}): Delivery[] {
  const { eventId, ...fields } = filter
  const wanted = Object.entries(fields).filter(([, value]) => value !== undefined) as [keyof typeof fields, string][]
  return listEvents(store)
    .flatMap(({ deliveries }) => deliveries)
    .filter(
      (delivery) =>
        (eventId === undefined || delivery.event.id === eventId) &&
        wanted.every(([name, value]) => delivery[name] === value),
    )
}

/** @param queue its ARN, or the name at the end of that */
export function listDeadLetters({ deadLetters }: StoreOf, queue: string | undefined): LetterOfQueue[] {
  return deadLetters
    .list()
    .filter((letter) => queue === undefined || letter.queue === queue || letter.queue.endsWith(`/${queue}`))
    .map(({ json, queue: arn, rule, target, error, deadAt }) => ({
      ...{ queue: arn, event: JSON.parse(json) as CloudEvent },
      ...{ rule, target, error, deadAt },
    }))
}

function toPublished({ json, bus, traceId, receivedAt, state, mismatches, deliveries }: EventTrace): PublishedEvent {
  const event = JSON.parse(json) as CloudEvent
  return {
    ...{ event, bus, traceId, receivedAt, state, mismatches },
    deliveries: deliveries.map((delivery) => toDelivery(event, bus, delivery)),
  }
}

function toDelivery(event: CloudEvent, bus: string, delivery: TracedDelivery): Delivery {
  const { rule, target, state, attempts, error, nextAttemptAt, tries } = delivery
  const answer = tries.at(-1)?.answer
  return {
    ...{ event, bus, rule, target, state, attempts },
    ...(error !== null && { error }),
    ...(answer != null && { answer }),
    ...(state === 'pending' && { nextAttemptAt }),
  }
}
