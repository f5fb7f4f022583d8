import { createHash } from 'node:crypto'
import { isObject } from '../../shared/isObject'
import { parseExact, parseLossless, stringifyLossless } from '../../shared/losslessJson'

/** One CloudEvent as EventBridge delivers it, attributes and data at the top level. */
export interface ReceivedEvent {
  id: string
  source: string
  event: Readonly<Record<string, unknown>>
  /** its place in the delivery */
  index: number
}

/** An item of a delivery that is no CloudEvent; `id` is made from its text, so that a redelivery has the same. */
export interface Unreadable {
  id: string
  source: string
  reason: string
  index: number
}

export interface Delivery {
  events: ReceivedEvent[]
  unreadable: Unreadable[]
}

/**
 * Takes a delivery apart: one CloudEvent, or an array of them (a target with DataFormat ObjectList). Example:
 * `{"id":"7059131c","source":"my.dingtalk","specversion":"1.0","type":"eventbridge:Events:HTTPEvent","time":"2022-05-13T15:28:29.504+08:00","data":{"body":{…}}}`
 * Never throws: what cannot be read is set aside and does not hold up the rest.
 */
export function parseCloudEvents(payload: Buffer): Delivery {
  const text = payload.toString('utf8')
  let parsed: unknown
  try {
    parsed = parseExact(text)
  } catch {
    return { events: [], unreadable: [unreadable(text, 0, 'the delivery is not JSON, or nested too deep')] }
  }
  const delivery: Delivery = { events: [], unreadable: [] }
  for (const [index, item] of (Array.isArray(parsed) ? parsed : [parsed]).entries()) {
    if (isCloudEvent(item)) delivery.events.push({ id: item.id, source: item.source, event: item, index })
    else {
      const reason = 'not a CloudEvent: it has no id or no source'
      delivery.unreadable.push(unreadable(stringifyLossless(item), index, reason))
    }
  }
  return delivery
}

/** The text of one event of a delivery, for its dead letter, all digits as they were. */
export function rawEvent(payload: Buffer, index: number): string {
  const text = payload.toString('utf8')
  try {
    const parsed = parseLossless(text)
    return Array.isArray(parsed) ? stringifyLossless(parsed[index]) : text
  } catch {
    return text
  }
}

function isCloudEvent(item: unknown): item is Record<string, unknown> & { id: string; source: string } {
  if (!isObject(item)) return false
  return (
    typeof item['id'] === 'string' && item['id'] !== '' && typeof item['source'] === 'string' && item['source'] !== ''
  )
}

function unreadable(text: string, index: number, reason: string): Unreadable {
  return { id: createHash('sha256').update(text).digest('hex'), source: 'unknown', reason, index }
}
