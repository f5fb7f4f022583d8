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
] as const
export type Reading = (typeof READINGS)[number]

/** What a value gets that cannot be read: the column stays as it is, is cleared, or the whole event is a dead letter. */
export const BAD_VALUE_POLICIES = ['keep', 'clear', 'reject'] as const
export type BadValuePolicy = (typeof BAD_VALUE_POLICIES)[number]

/** Slots are kept in one VARBINARY (version.ts). */
export const MAX_SLOTS = 128

/** A definite JSONPath, taken apart: `$.data.list[0]` is ['data', 'list', 0]. */
export type JsonPath = readonly (string | number)[]

export type Constant = string | number | boolean | null

/** Where a value comes from: the event, its time, a constant, or a text put together from the event. */
export type Source =
  | { path: JsonPath }
  | { time: true }
  | { constant: Constant }
  | { template: readonly (string | JsonPath)[] }

export interface KeyColumn {
  name: string
  type: string
  from: readonly JsonPath[]
  /** the name of the variable whose value stands in where the event names none */
  defaultVariable?: string
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
  /** IANA name, for `date` */
  zone: string
  /** opt-in data about a person, erased some time after they left (npm run migrate -- --purge-left) */
  personal: boolean
  /** code points that the column holds, where its type says so */
  maxLength?: number
}

export interface EventRule {
  /** what an event of this kind says beyond the fields it carries */
  set: Readonly<Record<string, Source>>
  /** whether it wins over another event of the same millisecond */
  wins: boolean
}

/**
 * mapping.yaml, checked and taken apart at build time. Plain data, so that a bundle carries it without a YAML parser and
 * nothing is interpreted per event.
 */
export interface Mapping {
  table: string
  action: readonly JsonPath[]
  time: readonly JsonPath[]
  events: Readonly<Record<string, EventRule>>
  /** an event whose value here is neither absent nor 0 reports a failure: it says `set` and nothing else */
  failed?: { path: JsonPath; set: Readonly<Record<string, Source>> }
  /** parts of an event that are about one person alone, where an event may name several: whom, by a key's value */
  parts: readonly { path: JsonPath; about: JsonPath }[]
  key: readonly KeyColumn[]
  columns: readonly Column[]
}
