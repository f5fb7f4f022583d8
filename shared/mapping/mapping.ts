/** How a value of an event becomes a value of a column; each is a file-level function of functions/employees/readValue.ts. */
export const READINGS = ['text', 'booleanText', 'boolean', 'integer', 'date', 'time', 'json', 'departmentMap'] as const
export type Reading = (typeof READINGS)[number]

/** A definite JSONPath, taken apart: `$.data.list[0]` is ['data', 'list', 0]. */
export type JsonPath = readonly (string | number)[]

/** Where a value comes from: a path into the event, or the event's own time. */
export type Source = { path: JsonPath } | { time: true }

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
  from: readonly Source[]
  /** what null or "" does: clear the column, or leave it */
  empty: 'clear' | 'keep'
  /** code points that the column holds, where its type says so */
  maxLength?: number
}

/** A value that an event implies, read as the column's reading reads it; `time` is the event's time. */
export type Implied = { value: string | number | boolean | null } | { time: true }

export interface EventRule {
  set: Readonly<Record<string, Implied>>
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
  key: readonly KeyColumn[]
  columns: readonly Column[]
}
