import { compilePattern, type EventBridgeFile } from '../../emulator'
import { isObject } from '../../shared/json'
import type { Mapping } from '../../shared/mapping/mapping'
import { tellUnknownEvent } from '../sender/knownEvents'

type Rule = EventBridgeFile['rules'][number]

/** As what the webhook publishes, beside what DingTalk sends. */
export interface Published {
  source: string
  busName: string
  /** those of eventbridge.yaml, of which others may publish as well */
  sources: readonly string[]
}

/**
 * What in the rules of eventbridge.yaml delivers nothing, and is no fault of the file.
 * @param mapping undefined where mapping.yaml is not at hand
 * @returns a sentence each
 */
export function ruleSlips(rules: readonly Rule[], published: Published, mapping?: Mapping): string[] {
  return rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const pattern: unknown = JSON.parse(rule.filterPattern)
      return [...pastTheRule(rule, pattern, published), ...unknownActions(rule, pattern, mapping)]
    })
}

/**
 * By each attribute alone: what DingTalk sends is not known yet. A rule for another source of the file, whose events do not
 * go to the employees function, is another system's.
 */
function pastTheRule(rule: Rule, pattern: unknown, { source, busName, sources }: Published): string[] {
  if (!isObject(pattern)) return []
  const takes = (attribute: string, value: string) =>
    compilePattern({ [attribute]: pattern[attribute] }).matches({ [attribute]: value })
  const isOfAnother =
    pattern['source'] !== undefined && sources.some((name) => name !== source && takes('source', name))
  if (isOfAnother && !goesToEmployees(rule)) return []
  const event = {
    source,
    type: 'eventbridge:Events:HTTPEvent',
    specversion: '1.0',
    datacontenttype: 'application/json',
    aliyuneventbusname: busName,
  }
  return Object.entries(event).flatMap(([attribute, value]) => {
    if (pattern[attribute] === undefined || takes(attribute, value)) return []
    return [
      `rule ${rule.name} takes no events of ${attribute} ${value}, which is what the webhook publishes: it gets none of them`,
    ]
  })
}

/** Where DingTalk's events say what happened, wherever their form has it. */
const ACTIONS = ['syncAction', 'EventType', 'eventType']
const EMPLOYEES = /functions\/dingtalk-employees$/

function goesToEmployees({ targets }: Rule): boolean {
  return targets.some(({ Endpoint }) => EMPLOYEES.test(Endpoint))
}

function unknownActions(rule: Rule, pattern: unknown, mapping: Mapping | undefined): string[] {
  const { name } = rule
  const named = mapping === undefined ? undefined : Object.keys(mapping.events)
  return conditionsOn(ACTIONS, pattern).flatMap((condition) => {
    const [is, text] = isObject(condition)
      ? [(event: string) => event.startsWith(String(condition['prefix'])), condition['prefix']]
      : [(event: string) => event === condition, condition]
    if (typeof text !== 'string') return []
    const unknown = tellUnknownEvent(text, is)
    if (unknown !== undefined) return [`rule ${name} asks for ${unknown}`]
    if (!goesToEmployees(rule) || named === undefined || named.some(is)) return []
    return [`rule ${name} brings the employees function ${text}, which mapping.yaml does not name: it ignores it`]
  })
}

/** The elements of all lists that stand at one of these names, at any depth. */
function conditionsOn(names: readonly string[], pattern: unknown): unknown[] {
  if (!isObject(pattern)) return []
  return Object.entries(pattern).flatMap(([name, value]) => {
    if (names.includes(name) && Array.isArray(value)) return value as unknown[]
    return conditionsOn(names, value)
  })
}
