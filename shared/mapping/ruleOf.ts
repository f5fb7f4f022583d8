import { readJsonPath } from '../jsonPath'
import type { EventRule, JsonPath, Mapping } from './mapping'

type Fields = Readonly<Record<string, unknown>>

/** What an event may do is said by its type, which its sender does not choose, and only then by what it holds. */
export function ruleOf(mapping: Mapping, event: Fields): EventRule | undefined {
  const action = firstOf(mapping.action, event)
  const rule = typeof action === 'string' ? own(mapping.events, action) : undefined
  return rule?.type === undefined || rule.type === event['type'] ? rule : undefined
}

/** Whether a table takes an event, or a roster of its. @param event its fields gathered by openFields() */
export function isOfTable(mapping: Mapping, event: Fields): boolean {
  const { roster } = mapping
  const isRoster = event['type'] === roster?.type && firstOf(mapping.action, event) === roster?.action
  return (roster !== undefined && isRoster) || ruleOf(mapping, event) !== undefined
}

export function firstOf(paths: readonly JsonPath[], event: Fields): unknown {
  for (const path of paths) {
    const value = readJsonPath(path, event)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

export function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
