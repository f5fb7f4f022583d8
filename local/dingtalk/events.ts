import { chinaTime } from '../../shared/chinaTime'
import { stringifyLossless } from '../../shared/json'
import { newEventId } from '../sender/nativeEvent'
import type { Person } from './organisation'

/** What DingTalk pushes, before encryption. */
export interface PushedEvent {
  eventType: string
  eventTime: number
  /** its JSON text */
  json: string
}

/** Of the app, as events name it. */
export const UNIFIED_APP_ID = 'bbb381b6-0000-4000-8000-000000000000'

/** What an event tells of whom or what it is about. */
export type Details = Readonly<Record<string, unknown>>

/** An event as DingTalk's subscription pushes it: ids, and hardly any fields. */
export function pushedEvent(eventType: string, corpId: string, now: number, details: Details): PushedEvent {
  const head = { EventType: eventType, EventTime: now, CorpId: corpId, BizId: String(now), eventId: newEventId() }
  // the events of a person have one, but for the one whose page shows none
  const isTimed = /^(user|org_admin)_/.test(eventType) && eventType !== 'user_active_org'
  const timeStamp = isTimed && { timeStamp: String(now) }
  return { eventType, eventTime: now, json: stringifyLossless({ ...head, ...timeStamp, ...details }) }
}

export function aboutUsers(userIds: readonly string[]): Details {
  return { userId: userIds }
}

export function aboutDepartment(deptId: string): Details {
  return { deptId: [BigInt(deptId)] }
}

/** What a change of somebody's fields says: only these, and of departments nothing. */
export function aboutChange(before: Person, after: Person): Details {
  const { userid } = after
  return { diffInfo: { prev: shownFields(before), curr: shownFields(after), userid }, userId: [userid] }
}

function shownFields(person: Person): Record<string, unknown> {
  const { managerId, hiredAt, name, telephone, email, jobNumber, workPlace, remark } = person
  return {
    managerUserid: managerId,
    hiredDate: hiredAt === undefined ? undefined : chinaTime(hiredAt).slice(0, 10),
    name,
    telephone,
    email,
    jobNumber,
    workPlace,
    remark,
    extFields: '{}',
  }
}

/** A role that somebody has got or lost. Natively roles are labels. */
export function aboutRole(userId: string, roleId: string, action: 'add' | 'remove'): Details {
  return { userIdList: [userId], action, labelIdList: [BigInt(roleId)] }
}

/** The range of the app was changed. */
export function aboutRange(departments: readonly string[], users: readonly string[]): Details {
  return {
    roleIds: [],
    userIds: users,
    operatorUnionId: '',
    deptIds: departments.map(BigInt),
    unifiedAppId: UNIFIED_APP_ID,
  }
}
