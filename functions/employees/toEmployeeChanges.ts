import { readJsonPath } from '../../shared/jsonPath'
import type { Column, EventRule, Implied, JsonPath, KeyColumn, Mapping } from '../../shared/mapping/mapping'
import { NeverStorable } from './neverStorable'
import type { ReceivedEvent } from './parseCloudEvents'
import { BAD, readTime, readValue, type SqlValue } from './readValue'
import { versionOf } from './version'

/** What one event says about one row. A column that it says nothing about is undefined. */
export interface Change {
  key: readonly string[]
  /** in the order of the mapping's columns */
  values: readonly (SqlValue | undefined)[]
  version: Buffer
  event: ReceivedEvent
}

type Fields = Readonly<Record<string, unknown>>

/** Values for key columns that an event does not name, by the variable's name in mapping.yaml. */
export type Defaults = Readonly<Record<string, string>>

/** DingTalk's own limit for user ids (facts: field matrix). */
const MAX_KEY_LENGTH = 64

/**
 * What an event says about employees: one change a user id it names; none when the event is not of this table.
 * @throws NeverStorable
 */
export function toEmployeeChanges(received: ReceivedEvent, mapping: Mapping, defaults: Defaults): Change[] {
  const { event, id } = received
  const action = firstOf(mapping.action, event)
  const rule = typeof action === 'string' ? ownRule(mapping, action) : undefined
  if (rule === undefined) return []

  const time = readTime(firstOf(mapping.time, event))
  if (time === undefined) throw new NeverStorable('the event has no time that can be read')
  const values = mapping.columns.map((column) => columnValue(column, rule, event, time))
  const version = versionOf(time, rule.wins, id)
  return keysOf(mapping, event, defaults).map((key) => ({ key, values, version, event: received }))
}

function ownRule(mapping: Mapping, action: string): EventRule | undefined {
  return Object.hasOwn(mapping.events, action) ? mapping.events[action] : undefined
}

function columnValue(column: Column, rule: EventRule, event: Fields, time: number): SqlValue | undefined {
  const implied = Object.hasOwn(rule.set, column.name) ? rule.set[column.name] : undefined
  const raw = implied === undefined ? carried(column, event, time) : impliedValue(implied, time)
  if (raw === undefined) return undefined
  if (raw === null || raw === '') return column.empty === 'keep' ? undefined : null
  const value = readValue(column.as, raw)
  const tooLong = column.maxLength !== undefined && typeof value === 'string' && [...value].length > column.maxLength
  if (value === BAD || tooLong) throw new NeverStorable(`the value for ${column.name} is not a ${column.as} that fits`)
  return value
}

function impliedValue(implied: Implied, time: number): unknown {
  return 'time' in implied ? time : implied.value
}

/** The first source that the event carries, null included. */
function carried(column: Column, event: Fields, time: number): unknown {
  for (const source of column.from) {
    const value = 'time' in source ? time : readJsonPath(source.path, event)
    if (value !== undefined) return value
  }
  return undefined
}

function firstOf(paths: readonly JsonPath[], event: Fields): unknown {
  for (const path of paths) {
    const value = readJsonPath(path, event)
    if (value !== undefined && value !== null) return value
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

function keyPart({ name, defaultVariable }: KeyColumn, value: unknown, defaults: Defaults): string {
  const isAbsent = value === undefined || value === ''
  if (isAbsent && defaultVariable !== undefined) return defaults[defaultVariable] ?? ''
  const part = isAbsent ? BAD : readValue('text', value)
  if (typeof part !== 'string') throw new NeverStorable(`the event names no ${name} that can be read`)
  if (part.length > MAX_KEY_LENGTH) throw new NeverStorable(`${name} is longer than ${MAX_KEY_LENGTH} characters`)
  return part
}
