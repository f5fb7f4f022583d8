import { createHash } from 'node:crypto'
import type { Fields } from '../../shared/dingtalk/directory/directory'
import type { Tools } from '../../shared/dingtalk/directory/instance'
import { setAside } from '../../shared/eventbridge/publisher'
import { isObject, stringifyLossless } from '../../shared/json'
import type { LogFields, Logger } from '../../shared/logging'
import { parsedText } from '../../shared/mapping/readKeys'

/** 200 entries each. Every call counts in the month's quota. */
const MAX_PAGES = 50

/** What was done with the events that DingTalk could not deliver. */
export type FailedSummary = LogFields & {
  outcome: 'failed_pushes'
  pages: number
  events: number
  unreadable: number
  published: number
}

/**
 * Publishes the events that DingTalk tried to deliver three times in vain, as the events they were. What a page holds is
 * published before the next is asked for: by then DingTalk has forgotten it.
 */
export async function publishFailedPushes(
  { directory, events, publisher }: Tools,
  log: Logger,
): Promise<FailedSummary> {
  const summary = { pages: 0, events: 0, unreadable: 0 }
  for (let hasMore = true; hasMore && summary.pages < MAX_PAGES; summary.pages++) {
    const page = await directory.failedPushes()
    const read = page.entries.map(readFailedPush)
    const natives = read.filter((event) => event !== undefined)
    await publisher.add(natives.map((event) => events.native(event, idOf(event))))
    await publisher.flush()
    summary.events += natives.length
    summary.unreadable += read.length - natives.length
    hasMore = page.hasMore && page.entries.length > 0
  }
  const refused = setAside(publisher)
  if (refused !== undefined) log.error(refused)
  return { outcome: 'failed_pushes', ...summary, published: publisher.published() }
}

/** What an entry says beside the event itself. */
const TAGS = ['call_back_tag', 'callBackTag']
const TIMES = ['event_time', 'eventTime']
const CORPORATIONS = ['corpid', 'corpId', 'CorpId', 'corp_id']
const USERS = ['userid', 'userids', 'UserId']
const DEPARTMENTS = ['deptid', 'dept_id', 'DeptId']

/** What holds the fields, under the event's name or in its place. */
const HOLDER = /^(\w*call_?back_?data|role_?label_?change)$/i

/**
 * The event of an entry. Its fields are under the event's name, under `callbackData`, `bpmsCallBackData` or
 * `roleLabelChange`, or under one of these within the other, as an object or as the JSON text of one, or beside the name;
 * the ids have other names than in a push.
 * Example: `{"user_add_org":{"userid":["0147"],"corpid":"ding1"},"call_back_tag":"user_add_org","event_time":1606126433000}`
 * https://open.dingtalk.com/document/development/obtain-the-event-list-of-failed-push-messages
 * @returns undefined for an entry that names no event
 */
export function readFailedPush(entry: Fields): Fields | undefined {
  const tag = firstOf(entry, TAGS)
  const fields = opened(without(entry, [...TAGS, ...TIMES]), tag)
  const eventType = fields['EventType'] || tag
  if (typeof eventType !== 'string' || eventType === '') return undefined
  const named = {
    EventType: eventType,
    EventTime: fields['EventTime'] ?? firstOf(entry, TIMES),
    CorpId: firstOf(fields, CORPORATIONS),
    userId: fields['userId'] ?? firstOf(fields, USERS),
    deptId: fields['deptId'] ?? firstOf(fields, DEPARTMENTS),
  }
  return { ...without(fields, [...CORPORATIONS, ...USERS, ...DEPARTMENTS]), ...named }
}

/** The fields with those that are held within: what is further in is the event's own word. */
function opened(fields: Fields, tag: unknown): Fields {
  const own: Record<string, unknown> = {}
  let inner: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    const held = name === tag || HOLDER.test(name) ? parsedText(value) : undefined
    if (isObject(held)) inner = { ...inner, ...opened(held, tag) }
    else own[name] = value
  }
  return { ...own, ...inner }
}

function firstOf(fields: Fields, names: readonly string[]): unknown {
  return names.map((name) => fields[name]).find((value) => value !== undefined && value !== null && value !== '')
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

/** The event's own id, so that it is one event with the push that did arrive; else one by its content. */
function idOf(event: Fields): string {
  const own = event['eventId']
  if (typeof own === 'string' && own !== '') return own
  return `failed-${createHash('sha256').update(stringifyLossless(event)).digest('hex')}`
}
