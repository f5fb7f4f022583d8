import { isObject } from '../../shared/isObject'
import { readJsonPath } from '../../shared/jsonPath'
import type { Column, JsonPath, KeyColumn, Mapping, Source } from '../../shared/mapping/mapping'
import { RANKS, versionOf } from '../../shared/mapping/version'
import { NeverStorable } from './neverStorable'
import type { ReceivedEvent } from './parseCloudEvents'
import { BAD, readTime, readValue, type SqlValue } from './readValue'

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

type Fields = Readonly<Record<string, unknown>>

/** Values for key columns that an event does not name, by the variable's name in mapping.yaml. */
export type Defaults = Readonly<Record<string, string>>

/** DingTalk's own limit for user ids. */
const MAX_KEY_LENGTH = 64

/** A sender's clock may be ahead by so much; more would let one event keep a column from every later one. */
const MAX_AHEAD_MS = 5 * 60_000

/**
 * What an event says about employees: one change a user id it names; none when the event is not of this table.
 * @throws NeverStorable
 */
export function toEmployeeChanges(received: ReceivedEvent, mapping: Mapping, defaults: Defaults): Change[] {
  const { event, id } = received
  const action = firstOf(mapping.action, event)
  const rule = typeof action === 'string' ? own(mapping.events, action) : undefined
  if (rule === undefined) return []
  const hasFailed = reportsFailure(mapping, event)
  const keys = hasFailed ? keysIfNamed(mapping, event, defaults) : keysOf(mapping, event, defaults)

  const time = timeOf(mapping, event)
  const version = versionOf({ time, rank: rule.wins ? RANKS.wins : 0, eventId: id })
  const sourcesOf = (column: Column): readonly Source[] => {
    const set = own(hasFailed ? (mapping.failed?.set ?? {}) : rule.set, column.name)
    if (set !== undefined) return [set]
    return hasFailed ? [] : column.from
  }
  return keys.map((key) => {
    const unreadable: string[] = []
    const visible = mapping.parts.length === 0 ? event : without(event, partsOfOthers(mapping, event, key))
    const values = mapping.columns.map((column) => {
      const value = columnValue(column, sourcesOf(column), visible, time)
      if (value === BAD) unreadable.push(column.name)
      return value === BAD ? undefined : value
    })
    return { key, values, version, event: received, unreadable }
  })
}

/** Parts of the event that are about another employee than this key's. */
function partsOfOthers({ parts }: Mapping, event: Fields, key: readonly string[]): JsonPath[] {
  return parts
    .filter(({ about }) => {
      const person = readJsonPath(about, event)
      return person !== undefined && person !== null && !key.includes(String(person))
    })
    .map(({ path }) => path)
}

/** A copy without what is at these paths; only the objects on the way are copied. */
function without(fields: Fields, paths: readonly JsonPath[]): Fields {
  return paths.reduce<Fields>((rest, [step, ...further]) => {
    const { [String(step)]: inner, ...others } = rest
    return further.length === 0 || !isObject(inner) ? others : { ...others, [String(step)]: without(inner, [further]) }
  }, fields)
}

/** DingTalk answers `errcode` 50002 in a person's place when they are out of the app's scope: it blanks nothing. */
function reportsFailure({ failed }: Mapping, event: Fields): boolean {
  const code = failed && readJsonPath(failed.path, event)
  return code !== undefined && code !== null && code !== '' && Number(code) !== 0
}

function timeOf(mapping: Mapping, event: Fields): number {
  const time = readTime(firstOf(mapping.time, event))
  const arrived = readTime(event['time'])
  if (time === undefined) throw new NeverStorable('the event has no time that can be read')
  return arrived !== undefined && time > arrived + MAX_AHEAD_MS ? arrived : time
}

/** @returns undefined when the event says nothing about the column */
function columnValue(column: Column, sources: readonly Source[], event: Fields, time: number) {
  const raw = firstSource(sources, event, time)
  if (raw === undefined) return undefined
  if (raw === null || raw === '') return column.empty === 'keep' ? undefined : null
  const value = readValue(column, raw)
  if (value !== BAD || column.bad === 'keep') return value
  if (column.bad === 'clear') return null
  throw new NeverStorable(`the value for ${column.name} cannot be read as ${column.as}`)
}

/** The first source that yields something, null included. */
function firstSource(sources: readonly Source[], event: Fields, time: number): unknown {
  for (const source of sources) {
    const value = sourceValue(source, event, time)
    if (value !== undefined) return value
  }
  return undefined
}

function sourceValue(source: Source, event: Fields, time: number): unknown {
  if ('path' in source) return readJsonPath(source.path, event)
  if ('time' in source) return time
  if ('constant' in source) return source.constant
  const parts = source.template.map((part) => (typeof part === 'string' ? part : readJsonPath(part, event)))
  const isWhole = parts.every((part) => typeof part === 'string' || typeof part === 'number')
  return isWhole ? parts.join('') : undefined
}

function firstOf(paths: readonly JsonPath[], event: Fields): unknown {
  for (const path of paths) {
    const value = readJsonPath(path, event)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

/** One key a row: a list among the key's values (several user ids in one event) fans out. */
function keysOf(mapping: Mapping, event: Fields, defaults: Defaults): string[][] {
  return mapping.key.reduce<string[][]>(
    (keys, column) => {
      const found = firstOf(column.from, event)
      const values: unknown[] = Array.isArray(found) && found.length > 0 ? found : [found]
      const parts = [...new Set(values.map((value) => keyPart(column, value, defaults)))]
      return keys.flatMap((key) => parts.map((part) => [...key, part]))
    },
    [[]],
  )
}

/** A failure that does not even say whom it is about is no business of the table's. */
function keysIfNamed(mapping: Mapping, event: Fields, defaults: Defaults): string[][] {
  try {
    return keysOf(mapping, event, defaults)
  } catch (error) {
    if (error instanceof NeverStorable) return []
    throw error
  }
}

function keyPart({ name, defaultVariable }: KeyColumn, value: unknown, defaults: Defaults): string {
  const isAbsent = value === undefined || value === ''
  if (isAbsent && defaultVariable !== undefined) return defaults[defaultVariable] ?? ''
  const part = isAbsent ? BAD : readValue({ as: 'text', zone: '' }, value)
  if (typeof part !== 'string') throw new NeverStorable(`the event names no ${name} that can be read`)
  if (part.length > MAX_KEY_LENGTH) throw new NeverStorable(`${name} is longer than ${MAX_KEY_LENGTH} characters`)
  return part
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
