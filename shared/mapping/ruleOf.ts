import type { EventRule, JsonPath, Mapping } from './mapping'
import { readField } from './readKeys'

type Fields = Readonly<Record<string, unknown>>

/** What an event may do is said by its type, which its sender does not choose, and only then by what it holds. */
export function ruleOf(mapping: Mapping, event: Fields): EventRule | undefined {
  const action = firstOf(mapping.action, event)
  const rule = typeof action === 'string' ? namedRule(mapping, action, event) : undefined
  return rule?.type === undefined || rule.type === event['type'] ? rule : undefined
}

/** `action/subtype` where `events` has that name, or else the action's. */
function namedRule({ events, subtype }: Mapping, action: string, event: Fields): EventRule | undefined {
  const more = subtype.length > 0 ? firstOf(subtype, event) : undefined
  const isNamed = typeof more === 'string' || typeof more === 'number' || typeof more === 'bigint'
  return (isNamed ? own(events, `${action}/${more}`) : undefined) ?? own(events, action)
}

/** What happened, by a name in `events`, `action` or `action/subtype`. */
export function actionIn(name: string): string {
  return name.replace(/\/.*/s, '')
}

/** Whether a table takes an event, or a roster of its. @param event its fields gathered by openFields() */
export function isOfTable(mapping: Mapping, event: Fields): boolean {
  const { roster } = mapping
  const isRoster =
    roster !== undefined && event['type'] === roster.type && firstOf(mapping.action, event) === roster.action
  return isRoster || ruleOf(mapping, event) !== undefined
}

export function firstOf(paths: readonly JsonPath[], event: Fields): unknown {
  for (const path of paths) {
    const value = readField(path, event)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

export function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
