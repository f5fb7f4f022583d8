import { stringify } from 'lossless-json'
import { isLosslessObject, parseLossless } from '../../shared/json'
import { compilePattern } from '../pattern/compilePattern'
import type { BusDefinition, RuleDefinition, SourceDefinition } from '../resources/definitions'
import type { Draft, Samples } from './tryProtocol'

interface Defined {
  buses: readonly BusDefinition[]
  sources: readonly SourceDefinition[]
  rules: readonly RuleDefinition[]
}

/** With what the form begins that sends an event: the buses, and an event for each enabled rule. */
export function makeSamples({ buses, sources, rules }: Defined): Omit<Samples, 'again'> {
  return {
    buses: buses.map(({ name }) => ({
      name,
      sources: sources.filter(({ bus }) => bus === name).map((source) => source.name),
    })),
    matching: rules.filter(({ enabled }) => enabled).flatMap((rule) => sampleOf(rule) ?? []),
  }
}

/** What a form has of an event that was there, to be sent again, changed. @param event of lossless-json */
export function draftOf(bus: string, event: unknown): Draft {
  const { source, type, subject, data } = isLosslessObject(event) ? event : {}
  return {
    ...{ bus, source: String(source), type: String(type) },
    ...(typeof subject === 'string' && { subject }),
    data: data === undefined ? '' : (stringify(data, null, 2) ?? ''),
  }
}

/** An event that the rule matches; undefined where none could be made of its pattern. */
function sampleOf({ bus, name: rule, filterPattern }: RuleDefinition): Samples['matching'][number] | undefined {
  try {
    const pattern = parseLossless(filterPattern)
    const event = isLosslessObject(pattern) ? made(pattern) : undefined
    if (event === undefined) return undefined
    const { source, type, subject, data } = event
    const draft: Draft = {
      ...{ bus, source: textOf(source, 'my.source'), type: textOf(type, 'my.type') },
      ...(subject !== undefined && { subject: String(subject) }),
      data: data === undefined ? '{}' : (stringify(data, null, 2) ?? ''),
    }
    return matches(pattern, draft) ? { rule, ...draft } : undefined
  } catch {
    return undefined
  }
}

function textOf(value: unknown, otherwise: string): string {
  return value === undefined ? otherwise : String(value)
}

/** As it would be published: what a form has no field for, a pattern may ask for in vain. */
function matches(pattern: unknown, { bus, source, type, subject, data }: Draft): boolean {
  const rest = { id: 'e', specversion: '1.0', datacontenttype: 'application/json;charset=utf-8' }
  const event = {
    ...rest,
    source,
    type,
    ...(subject && { subject }),
    aliyuneventbusname: bus,
    data: parseLossless(data),
  }
  return compilePattern(pattern).matches(event)
}

/** Its fields with a value each; fields that must be absent are. */
function made(pattern: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(pattern).flatMap(([name, wanted]) => {
      const value = Array.isArray(wanted) ? firstOf(wanted) : isLosslessObject(wanted) ? made(wanted) : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** A value that one of the conditions takes; where all want the field absent, none. */
function firstOf(conditions: readonly unknown[]): unknown {
  for (const condition of conditions) {
    const value = valueFor(condition)
    if (value !== undefined) return value
  }
  return undefined
}

const TRIED = ['example', 'other', 0, 1, true]

function valueFor(condition: unknown): unknown {
  if (!isLosslessObject(condition)) return condition
  const candidates = Object.values(condition).flatMap((operand) => candidatesFor(condition, operand))
  return candidates.find((value) => takes(condition, value))
}

/** Some values of which, most likely, one is taken: the text with what it may begin, hold and end with, and numbers around. */
function candidatesFor(condition: Record<string, unknown>, operand: unknown): unknown[] {
  const { prefix = '', contains = '', suffix = '' } = condition
  const texts = [prefix, contains, suffix].map((text) => (typeof text === 'string' ? text : ''))
  const numbers = (Array.isArray(operand) ? operand : []).filter((value) => typeof value === 'number')
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  const address = typeof operand === 'string' ? operand.replace(/\/\d+$/, '') : ''
  return [
    ...(texts.join('') === '' ? [] : [texts.join(''), texts.join('example')]),
    ...(numbers.length > 0 ? [(low + high) / 2, ...numbers, low - 1, high + 1] : []),
    ...(address === '' ? [] : [address]),
    ...TRIED,
  ]
}

function takes(condition: unknown, value: unknown): boolean {
  return compilePattern({ data: { value: [condition] } }).matches({ data: { value } })
}
