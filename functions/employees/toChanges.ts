import type { SqlValue } from '../../shared/database'
import { contentOf, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import { isObject } from '../../shared/json'
import { readJsonPath, withJsonPath } from '../../shared/jsonPath'
import type { Column, EventRule, JsonPath, Mapping, Part, Source } from '../../shared/mapping/mapping'
import { type Defaults, openFields, parsedText, readId, readKeys } from '../../shared/mapping/readKeys'
import { firstOf, own, ruleOf } from '../../shared/mapping/ruleOf'
import { MAX_TIME_MS, RANKS, versionOf } from '../../shared/mapping/version'
import { BAD, readTime, readValue } from './readValue'

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

type Fields = Readonly<Record<string, unknown>>

/** 1973: before it there is no event, but what a sender writes who knows no time, and times that look like seconds. */
const EARLIEST_MS = 100_000_000_000

/** A sender's clock may be ahead by so much; more would let one event keep a column from every later one. */
const MAX_AHEAD_MS = 5 * 60_000

/**
 * What an event says about a table's rows: one change a key it names; nothing at all when it is not of this table.
 * @param now milliseconds: no event counts as later
 */
export function toChanges(received: ReceivedEvent, mapping: Mapping, defaults: Defaults, now: number): Reading {
  const { id: eventId } = received
  const event = openFields(mapping.fields, received.event)
  const rule = ruleOf(mapping, event)
  if (rule === undefined) return { changes: [], faults: [] }
  const failed = failureIn(mapping, event)
  const { keys, faults } = readKeys(mapping.key, event, defaults)
  // a failure that does not even say whom it is about is no business of the table's
  if (failed !== undefined && keys.length === 0) return { changes: [], faults: [] }

  const time = timeOf(mapping, event, now)
  const rank = rule.ends !== undefined ? RANKS.ends : rule.wins ? RANKS.wins : 0
  const sequence = sequenceOf(mapping, event)
  const version = versionOf({ time, sequence, rank, eventId, content: contentOf(received) })
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
    const rejected = mapping.columns.find(({ name, bad }) => bad === 'reject' && unreadable.includes(name))
    if (rejected !== undefined) faults.push(`the value for ${rejected.name} cannot be read as ${rejected.as}`)
    else changes.push({ key, values: takeBack(values, mapping, rule), version, event: received, unreadable })
  }
  return { changes, faults }
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
    const part = change && readJsonPath(path, event)
    if (part === undefined) continue
    const [before, after] = [readJsonPath(change?.before ?? [], part), readJsonPath(change?.after ?? [], part)]
    if (!isObject(before) || !isObject(after)) continue
    for (const name of Object.keys(before)) {
      if (!Object.hasOwn(after, name)) removed.add(JSON.stringify([...path, ...(change?.after ?? []), name]))
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

/** When it happened: never later than when it arrived, and that never later than now, but for what clocks differ. */
export function timeOf(mapping: Mapping, event: Fields, now: number): number {
  const arrival = readTime(event['time']) ?? readTime(event['aliyunpublishtime']) ?? now
  const arrived = arrival > now + MAX_AHEAD_MS ? now : arrival
  const time = firstTime(mapping.time, event)
  if (time === undefined) return arrived
  return Math.min(time > arrived + MAX_AHEAD_MS ? arrived : time, MAX_TIME_MS)
}

/** When an event says that it happened, in its fields, and not by when it was published. */
export function saidTime({ fields: [first = []], time }: Mapping, event: Fields): number | undefined {
  const own = time.filter((path) => path.length > first.length && first.every((step, at) => path[at] === step))
  return firstTime(own, event)
}

function firstTime(paths: readonly JsonPath[], event: Fields): number | undefined {
  return paths
    .map((path) => readTime(readJsonPath(path, event)))
    .find((time) => time !== undefined && time >= EARLIEST_MS)
}

/** 0 where the event does not say. */
function sequenceOf({ sequence }: Mapping, event: Fields): bigint {
  const value = firstOf(sequence, event)
  // an object's own `toString` could throw
  const text = typeof value === 'object' ? '' : String(value).trim()
  return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
}

interface Context {
  event: Fields
  time: number
  /** see removedFields */
  removed: ReadonlySet<string>
}

/** @returns undefined when the event says nothing about the column */
export function columnValue(column: Column, sources: readonly Source[], context: Context) {
  const raw = firstSource(sources, context)
  if (raw === undefined) return undefined
  if (raw === null || raw === '') return column.empty === 'keep' ? undefined : null
  return readValue(column, raw)
}

/** The first source that yields a value; null where they yield but emptiness. */
function firstSource(sources: readonly Source[], context: Context): unknown {
  let empty: null | undefined
  for (const source of sources) {
    const value = sourceValue(source, context)
    if (value === null || value === '') empty = null
    else if (value !== undefined) return value
  }
  return empty
}

function sourceValue(source: Source, { event, time, removed }: Context): unknown {
  if ('path' in source) {
    const value = readJsonPath(source.path, event)
    return value === undefined && removed.size > 0 && removed.has(JSON.stringify(source.path)) ? null : value
  }
  if ('time' in source) return time
  if ('constant' in source) return source.constant
  const parts = source.template.map((part) => (typeof part === 'string' ? part : readJsonPath(part, event)))
  const isWhole = parts.every((part) => ['string', 'number', 'bigint'].includes(typeof part))
  return isWhole ? parts.join('') : undefined
}
