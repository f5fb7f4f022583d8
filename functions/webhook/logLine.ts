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

/** A push may have thousands of rows: one line of all their ids is one that the log service cuts. */
const IDS_A_LINE = 50

/** What log lines say of events that are lost: every id, since nothing else tells of them. */
export function setAsideFields(events: readonly SetAside[]): LogFields[] {
  const lines = Array.from({ length: Math.ceil(events.length / IDS_A_LINE) }, (_, line) =>
    events.slice(line * IDS_A_LINE, (line + 1) * IDS_A_LINE),
  )
  return lines.map((some) => ({
    eventId: joined(some.map(({ id }) => id)),
    code: joined([...new Set(some.map(({ code }) => code))]),
  }))
}

/** `user_add_org` and its like; anything that is not such a word may be anything, and is left out. */
function typeOf(value: unknown): string[] {
  return actionsOf(value).filter((action) => /^[a-z]{2,16}(_[a-z]{2,16}){0,5}$/.test(action))
}
