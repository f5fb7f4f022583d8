import type { Mismatch } from '../store/records'
import type { EventState } from '../store/traceFilter'
import type { EventTrace, TracedDelivery, TracedEvent } from '../store/traces'

/** What the page's server and its script say to each other, in JSON. Times are milliseconds since 1970. */

export interface ListedEvent extends TracedEvent {
  /** what DingTalk calls the event, such as user_add_org */
  action?: string
  /** whom it is about, the first few of them */
  people: ListedPerson[]
  /** how many they are */
  peopleCount: number
  /** the rules that did not match, and why */
  mismatches: Mismatch[]
  deliveries: Delivery[]
}

export interface ListedPerson {
  userId: string
  /** masked, as in a list everything is */
  name?: string
}

/** With each of its attempts. */
export type Delivery = Omit<TracedDelivery, 'attempts' | 'error'>

/** `GET /trace/events?…`: the newest first */
export interface EventList {
  events: ListedEvent[]
  /** how many events the filter finds, whatever their state */
  counts: Partial<Record<EventState, number>>
  /** how many it finds */
  total: number
  /** the newest of all events: what comes later is not part of what was shown */
  through: number
  /** there are older ones, before this */
  older?: number
}

/** `GET /trace/events/<seq>` */
export interface EventDetail extends ListedEvent {
  traceId: string
  deadLetters: EventTrace['deadLetters']
  /** the event's JSON text, indented */
  event: string
}

/** Of `GET /trace/events/<seq>/rows` one for each table that knows the event; the list is empty when it names nobody. */
export interface TableRows {
  table: string
  rows: TableRow[]
  /** why the function could not store the event, where it said so */
  deadLetter?: string
}

export interface TableRow {
  columns: ShownColumn[]
}

export interface ShownColumn {
  name: string
  /** JSON */
  value: unknown
  /** the time of the event that set it; absent when none has, and for a column that no event sets */
  setAt?: number
  /** whether it is this event that set it */
  setByThis: boolean
}

/** `GET /trace/rules` */
export interface RuleState {
  bus: string
  rule: string
  enabled: boolean
  /** the filter pattern's JSON text */
  pattern: string
  targets: { id: string; blocked: boolean }[]
}

/** `POST /trace/rules`; answered with the rules as they are then. */
export interface RuleCommand {
  bus: string
  rule: string
  do: 'enable' | 'disable' | 'unblock'
}

/** `POST /trace/replay`: some events, or all that a filter (a query) finds among those that were there. */
export type ReplayCommand = { seqs: number[] } | { filter: string; through: number }
export interface Replayed {
  replayed: number
}

/** `POST /trace/people`: who has this user id or this name. No GET, since a name is nothing for an address. */
export interface PeopleCommand {
  named: string
}
export interface FoundPeople {
  userIds: string[]
}

/** `POST /trace/send` */
export interface SendCommand {
  action: string
  name: string
  /** a new one without it */
  userId?: string | undefined
}
export interface Sent {
  /** of the webhook's answer */
  status: number
  userId: string
  eventId?: string
  /** what the webhook said, when it refused */
  message?: string
}

/** `GET <directoryUrl>/excerpt`: of a loopback DingTalk, those whom a change may be about, a part of them where they are many */
export interface DirectoryExcerpt {
  people: { userid: string; name: string }[]
  departments: { id: string; name: string }[]
  /** how many there are of each */
  totals: { people: number; departments: number }
  /** the share of the callbacks that is lost */
  callbacksLost: number
}

/** `POST <directoryUrl>/hire`, `rename`, `move`, `dismiss` */
export interface DirectoryChange {
  userid?: string
  name?: string
  departments?: string[]
}
export interface DirectoryChanged {
  userid: string
  /** the callbacks that tell of it */
  events: string[]
}

/** What everything that fails is answered with. */
export interface Failure {
  code: string
  message: string
}
