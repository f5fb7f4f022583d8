import { MAX_DEPTH } from '../../shared/dropFields/findCuts'
import { depthOf, isLosslessObject, isObject, parseLossless, stringifyLossless } from '../../shared/json'

/** A message of DingTalk Stream, as far as it could be read. */
export interface Frame {
  /** SYSTEM, EVENT, CALLBACK; '' when there is none */
  type: string
  topic: string
  messageId: string
  /** an event's own: text, whatever came */
  headers: Readonly<Record<string, string>>
  /** JSON text */
  data: string
}

/** @returns undefined for what is no JSON object, or nested deeper than the webhook takes */
export function readFrame(text: string): Frame | undefined {
  const frame = parsed(text)
  if (!isLosslessObject(frame) || Object.keys(frame).length === 0) return undefined
  // one sample of the protocol has the other name
  const given = [frame['headers'], frame['header']].find(isObject) ?? {}
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(value)]))
  const { data } = frame
  return {
    type: textOf(frame['type']).toUpperCase(),
    topic: headers['topic'] ?? '',
    messageId: headers['messageId'] ?? '',
    headers,
    data: typeof data === 'string' ? data : stringifyLossless(data ?? {}),
  }
}

function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''
}

/** What DingTalk reads as the answer to a frame. @param data text, as JSON where it is an event's */
export function answerTo({ messageId }: Frame, data: string, code = 200): string {
  const message = code === 200 ? 'OK' : 'not handled'
  return JSON.stringify({ code, headers: { contentType: 'application/json', messageId }, message, data })
}

/**
 * An event as DingTalk's HTTP callback has it, before encryption: what a frame has in its headers stands beside the fields,
 * which keep their spelling and their digits. JSON text.
 */
export function nativeForm({ headers, data }: Frame): string {
  const { eventType: EventType, eventCorpId: CorpId, eventId } = headers
  const bornTime = headers['eventBornTime'] ?? ''
  const time = /^\d{1,16}$/.test(bornTime) && { EventTime: Number(bornTime), BizId: bornTime }
  const head = Object.entries({ EventType, ...time, CorpId, eventId }).filter(([, value]) => value)
  const fields = Object.entries(fieldsOf(data)).filter(([name]) => !head.some(([known]) => known === name))
  return stringifyLossless(Object.fromEntries([...head, ...fields]))
}

/** What is no object has one field. */
function fieldsOf(data: string): Record<string, unknown> {
  const value = parsed(data) ?? data
  return isLosslessObject(value) ? value : { data: value }
}

/** Undefined for what is no JSON, or nested deeper than the webhook takes, of which the stack may run out. */
function parsed(json: string): unknown {
  try {
    return depthOf(json) < MAX_DEPTH ? parseLossless(json) : undefined
  } catch {
    return undefined
  }
}

/** `user_add_org`, `attend_bossCheck_change`, which may be shown: what is no such word may be anything. */
export function isEventName(text: string): boolean {
  return /^[a-z]{2,16}(_[a-z][A-Za-z]{1,15}){1,5}$/.test(text)
}
