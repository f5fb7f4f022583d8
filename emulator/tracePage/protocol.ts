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
  /** the filter pattern's JSON text, indented */
  pattern: string
  targets: { id: string; endpoint: string; blocked: boolean }[]
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

/** `POST /trace/map`: what would this event do? Nothing is sent, and nothing kept. */
export interface MapCommand {
  /** what somebody has of an event */
  text: string
}

/** What the text was taken for: see readInput.ts of `npm run map`. */
export type MappedForm = 'posted' | 'push' | 'stream' | 'callback' | 'cloudevent' | 'lines'

/** What an event would do, as the functions and the rules have it. Its sentences are the server's: serverWords.ts. */
export interface Mapped {
  form?: MappedForm
  /** why no event is made of the text; line and column from 1 on */
  fault?: { line: number; column: number; message: string }
  /** what else is to be known: that a part is not published, say */
  notes: string[]
  /** the fields that DROP_FIELDS has the webhook remove */
  dropped: string[]
  events: MappedEvent[]
}

/** @param rules as they are now */
export type MapEvent = (text: string, rules: readonly RuleState[]) => Mapped

export interface MappedEvent {
  id: string
  type: string
  time?: string
  /** with `why` it does not match */
  rules: { rule: string; why?: string }[]
  /** whether one of these brings it to the employees function */
  isBrought: boolean
  tables: MappedTable[]
}

export interface MappedTable {
  table: string
  /** why it does not take the event: then there is nothing else */
  why?: string
  /** why the event, or a part of it, would be a dead letter of this table */
  faults: string[]
  rows: MappedRow[]
}

export interface MappedRow {
  key: { name: string; value: string }[]
  /** of a roster: the row of each in this range of the last key column who is not among so many */
  absent?: { after: string; upTo?: string; ids: number }
  version: { time: number; stage: number; sequence: string; timeIs: 'said' | 'arrival' | 'ahead' }
  /** in the order of mapping.yaml */
  columns: MappedColumn[]
}

export interface MappedColumn {
  name: string
  /** JSON; null clears the column; absent where it stays as it is */
  value?: unknown
  /** where the value is from: a path, or which other word of mapping.yaml */
  from?: string
  /** why there is no value, or not the event's */
  why?: string
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

/** `GET <robotUrl>/messages`: what the double of a group robot said, the newest last */
export interface RobotMessages {
  messages: RobotMessage[]
  /** until when it takes none, where too many came */
  blockedUntil?: number
}
export interface RobotMessage {
  /** 1 for the first of all */
  number: number
  at: number
  /** as it was sent: msgtype, and the fields of that type */
  message: Readonly<Record<string, unknown>>
}

/** What everything that fails is answered with. */
export interface Failure {
  code: string
  message: string
}
