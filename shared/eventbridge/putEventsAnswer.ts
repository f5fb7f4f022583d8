import { isObject } from '../json'

/** One line of the answer, in the order of the request. */
export interface PutEventsEntry {
  EventId?: string
  TraceId?: string
  /** Absent, null, empty or `Success` when the event was accepted: read it by failureOf. */
  ErrorCode?: string | null
  ErrorMessage?: string | null
}

/**
 * EventBridge's answer to PutEvents. HTTP 200 does not mean that every event was accepted: look at FailedEntryCount.
 * https://help.aliyun.com/zh/eventbridge/developer-reference/api-eventbridge-2020-04-01-putevents
 */
export interface PutEventsAnswer {
  RequestId: string
  ResourceOwnerAccountId?: string
  FailedEntryCount: number
  EntryList: PutEventsEntry[]
}

/**
 * Reads an answer as loosely as it may be written: the count as text, a list that is left out where nothing failed. What
 * says neither how many failed nor which is no answer.
 * @param events how many were sent
 */
export function readPutEventsAnswer(value: Record<string, unknown>, events: number): PutEventsAnswer | undefined {
  const list = value['EntryList']
  const count = value['FailedEntryCount'] ?? (Array.isArray(list) ? 0 : undefined)
  const failed = typeof count === 'string' && /^\s*\d+\s*$/.test(count) ? Number(count) : count
  if (typeof failed !== 'number') return undefined
  if (Array.isArray(list)) {
    return answerOf(
      value,
      failed,
      list.map((entry) => (isObject(entry) ? entry : NOTHING)),
    )
  }
  if ((list !== undefined && list !== null) || failed !== 0) return undefined
  const entries = Array.from({ length: events }, () => ({}))
  return answerOf(value, 0, entries)
}

/** An entry that says nothing of its event: it counts as not accepted, and the event is sent again. */
const NOTHING: PutEventsEntry = { ErrorCode: 'NotAccepted' }

function answerOf(value: Record<string, unknown>, failed: number, entries: PutEventsEntry[]): PutEventsAnswer {
  const id = value['RequestId']
  const known = { RequestId: typeof id === 'string' ? id : '', FailedEntryCount: failed, EntryList: entries }
  return Object.assign({}, value, known)
}

/**
 * Why an event was not accepted; undefined when it was. Some entries of accepted events carry the code `Success`
 * (apache/rocketmq-eventbridge, EventDataHandler), and a serializer may write null or nothing for no code.
 */
export function failureOf({ ErrorCode: code }: PutEventsEntry): string | undefined {
  const text = code === undefined || code === null ? '' : String(code).trim()
  return text === '' || /^success$/i.test(text) ? undefined : text
}
