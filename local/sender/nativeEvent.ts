import { randomUUID } from 'node:crypto'
import type { EventKind } from './events'
import type { Person } from './person'

/** What a push is about, and when. */
export interface Occasion {
  /** whom an event about employees names; one push may name several */
  people: readonly Person[]
  corpId: string
  /** milliseconds since 1970 */
  now: number
}

/** Invented, as DingTalk numbers them. */
const [DEPARTMENT, ROLE] = [432_825_033, 1_688_607_309]

/** The event that DingTalk's subscription pushes, before encryption: ids and hardly any fields. */
export function nativeEvent(kind: EventKind, occasion: Occasion): Record<string, unknown> {
  if (kind.about === 'url') return urlCheck(kind.name)
  const { corpId, now } = occasion
  const head = { EventType: kind.name, EventTime: now, CorpId: corpId, BizId: String(now), eventId: newEventId() }
  return { ...head, ...details(kind, occasion) }
}

/** The same as Stream brings it. */
export function streamEvent(kind: EventKind, occasion: Occasion): Record<string, unknown> {
  return {
    eventUnifiedAppId: 'bbb381b6-0000-4000-8000-000000000000',
    eventCorpId: occasion.corpId,
    eventType: kind.name,
    eventId: newEventId(),
    eventBornTime: occasion.now,
    data: details(kind, occasion),
  }
}

/** The same in its old spelling, which has no event id, and which does not say what was modified. */
export function oldNativeEvent({ name, about }: EventKind, { people, corpId, now }: Occasion): Record<string, unknown> {
  const ids = people.map(({ userId }) => userId)
  return {
    EventType: name,
    TimeStamp: String(now),
    CorpId: corpId,
    ...(about === 'employee' && { UserId: ids }),
    ...(about === 'role of an employee' && { UserIdList: ids, LabelIdList: [ROLE], action: 'add' }),
    ...(about === 'department' && { DeptId: [DEPARTMENT] }),
    ...(about === 'role' && { LabelIdList: [ROLE] }),
  }
}

function details({ name, about }: EventKind, { people, now }: Occasion): Record<string, unknown> {
  const ids = people.map(({ userId }) => userId)
  return {
    // the one event whose page shows none
    ...(name !== 'user_active_org' && { timeStamp: String(now) }),
    ...(about === 'employee' && { userId: ids }),
    ...(name === 'user_modify_org' && { diffInfo: diffInfoOf(people) }),
    ...(about === 'role of an employee' && { userIdList: ids, labelIdList: [ROLE], action: 'add' }),
    ...(about === 'department' && { deptId: [DEPARTMENT] }),
    ...(about === 'role' && { labelIdList: [ROLE] }),
    ...(name === 'label_conf_add' && { scope: '1' }),
  }
}

/** It is about one employee, whom a push with several names too. */
function diffInfoOf([person]: readonly Person[]) {
  return { prev: { name: '曾用名' }, curr: { name: person?.name }, userid: person?.userId }
}

function urlCheck(name: string): Record<string, unknown> {
  if (name === 'check_url') return { EventType: name }
  return { EventType: name, Random: randomUUID().slice(0, 8), TestSuiteKey: 'suite4xxxxxxxxxxxxxxx' }
}

/** As DingTalk makes them: a UUID without its hyphens. */
export function newEventId(): string {
  return randomUUID().replaceAll('-', '')
}
