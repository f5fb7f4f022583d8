import { isObject } from '../json'
import { joined, type LogFields, MAX_ITEMS } from '../logging'
import { hashedUsers } from '../logUsers'
import type { ReceivedEvent } from './parseCloudEvents'

/**
 * What a log line says of a delivery: the ids that the webhook logged too, so that one id follows an employee from the
 * webhook to the row, and the employees as keyed hashes when a key is set.
 */
export function deliveryFields(events: readonly ReceivedEvent[], hashKey: string | undefined): LogFields {
  const first = events.slice(0, MAX_ITEMS)
  const bodies = first.map(({ event: { data } }) => (isObject(data) ? data['body'] : undefined))
  return {
    eventId: joined(first.map(({ id }) => id)),
    traceparent: joined(first.map(({ event }) => event['traceparent']).filter((value) => typeof value === 'string')),
    users: hashedUsers(bodies, hashKey),
  }
}
