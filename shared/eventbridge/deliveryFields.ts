import { isObject } from '../json'
import { joined, type LogFields, MAX_ITEMS } from '../logging'
import { hashedUsers } from '../logUsers'
import type { ReceivedEvent } from './parseCloudEvents'

/** EventBridge's own limit, and what dead_letters keeps of one; whoever invokes a function may send others. */
const MAX_ID = 128

/**
 * What a log line says of a delivery: the ids that the webhook logged too, so that one id follows an employee from the
 * webhook to the row, and the employees as keyed hashes when a key is set.
 */
export function deliveryFields(events: readonly ReceivedEvent[], hashKey: string | undefined): LogFields {
  const first = events.slice(0, MAX_ITEMS)
  const bodies = first.map(({ event: { data } }) => (isObject(data) ? data['body'] : undefined))
  return {
    eventId: joined(first.map(toldId)),
    traceparent: joined(first.map(({ event }) => event['traceparent']).filter(isTraceparent)),
    users: hashedUsers(bodies, hashKey),
  }
}

/** An event's id, as a log line has it. */
export function toldId({ id }: Pick<ReceivedEvent, 'id'>): string {
  return id.slice(0, MAX_ID)
}

/** As the webhook lets it through; any other text may be anything, and of any length. */
function isTraceparent(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)
}
