import type { SqlValue } from '../../shared/database'
import { contentOf, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import { isObject, stringifyLossless } from '../../shared/json'
import { readJsonPath, withJsonPath } from '../../shared/jsonPath'
import { type Column, type EventRule, ITEM, type Mapping, type Part, type Source } from '../../shared/mapping/mapping'
import {
  type Defaults,
  itemsOf,
  openFields,
  parsedText,
  readField,
  readId,
  readKeys,
} from '../../shared/mapping/readKeys'
import { firstOf, own, ruleOf } from '../../shared/mapping/ruleOf'
import { RANKS, versionOf } from '../../shared/mapping/version'
import { BAD, readValue } from './readValue'
import { sequenceOf, timeOf } from './timeOf'

/** What one event says about one row. A column that it says nothing about is undefined. */
export interface Change {
  key: readonly string[]
  /** in the order of the mapping's columns */
  values: readonly (SqlValue | undefined)[]
  version: Buffer
  event: ReceivedEvent
  /** columns whose value could not be read and was left out */
  unreadable: readonly string[]
}

/** What one event says: about some rows, perhaps, and perhaps of others that can never be stored. */
export interface Reading {
  changes: Change[]
  /** why something of the event can never be stored, however often it is delivered: columns are named, no values */
  faults: string[]
}

/** By what a change was read, for whoever explains it: npm run map. */
export interface Evidence extends Context {
  key: readonly string[]
  rule: EventRule
  failed: Mapping['failed']
}

type Fields = Readonly<Record<string, unknown>>

const NOTHING: Reading = { changes: [], faults: [] }
const NO_ITEMS = 'the event has no list of items that can be read'

/**
 * What an event says about a table's rows: one change a key it names; nothing at all when it is not of this table.
 * @param now milliseconds: no event counts as later
 */
export function toChanges(
  received: ReceivedEvent,
  mapping: Mapping,
  defaults: Defaults,
  now: number,
  witness?: (evidence: Evidence) => void,
): Reading {
  const whole = openFields(mapping.fields, received.event, mapping.spellings)
  const rule = ruleOf(mapping, whole)
  if (rule === undefined) return NOTHING
  const content = contentOf(received)
  if (mapping.each === undefined) return readOne(whole, rule, content)
  const items = itemsOf(mapping, whole)
  if (items === undefined) return failureIn(mapping, whole) ? NOTHING : { changes: [], faults: [NO_ITEMS] }
  // two items may be about one row, at one time
  const readings = items.map((item) => readOne(item, rule, content + stringifyLossless(item[ITEM])))
  return { changes: readings.flatMap(({ changes }) => changes), faults: readings.flatMap(({ faults }) => faults) }

  function readOne(event: Fields, rule: EventRule, content: string): Reading {
    const failed = failureIn(mapping, event)
    const { keys, faults } = readKeys(mapping.key, event, defaults)
    // a failure that does not even say whom it is about is no business of the table's
    if (failed !== undefined && keys.length === 0) return NOTHING

    const time = timeOf(mapping, event, now)
    const rank = rule.ends !== undefined ? RANKS.ends : rule.wins ? RANKS.wins : 0
    const { stage = 0 } = rule
    const version = versionOf({
      time,
      stage,
      sequence: sequenceOf(mapping, event),
      rank,
      eventId: received.id,
      content,
    })
    const changes: Change[] = []
    for (const key of keys) {
      const unreadable: string[] = []
      const visible = mapping.parts.reduce((rest, part) => withOwnPart(rest, part, key, keys.length === 1), event)
      const removed = removedFields(mapping, visible)
      const values = mapping.columns.map((column) => {
        const value = columnValue(column, sourcesOf(column, rule, failed), { event: visible, time, removed })
        if (value !== BAD) return value
        unreadable.push(column.name)
        return column.bad === 'clear' ? null : undefined
      })
      witness?.({ key, rule, failed, event: visible, time, removed })
      const rejected = mapping.columns.find(({ name, bad }) => bad === 'reject' && unreadable.includes(name))
      if (rejected !== undefined) faults.push(`the value for ${rejected.name} cannot be read as ${rejected.as}`)
      else changes.push({ key, values: takeBack(values, mapping, rule), version, event: received, unreadable })
    }
    return { changes, faults }
  }
}

/** Where a column has its value from, in an event of this rule. */
export function sourcesOf({ name, from }: Column, rule: EventRule, failed?: Mapping['failed']): readonly Source[] {
  const set = own(rule.set, name) ?? (failed && own(failed.set, name))
  if (set !== undefined) return [set]
  if (failed) return []
  return name === rule.clears ? [{ constant: null }] : from
}

/**
 * An event that says otherwise than the one which ended what the row is about (that somebody who left is active) says that
 * it has not ended.
 */
function takeBack(values: (SqlValue | undefined)[], { columns, ended }: Mapping, rule: EventRule) {
  if (rule.ends !== undefined) return values
  for (const { column, since, to } of ended) {
    const [wanted, value] = [columns[column], values[column] ?? null]
    if (wanted === undefined || value === null || values[since] !== undefined) continue
    const saysSo = to.some((source) => 'constant' in source && readValue(wanted, source.constant) === value)
    if (!saysSo) values[since] = null
  }
  return values
}

/** The event with what this part says of the one with this key, and without what it says of others. */
function withOwnPart(event: Fields, { path, about }: Part, key: readonly string[], isOnlyOne: boolean): Fields {
  const part = readJsonPath(path, event)
  if (part === undefined) return event
  const own = [opened(part)]
    .flat()
    .map(opened)
    .filter((item) => isObject(item) && isAbout(item))
  return withJsonPath(path, event, own.length === 0 ? undefined : own.reduce(joined))

  /** One that names nobody is about the only one that the event names. */
  function isAbout(item: unknown): boolean {
    const person = about.map((spelling) => readId(readJsonPath(spelling, item))).find((id) => id !== undefined)
    return person === undefined ? isOnlyOne : key.includes(person)
  }
}

/** A part with what is JSON text in it as what that stands for. */
function opened(part: unknown): unknown {
  const value = parsedText(part)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, parsedText(field)]))
}

