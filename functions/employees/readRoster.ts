import type { SqlValue } from '../../shared/database'
import { contentOf, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import { isObject } from '../../shared/json'
import type { JsonPath, KeyColumn, Mapping, RosterRule } from '../../shared/mapping/mapping'
import {
  type Defaults,
  misfit,
  openFields,
  parsedText,
  readField,
  readId,
  readKeys,
} from '../../shared/mapping/readKeys'
import { firstOf } from '../../shared/mapping/ruleOf'
import { BAD } from './readValue'
import { saidTime, timeOf } from './timeOf'
import { columnValue, failureIn, sourcesOf } from './toChanges'

/** The complete list of a range of keys, of when it was begun. */
export interface Roster {
  event: ReceivedEvent
  time: number
  content: string
  /** the values of all key columns but the last */
  prefix: readonly string[]
  /** (after, upTo] of the last one, in byte order */
  after: string
  /** undefined: to the end */
  upTo: string | undefined
  ids: ReadonlySet<string>
  /** what it says of those whom it does not name, in the order of the mapping's columns */
  values: readonly (SqlValue | undefined)[]
  /** how many an operator has let through, beside the limit */
  allowed: number
}

/** undefined for what is no roster of this table; or why it can never be one: no id is quoted */
export type RosterReading = Roster | { faults: string[] } | undefined

/** An attribute of the CloudEvent, beside `type`: nothing that a sender's body holds gets there. */
export const ALLOWED = 'allowleavers'

/** @param now milliseconds: no roster counts as later */
export function readRoster(
  received: ReceivedEvent,
  mapping: Mapping,
  defaults: Defaults,
  now: number,
  allowed = 0,
): RosterReading {
  const { roster } = mapping
  if (roster === undefined || received.event['type'] !== roster.type) return undefined
  const event = openFields(mapping.fields, received.event, mapping.spellings)
  if (firstOf(mapping.action, event) !== roster.action || failureIn(mapping, event)) return undefined
  const rule = mapping.events[roster.absent]
  const id = mapping.key.at(-1)
  if (rule === undefined || id === undefined) return undefined

  const { keys, faults } = readKeys(mapping.key.slice(0, -1), event, defaults)
  const [prefix = [], ...others] = keys
  if (others.length > 0) faults.push('the roster is of several keys')
  const range = readRange(roster, id, event, faults)
  if (saidTime(mapping, event) === undefined) faults.push('the roster does not say of when it is')
  if (range === undefined || faults.length > 0) return { faults }

  const time = timeOf(mapping, event, now)
  const values = mapping.columns.map((column) => {
    const value = columnValue(column, sourcesOf(column, rule), { event, time, removed: new Set() })
    return value === BAD ? undefined : value
  })
  return {
    event: received,
    time,
    content: contentOf(received),
    prefix,
    ...range,
    values,
    allowed: Math.max(allowed, allowedBy(received)),
  }
}

/** Whether an event is a roster, by what its sender cannot choose. */
export function isRoster({ roster }: Mapping, event: unknown): boolean {
  return roster !== undefined && isObject(event) && event['type'] === roster.type
}

function allowedBy({ event }: ReceivedEvent): number {
  const text = String(typeof event[ALLOWED] === 'object' ? '' : event[ALLOWED])
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

/** Half a roster would say of the other half that they have left: what cannot be read refuses all of it. */
function readRange(roster: RosterRule, column: KeyColumn, event: unknown, faults: string[]) {
  const ids = listAt(roster.ids, event)?.map(readId)
  if (ids === undefined || ids.includes(undefined)) faults.push('the roster has no list of ids that can be read')
  const after = valueAt(roster.after, event) === '' ? '' : bound(roster.after)
  const upTo = valueAt(roster.upTo, event) === null ? undefined : bound(roster.upTo)
  if (ids === undefined || after === undefined) return undefined
  return { ids: new Set(ids.filter((one) => one !== undefined)), after, upTo }

  function bound(paths: readonly JsonPath[]): string | undefined {
    const id = readId(valueAt(paths, event))
    const fault = id === undefined ? 'a bound that cannot be read' : misfit(column, id)
    if (fault !== undefined) faults.push(`the roster's range: ${fault}`)
    return id
  }
}

function listAt(paths: readonly JsonPath[], event: unknown): unknown[] | undefined {
  const list = parsedText(valueAt(paths, event))
  return Array.isArray(list) ? list : undefined
}

/** The first that is there, be it "" or null. */
function valueAt(paths: readonly JsonPath[], event: unknown): unknown {
  return paths.map((path) => readField(path, event)).find((value) => value !== undefined)
}
