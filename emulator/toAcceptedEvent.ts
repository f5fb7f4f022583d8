import { randomUUID } from 'node:crypto'
import type { EventBus } from './resources/buses'
import type { AcceptedEvent } from './store/records'

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
