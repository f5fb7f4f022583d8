import type { LeaverLimit } from './leaverLimit'

/** How a value of an event becomes a value of a column: a case each in functions/employees/readValue.ts. */
export const READINGS = [
  'text',
  'name',
  'booleanText',
  'boolean',
  'integer',
  'decimal',
  'date',
  'time',
  'json',
  'departmentMap',
  'firstInteger',
] as const
export type Reading = (typeof READINGS)[number]

/** What a value gets that cannot be read: the column stays as it is, is cleared, or the whole event is a dead letter. */
export const BAD_VALUE_POLICIES = ['keep', 'clear', 'reject'] as const
export type BadValuePolicy = (typeof BAD_VALUE_POLICIES)[number]

/** Slots are kept in one VARBINARY (version.ts). */
export const MAX_SLOTS = 128

/** A definite JSONPath, taken apart: `$.data.list[0]` is ['data', 'list', 0]. */
export type JsonPath = readonly (string | number)[]

/** Where an event has the item of its list that is read, and a path to one begins: no attribute is called so. */
export const ITEM = '@'

/** Stages have 4 bits of a version. */
export const MAX_STAGE = 15

export type Constant = string | number | boolean | null

/** Where a value comes from: the event, its time, a constant, or a text put together from the event. */
export type Source =
  | { path: JsonPath }
  | { time: true }
  | { constant: Constant }
  | { template: readonly (string | JsonPath)[] }

/** Where in the event a source looks. */
export function pathsOf(source: Source): JsonPath[] {
  if ('path' in source) return [source.path]
  return 'template' in source ? source.template.filter((part) => typeof part !== 'string') : []
}

export interface KeyColumn {
  name: string
  type: string
  from: readonly JsonPath[]
  /** the name of the variable whose value stands in where the event names none */
  defaultVariable?: string
  maxLength?: number
  isAscii?: boolean
}

export interface Column {
  name: string
  type: string
  slot: number
  as: Reading
  /** of several the first that yields a value counts */
  from: readonly Source[]
  /** what null or "" does: clear the column, or leave it */
  empty: 'clear' | 'keep'
  bad: BadValuePolicy
  /** IANA name, for `date`, and for a `time` that names no zone of its own */
  zone: string
  /** of a text what is behind the last of these */
  after?: string
  /** what stands for a value, by its text; any other stays */
  values?: Readonly<Record<string, Constant>>
  /** opt-in data about a person, erased some time after they left (npm run migrate -- --purge-left) */
  personal: boolean
  /** code points that the column holds, where its type says so */
  maxLength?: number
  /** whether it holds ASCII alone */
  isAscii?: boolean
}

export interface EventRule {
  /** of the CloudEvent, which the body has no say in; any without it */
  type?: string
  /** what an event of this kind says beyond the fields it carries */
  set: Readonly<Record<string, Source>>
  /** whether it wins over another event of the same time */
  wins: boolean
  /** what one of a higher stage has set none of a lower one replaces, whatever their times; 0 without it */
  stage?: number
  /** the column that says since when what the row is about has ended; what else the event sets holds only while it does */
  ends?: string
  /** the column, of those that another event ends, which this one clears, unless it reports a failure */
  clears?: string
}

/** A complete list of a range of keys: who is in the range, and not in the list, has ended. */
export interface RosterRule {
  /** of the CloudEvent: a body alone makes no roster */
  type: string
  action: string
  /** the event whose rule the absent ones follow; it `ends` something */
  absent: string
  /** the range of the last key column, (after, upTo] in byte order; "" begins it at the first, null ends it at the last */
  after: readonly JsonPath[]
  upTo: readonly JsonPath[]
  ids: readonly JsonPath[]
  /** in place of MAX_LEAVERS */
  limit?: LeaverLimit
}

/** A part of an event that is about one person alone, where the event may name several: whom, by a key's value. */
export interface Part {
  /** one such part, or a list of them */
  path: JsonPath
  /** within it, by the spellings there are */
  about: readonly JsonPath[]
  /** where it says what was before and what is now: a field that was, and is not, was removed */
  change?: { before: JsonPath; after: JsonPath }
}

/**
 * A table of mapping.yaml, checked and taken apart at build time. Plain data, so that a bundle carries it without a YAML parser and
 * nothing is interpreted per event.
 */
export interface Mapping {
  table: string
  /** where an event has its fields, perhaps as JSON text: openFields() gathers them in the first of these places */
  fields: readonly JsonPath[]
  /** the names of fields with their first letter in the other case, and how the paths here spell them */
  spellings: Readonly<Record<string, string>>
  action: readonly JsonPath[]
  /** where an event says more of what happened: `events` names it `action/subtype` */
  subtype: readonly JsonPath[]
  time: readonly JsonPath[]
  /** of what `time` names and is without a zone of its own */
  zone: string
  /** a number that grows with each change, and tells the order of two of one time */
  sequence: readonly JsonPath[]
  events: Readonly<Record<string, EventRule>>
  /** a list of which each item is read as an event of its own; a path into it begins with ITEM */
  each?: readonly JsonPath[]
  /** an event whose value here is neither absent nor 0 reports a failure: its fields say nothing, its action and `set` do */
  failed?: { paths: readonly JsonPath[]; set: Readonly<Record<string, Source>> }
  roster?: RosterRule
  parts: readonly Part[]
  key: readonly KeyColumn[]
  columns: readonly Column[]
  /**
   * The columns that an event which `ends` something sets, by their places: where the column `since` is clear again, what
   * the ending event set is withdrawn.
   */
  ended: readonly { column: number; since: number; to: readonly Source[] }[]
}
