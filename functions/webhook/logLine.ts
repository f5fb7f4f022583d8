import { userIdsOf } from '../../shared/dingtalk/userIds'
import { hashUserId } from '../../shared/hashUserId'
import type { LogFields } from '../../shared/logging'
import type { Content } from './readContent'
import type { OutgoingEvent } from './toCloudEvent'

/** More would make a line that the log service cuts. */
const MAX_ITEMS = 16

/**
 * What a log line says of the events of a request: their ids, what happened, and the employees as keyed hashes when a
 * key is set. Whatever else a body holds stays out.
 */
export function eventFields(
  contents: readonly Content[],
  events: readonly OutgoingEvent[],
  hashKey: string | undefined,
): LogFields {
  const values = contents.slice(0, MAX_ITEMS).map(({ value }) => value)
  const users = hashKey === undefined ? [] : values.flatMap(userIdsOf).slice(0, MAX_ITEMS)
  return {
    eventId: joined(events.slice(0, MAX_ITEMS).map(({ id }) => id)),
    type: joined([...new Set(values.map(actionOf))].filter((action) => action !== undefined)),
    users: joined(users.map((userId) => hashUserId(userId, hashKey ?? ''))),
  }
}

/** `user_add_org` and its like; anything that is not such a word may be anything, and is left out. */
function actionOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { syncAction, EventType, eventType } = value as Record<string, unknown>
  const action = syncAction ?? EventType ?? eventType
  return typeof action === 'string' && /^[a-z]{2,16}(_[a-z]{2,16}){0,5}$/.test(action) ? action : undefined
}

function joined(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(' ')
}
