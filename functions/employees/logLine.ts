import type { LogFields } from '../../shared/logging'
import { hashUserId, userIdsOf } from '../../shared/logUsers'
import type { ReceivedEvent } from './parseCloudEvents'

/** More would make a line that the log service cuts. */
const MAX_ITEMS = 16

/**
 * What a log line says of a delivery: the ids that the webhook logged too, so that one id follows an employee from the
 * webhook to the row, and the employees as keyed hashes when a key is set.
 */
export function deliveryFields(events: readonly ReceivedEvent[], hashKey: string | undefined): LogFields {
  const first = events.slice(0, MAX_ITEMS)
  const users = hashKey === undefined ? [] : first.flatMap(({ event }) => userIdsOf(bodyOf(event)))
  return {
    eventId: joined(first.map(({ id }) => id)),
    traceparent: joined(first.map(({ event }) => event['traceparent']).filter((value) => typeof value === 'string')),
    users: joined(users.slice(0, MAX_ITEMS).map((userId) => hashUserId(userId, hashKey ?? ''))),
  }
}

function bodyOf(event: ReceivedEvent['event']): unknown {
  const data = event['data']
  return typeof data === 'object' && data !== null && 'body' in data ? data.body : undefined
}

function joined(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(' ')
}
