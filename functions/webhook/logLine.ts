import type { OutgoingEvent } from '../../shared/eventbridge/cloudEvent'
import type { SetAside } from '../../shared/eventbridge/publish'
import { joined, type LogFields, MAX_ITEMS } from '../../shared/logging'
import { hashedUsers } from '../../shared/logUsers'
import { actionsOf } from './appEvent'
import type { Content } from './readContent'

/**
 * What a log line says of the events of a request: their ids, what happened, and the employees as keyed hashes when a
 * key is set. Whatever else a body holds stays out.
 * @param opened what came; of an event that is answered and not published, its type is told
 */
export function eventFields(
  opened: Content | undefined,
  contents: readonly Content[],
  events: readonly OutgoingEvent[],
  hashKey: string | undefined,
): LogFields {
  const values = contents.slice(0, MAX_ITEMS).map(({ value }) => value)
  return {
    eventId: joined(events.slice(0, MAX_ITEMS).map(({ id }) => id)),
    type: joined([...new Set((values.length > 0 ? values : [opened?.value]).flatMap(typeOf))]),
    users: hashedUsers(values, hashKey),
  }
}

/** What a log line says of events that are lost: every id, since nothing else tells of them. */
export function setAsideFields(events: readonly SetAside[]): LogFields {
  return {
    eventId: joined(events.map(({ id }) => id)),
    code: joined([...new Set(events.map(({ code }) => code))]),
  }
}

/** `user_add_org` and its like; anything that is not such a word may be anything, and is left out. */
function typeOf(value: unknown): string[] {
  return actionsOf(value).filter((action) => /^[a-z]{2,16}(_[a-z]{2,16}){0,5}$/.test(action))
}
