import { compilePattern, type EventBridgeFile } from '../../emulator'
import { isObject, parseLossless } from '../../shared/json'
import type { Mapping } from '../../shared/mapping/mapping'
import { actionIn } from '../../shared/mapping/ruleOf'
import { nearest } from '../../shared/nearest'
import { tellUnknownEvent } from '../sender/knownEvents'
import { OF_DATA } from './mappingSlips'

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
 * @param mappings undefined where mapping.yaml is not at hand
 * @returns a sentence each
 */
export function ruleSlips(rules: readonly Rule[], published: Published, mappings?: readonly Mapping[]): string[] {
  return rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const pattern = parseLossless(rule.filterPattern)
      if (!isObject(pattern) || isOfAnother(rule, pattern, published)) return []
      return [
        ...pastTheRule(rule, pattern, published),
        ...unknownFields(rule, pattern),
        ...unknownActions(rule, pattern, mappings),
      ]
    })
}

/**
 * The same of a file with its documents: of the first one's bus, and of each that its rules bring the webhook's events to;
 * and the rules that deliver to a bus of this account that no document has.
 */
export function fileSlips(
  files: readonly Pick<EventBridgeFile, 'bus' | 'rules' | 'sources'>[],
  { source, place }: { source: string; place: { region: string; accountId: string } },
  mappings?: readonly Mapping[],
): string[] {
  const [first] = files
  const reached = new Set(first && [first.bus])
  for (const bus of reached) {
    const rules = files.find((file) => file.bus === bus)?.rules.filter(({ enabled }) => enabled) ?? []
    for (const name of rules.flatMap(({ targets }) => targets.flatMap((target) => busOf(target) ?? [])))
      reached.add(name)
  }
  const sources = (first?.sources ?? []).map(({ name }) => name)
  const ownBus = `acs:eventbridge:${place.region}:${place.accountId}:eventbus/`
  return files.flatMap(({ bus, rules }) => [
    ...(reached.has(bus) ? ruleSlips(rules, { source, busName: bus, sources }, mappings) : []),
    ...rules.flatMap(({ name, targets }) =>
      targets.flatMap((target) => {
        const other = busOf(target)
        if (other === undefined || !target.Endpoint.startsWith(ownBus)) return []
        if (other === 'default' || files.some((file) => file.bus === other)) return []
        return [`target ${target.Id} of rule ${name} is the event bus ${other}, which eventbridge.yaml does not have`]
      }),
    ),
  ])
}

function busOf({ Type, Endpoint }: Rule['targets'][number]): string | undefined {
  return Type === 'acs.eventbridge' ? /:eventbus\/(.+)$/.exec(Endpoint)?.[1] : undefined
}

type Pattern = Readonly<Record<string, unknown>>

function takes(pattern: Pattern, attribute: string, value: string): boolean {
  return compilePattern({ [attribute]: pattern[attribute] }).matches({ [attribute]: value })
}

/** A rule for another source of the file, whose events do not go to the employees function: it is another system's. */
function isOfAnother(rule: Rule, pattern: Pattern, { source, sources }: Published): boolean {
  const others = sources.filter((name) => name !== source)
  return (
    pattern['source'] !== undefined && others.some((name) => takes(pattern, 'source', name)) && !goesToEmployees(rule)
  )
}

/** By each attribute alone: what DingTalk sends is not known yet. */
function pastTheRule(rule: Rule, pattern: Pattern, { source, busName }: Published): string[] {
  const event = {
    source,
    type: 'eventbridge:Events:HTTPEvent',
    specversion: '1.0',
    datacontenttype: 'application/json',
    aliyuneventbusname: busName,
  }
  return Object.entries(event).flatMap(([attribute, value]) => {
    if (pattern[attribute] === undefined || takes(pattern, attribute, value)) return []
    return [
      `rule ${rule.name} takes no events of ${attribute} ${value}, which is what the webhook publishes: it gets none of them`,
    ]
  })
}

/** Beside what the webhook puts into `data`, and what of that says the action. */
function unknownFields({ name }: Rule, { data }: Pattern): string[] {
  if (!isObject(data)) return []
  const actions = namesIn(data['body']).flatMap((field) => {
    const meant = ACTIONS.includes(field) ? undefined : ACTIONS.find((a) => a.toLowerCase() === field.toLowerCase())
    return meant === undefined
      ? []
      : [`rule ${name} asks for ${field}, which no event of DingTalk’s has: is ${meant} meant?`]
  })
  const fields = Object.entries(data).flatMap(([field, condition]) => {
    if (OF_DATA.includes(field) || compilePattern({ data: { [field]: condition } }).matches({ data: {} })) return []
    const meant = nearest(field, OF_DATA)
    const hint = meant === undefined ? 'what DingTalk sent is in data.body' : `is data.${meant} meant?`
    return [`rule ${name} asks for data.${field}, which no event has: ${hint}`]
  })
  return [...fields, ...actions]
}

/** Where DingTalk's events say what happened, wherever their form has it. */
const ACTIONS = ['syncAction', 'EventType', 'eventType']
const EMPLOYEES = /functions\/dingtalk-employees$/

function goesToEmployees({ targets }: Rule): boolean {
  return isForEmployees(targets.map(({ Endpoint }) => ({ endpoint: Endpoint })))
}

/** Whether one of a rule's targets is the employees function. */
export function isForEmployees(targets: readonly { endpoint: string }[]): boolean {
  return targets.some(({ endpoint }) => EMPLOYEES.test(endpoint))
}

function unknownActions(rule: Rule, pattern: Pattern, mappings: readonly Mapping[] | undefined): string[] {
  const { name } = rule
  const named = mappings?.flatMap((mapping) => [...Object.keys(mapping.events).map(actionIn), ...ofRosters(mapping)])
  const others = (mappings ?? []).flatMap((mapping) => [...typedEvents(mapping), ...ofRosters(mapping)])
  return conditionsOn(ACTIONS, pattern).flatMap((condition) => {
    const [is, text] = isObject(condition)
      ? [(event: string) => event.startsWith(String(condition['prefix'])), condition['prefix']]
      : [(event: string) => event === condition, condition]
    if (typeof text !== 'string') return []
    const unknown = others.some(is) ? undefined : tellUnknownEvent(text, is)
    if (unknown !== undefined) return [`rule ${name} asks for ${unknown}`]
    if (!goesToEmployees(rule) || named === undefined || named.some(is)) return []
    return [`rule ${name} brings the employees function ${text}, which mapping.yaml does not name: it ignores it`]
  })
}

function namesIn(pattern: unknown): string[] {
  return isObject(pattern) ? Object.entries(pattern).flatMap(([name, value]) => [name, ...namesIn(value)]) : []
}

/** Those that another publisher than DingTalk sends, by a type of their own. */
function typedEvents({ events }: Mapping): string[] {
  return Object.keys(events)
    .filter((name) => events[name]?.type !== undefined)
    .map(actionIn)
}

function ofRosters({ roster }: Mapping): string[] {
  return roster ? [roster.action] : []
}

/** The elements of all lists that stand at one of these names, at any depth. */
function conditionsOn(names: readonly string[], pattern: unknown): unknown[] {
  if (!isObject(pattern)) return []
  return Object.entries(pattern).flatMap(([name, value]) => {
    if (names.includes(name) && Array.isArray(value)) return value as unknown[]
    return conditionsOn(names, value)
  })
}
