import { createHash } from 'node:crypto'
import { endOfString, isObject, MAX_DEPTH, parseExact, stringifyLossless } from '../json'

/** One CloudEvent as EventBridge delivers it, attributes and data at the top level. */
export interface ReceivedEvent {
  id: string
  source: string
  event: Readonly<Record<string, unknown>>
  /** its JSON text, as it was delivered */
  text: string
}

/** An item of a delivery that is no CloudEvent; `id` is made from its text, so that a redelivery has the same. */
export interface Unreadable {
  id: string
  source: string
  reason: string
  text: string
}

export interface Delivery {
  events: ReceivedEvent[]
  unreadable: Unreadable[]
}

/**
 * Takes a delivery apart: one CloudEvent, or an array of them (a target with DataFormat ObjectList). Example:
 * `{"id":"7059131c","source":"my.dingtalk","specversion":"1.0","type":"eventbridge:Events:HTTPEvent","time":"2022-05-13T15:28:29.504+08:00","data":{"body":{…}}}`
 * Never throws: each item is read by itself, and one that cannot be read is set aside and does not hold up the rest.
 */
export function parseCloudEvents(payload: Buffer): Delivery {
  const delivery: Delivery = { events: [], unreadable: [] }
  for (const { text, depth } of itemsOf(payload.toString('utf8'))) {
    const item = depth > MAX_DEPTH ? undefined : parsed(text)
    if (isCloudEvent(item)) delivery.events.push({ id: item.id, source: item.source, event: item, text })
    else delivery.unreadable.push(unreadable(text, depth > MAX_DEPTH, item === undefined))
  }
  return delivery
}

/** What an event says, as text: the same however often it is delivered, and whatever the service puts around it. */
export function contentOf({ event }: ReceivedEvent): string {
  const data = event['data']
  const content = isObject(data) && data['body'] !== undefined ? data['body'] : data
  try {
    return JSON.stringify(content) ?? ''
  } catch {
    // it holds an integer beyond 2^53
    return stringifyLossless(content)
  }
}

const [QUOTE, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d]

interface Item {
  text: string
  /** of its nesting; measured on the text, where a duplicate key hides nothing */
  depth: number
}

/** The texts of the items of a list, or the one text that there is. A list that is cut off ends with what it has. */
function itemsOf(payload: string): Item[] {
  const isList = /^\s*\[/.test(payload)
  const items: Item[] = []
  let level = isList ? -1 : 0
  let depth = 0
  let from = isList ? payload.indexOf('[') + 1 : 0
  const end = (to: number) => {
    const text = payload.slice(from, to).trim()
    // an empty list has no items; between two commas there is one that cannot be read
    if (text !== '' || payload[to] === ',' || items.length > 0 || !isList) items.push({ text, depth })
    from = to + 1
    depth = 0
  }
  for (let at = 0; at < payload.length; at++) {
    switch (payload.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(payload, at)
        break
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++level > depth) depth = level
        break
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        if (--level < 0 && isList) {
          end(at)
          return payload.slice(at + 1).trim() === '' ? items : [{ text: payload, depth: 0 }]
        }
        break
      case COMMA:
        if (level === 0 && isList) end(at)
        break
    }
  }
  end(payload.length)
  return items
}

/** undefined, which JSON does not have, for any other text */
function parsed(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    return undefined
  }
}

function isCloudEvent(item: unknown): item is Record<string, unknown> & { id: string; source: string } {
  if (!isObject(item)) return false
  return (
    typeof item['id'] === 'string' && item['id'] !== '' && typeof item['source'] === 'string' && item['source'] !== ''
  )
}

function unreadable(text: string, isTooDeep: boolean, isNoJson: boolean): Unreadable {
  const reason = isTooDeep
    ? `nested deeper than ${MAX_DEPTH} levels`
    : isNoJson
      ? 'not JSON'
      : 'not a CloudEvent: it has no id or no source'
  return { id: createHash('sha256').update(text).digest('hex'), source: 'unknown', reason, text }
}
