import { isLosslessObject, parseLossless, stringifyLossless } from '../../shared/json'

/**
 * What is shown of an event's data, of an answer and of a row; everything else is masked. Nobody knows what the next
 * connector sends, so a new field is masked until it is listed here.
 *
 * A user id is listed, although it stands for a person: without it nobody can tell whom an event is about, nor find the
 * row. It is a number of the company's own, and means nothing outside.
 */
const SHOWN = new Set(
  [
    // what happened, and when
    ...['syncAction', 'EventType', 'action', 'biz_type', 'errcode', 'httpMethod', 'content-type'],
    ...['eventSubType', 'changeScene', 'changeType', 'type', 'result', 'status'],
    ...['EventTime', 'timeStamp', 'eventBornTime', 'gmt_create', 'gmt_modified'],
    ...['createTime', 'finishTime', 'finshTime'],
    // to whom: identifiers of events, companies, departments, roles and users
    ...['eventId', 'BizId', 'biz_id', 'CorpId', 'corp_id', 'eventCorpId', 'userId', 'userIdList'],
    ...['department', 'deptId', 'dept_id', 'dept_id_list', 'parentId', 'parent_id', 'labelIdList', 'roleId', 'role_id'],
    // and of approvals, rooms, bookings and meetings; of them, too, a user's
    ...['staffId', 'originatorUserId', 'processInstanceId', 'processCode', 'businessId', 'taskId'],
    ...['roomId', 'bookId', 'conferenceId', 'calendarEventId'],
    // of the employees function's summary
    ...['received', 'stored', 'ignored', 'deadLettered', 'badValues'],
    // of a row
    ...['lastAction', 'lastEventId', 'lastEventTime', 'syncState'],
    ...['joinedAt', 'leftAt', 'removedAt', 'createdAt', 'updatedAt'],
    ...['startedAt', 'finishedAt', 'startsAt', 'endsAt', 'bookedAt', 'endedAt', 'changedAt', 'grantedAt', 'revokedAt'],
  ].map((name) => name.toLowerCase()),
)

/** CloudEvents' attributes and the service's, by which events are routed; any other may be a person's. */
const ATTRIBUTES =
  /^(id|source|type|subject|specversion|datacontenttype|dataschema|time|traceparent|tracestate|emulatorbuses|aliyun[a-z]+)$/

const MASK = '***'
/** Words that say no more than yes, no or nothing; a column may hold them as text or as a number. */
const PLAIN = new Set(['', 'true', 'false', '0', '1'])

/**
 * @param json a CloudEvent's JSON text
 * @returns the event, of lossless-json
 */
export function maskEvent(json: string): unknown {
  const event = parseLossless(json)
  if (!isLosslessObject(event)) return MASK
  const shown = Object.entries(event).map(([name, value]) => [name, ATTRIBUTES.test(name) ? value : mask(value, name)])
  return Object.fromEntries(shown)
}

/** @param fields of a row, by their names */
export function maskFields(fields: unknown): unknown {
  return mask(fields, '')
}

/** @param answer a target's, which may be JSON or any text */
export function maskAnswer(answer: string): string {
  // what a target over HTTP is told by, of which a failure's error has the same
  if (/^HTTP \d{3}$/.test(answer)) return answer
  let parsed: unknown
  try {
    parsed = parseLossless(answer)
  } catch {
    return MASK
  }
  return stringifyLossless(maskFields(parsed))
}

function mask(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item, name))
  if (isLosslessObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [maskKey(key), mask(item, key)]))
  }
  if (value === null || typeof value === 'boolean' || SHOWN.has(name.toLowerCase())) return value
  const text = String(value)
  if (PLAIN.has(text)) return value
  const [first = ''] = text
  // as a name is masked in China: 小*
  return name === 'name' && text.length > first.length ? `${first}*` : MASK
}

/** A map may have people for its keys; a field's name is a word, and a department's id is short. */
function maskKey(key: string): string {
  return /[^\p{ASCII}]|@|\d{6}/u.test(key) ? MASK : key
}
