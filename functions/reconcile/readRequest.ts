import { isObject, parseJson } from '../../shared/json'
import { openFields } from '../../shared/mapping/readKeys'

/**
 * The whole organisation, the events that DingTalk could not deliver, or what is wrong on the way to DingTalk; `none` for an
 * event that asks for nothing.
 */
export type Task = 'full' | 'failed' | 'doctor' | 'none'

/** DingTalk's own word for it that the app's range of the address book is another one now. */
const RANGE_CHANGED = 'inner_app_scopes_change'

export interface ReconcileRequest {
  task: Task
  /** when that happened which asks, in milliseconds: one walk answers all events that it came after. Infinity: now */
  askedAt: number
}

/**
 * What an invocation asks for: a timer's event, `{"triggerTime":"…","triggerName":"hourly","payload":"failed"}`, the same
 * payload from a desk, `{"payload":"full"}`, `{"maintenance":"doctor"}`, which only reads, or a CloudEvent that a rule
 * delivers. Nothing asks for everything.
 * @throws Error for a payload that names no task
 */
export function readRequest(payload: Buffer): ReconcileRequest {
  const text = payload.toString('utf8').trim()
  const value = text === '' ? {} : parseJson(text)
  const event = Array.isArray(value) ? value[0] : value
  if (isObject(event) && event['specversion'] !== undefined) {
    const time = Date.parse(String(event['time']))
    return { task: taskOfEvent(event), askedAt: Number.isNaN(time) ? Number.POSITIVE_INFINITY : time }
  }
  return { task: taskOfPayload(value), askedAt: Number.POSITIVE_INFINITY }
}

function taskOfPayload(value: unknown): Task {
  if (isObject(value) && value['maintenance'] === 'doctor') return 'doctor'
  const asked = isObject(value) ? (value['payload'] ?? '') : undefined
  const task = typeof asked === 'string' ? asked.trim() : undefined
  if (task === '' || task === 'full') return 'full'
  if (task === 'failed') return 'failed'
  throw new Error('the payload names no task: it is "full" or "failed"')
}

/** A rule that delivers more than it should must not start a walk for each event. */
function taskOfEvent(event: Readonly<Record<string, unknown>>): Task {
  const { data } = openFields(
    [
      ['data', 'body'],
      ['data', 'body', 'data'],
      ['data', 'body', 'headers'],
    ],
    event,
  )
  const fields = isObject(data) && isObject(data['body']) ? data['body'] : {}
  return [fields['EventType'], fields['eventType'], fields['syncAction']].includes(RANGE_CHANGED) ? 'full' : 'none'
}