/** Two parts about one person: both hold, and where they say different things the later. */
function joined(one: unknown, other: unknown): unknown {
  if (!isObject(one) || !isObject(other)) return other
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(other, name) ? joined(one[name], other[name]) : one[name]]),
  )
}

/** The paths of fields that a part says were there before and are not any more, as text. */
function removedFields({ parts }: Mapping, event: Fields): ReadonlySet<string> {
  const removed = new Set<string>()
  for (const { path, change } of parts) {
    if (change === undefined) continue
    const part = readJsonPath(path, event)
    const [before, after] = [readJsonPath(change.before, part), readJsonPath(change.after, part)]
    if (!isObject(before) || !isObject(after)) continue
    for (const name of Object.keys(before)) {
      if (!Object.hasOwn(after, name)) removed.add(JSON.stringify([...path, ...change.after, name]))
    }
  }
  return removed
}

/**
 * DingTalk answers `errcode` 50002 in a person's place when they are out of the app's scope: then the fields say nothing,
 * and blank nothing.
 */
export function failureIn({ failed }: Mapping, event: Fields): Mapping['failed'] {
  const code = failed && firstOf(failed.paths, event)
  // an object's own `valueOf` could throw
  const isSuccess = code === undefined || (typeof code !== 'object' && Number(code) === 0)
  return isSuccess ? undefined : failed
}

interface Context {
  event: Fields
  time: number
  /** see removedFields */
  removed: ReadonlySet<string>
}

/** @returns undefined when the event says nothing about the column */
export function columnValue(column: Column, sources: readonly Source[], context: Context) {
  const raw = firstSource(column, sources, context)
  if (raw === undefined) return undefined
  if (raw === null) return column.empty === 'keep' ? undefined : null
  return readValue(column, raw)
}

/** The first source that yields a value; null where they yield but emptiness. */
export function firstSource(column: Column, sources: readonly Source[], context: Context): unknown {
  let empty: null | undefined
  for (const source of sources) {
    const value = sourceValue(column, source, context)
    if (value === null || value === '') empty = null
    else if (value !== undefined) return value
  }
  return empty
}

function sourceValue(column: Column, source: Source, { event, time, removed }: Context): unknown {
  if ('path' in source) {
    const value = readField(source.path, event)
    if (value !== undefined) return translated(column, value)
    return removed.size > 0 && removed.has(JSON.stringify(source.path)) ? null : undefined
  }
  if ('time' in source) return time
  if ('constant' in source) return source.constant
  const parts = source.template.map((part) => (typeof part === 'string' ? part : readField(part, event)))
  const isWhole = parts.every((part) => ['string', 'number', 'bigint'].includes(typeof part))
  return isWhole ? translated(column, parts.join('')) : undefined
}

/** What an event says, as the column has it: the part behind a separator, the word for a code. */
function translated({ after, values }: Column, value: unknown): unknown {
  const rest = after !== undefined && typeof value === 'string' ? (value.split(after).at(-1) ?? '') : value
  if (values === undefined || typeof rest === 'object') return rest
  const word = own(values, String(rest))
  return word === undefined ? rest : word
}
