import { randomUUID } from 'node:crypto'
import { compileFields } from '../../dropFields/fieldNames'
import { cutFields } from '../../dropFields/findCuts'
import {
  type EventSource,
  HTTP_EVENT,
  type OutgoingEvent,
  validId,
  writeCloudEvent,
} from '../../eventbridge/cloudEvent'
import { stringifyLossless } from '../../json'
import type { Fields } from './directory'

/**
 * The types of what is read in DingTalk's directory. An event may do what its type says: the webhook gives all that it takes
 * in another one, so nobody who posts there can send any of these.
 */
export const SNAPSHOT = 'dingtalk:Directory:Snapshot'
export const ROSTER = 'dingtalk:Directory:Roster'
/** Of an event that named more than there was time for: those that are left. Of no table, which have the event itself. */
export const REST = 'dingtalk:Directory:Rest'

/** Whom or what an event is about, and the names that events have for it. */
export const KINDS = {
  user: { id: 'userId', snapshot: 'user_snapshot', roster: 'user_roster', gone: 'user_leave_org' },
  department: { id: 'deptId', snapshot: 'dept_snapshot', roster: 'dept_roster', gone: 'org_dept_remove' },
} as const

export type Kind = keyof typeof KINDS

/** A part of all ids: those after the one, up to and with the other; `upTo` is null where there is no end. */
export interface Range {
  after: string
  upTo: string | null
  ids: readonly string[]
}

export interface DirectoryEvents {
  /**
   * What the API tells of somebody or of a department, as of this time.
   * @param askedFor the event because of which it was asked, by which a rule can tell it from those of a walk
   */
  snapshot(kind: Kind, id: string, fields: Fields, time: number, askedFor?: string): OutgoingEvent
  /** that somebody has left, or a department is no more, as a callback would say it */
  gone(kind: Kind, id: string, time: number): OutgoingEvent
  roster(kind: Kind, range: Range, time: number): OutgoingEvent
  /** an event of DingTalk's own, as the webhook would have published it: now, or when it came, for one that says no time */
  native(event: Fields, id: string, time?: number): OutgoingEvent
  /** what such an event names that nobody has asked about yet */
  rest(event: Fields, id: string, time?: number): OutgoingEvent
}

/**
 * Writes the events that are made of DingTalk's answers.
 * @param dropFields names of fields that leave them, and text that holds them
 */
export function createDirectoryEvents(
  source: EventSource,
  corpId: string,
  dropFields: readonly string[],
  now: () => number,
): DirectoryEvents {
  const dropped = compileFields(dropFields)
  const write = (type: string, body: string, id: string = randomUUID(), time = now()) => {
    // the parts of a request, which rules may look for
    const others = type === HTTP_EVENT ? { headers: {}, path: '/', httpMethod: 'POST', queryString: {} } : {}
    const data = `${JSON.stringify({ ...others, body: 0 }).slice(0, -2)}${body}}`
    return writeCloudEvent(source, { id, type, time: new Date(time), data })
  }

  return {
    snapshot(kind, id, fields, time, askedFor) {
      const { id: idName, snapshot } = KINDS[kind]
      const told = { ...fields, syncAction: snapshot, CorpId: corpId, [idName]: id, EventTime: time, askedFor }
      return write(SNAPSHOT, cutFields(stringifyLossless(told), dropped))
    },
    gone(kind, id, time) {
      const { id: idName, gone } = KINDS[kind]
      return write(HTTP_EVENT, JSON.stringify({ syncAction: gone, CorpId: corpId, [idName]: id, EventTime: time }))
    },
    roster(kind, { after, upTo, ids }, time) {
      const syncAction = KINDS[kind].roster
      return write(ROSTER, JSON.stringify({ syncAction, CorpId: corpId, after, upTo, ids, EventTime: time }))
    },
    rest: (event, id, time) => write(REST, cutFields(stringifyLossless(event), dropped), id, time),
    native: (event, id, time) => write(HTTP_EVENT, cutFields(stringifyLossless(event), dropped), validId(id), time),
  }
}
