import { randomUUID } from 'node:crypto'
import { errorMessage } from '../../shared/errorCode'
import { parseLossless } from '../../shared/json'
import { type CompiledPattern, compilePattern, patternOf } from '../pattern/compilePattern'
import { compileRules } from '../pattern/compileRules'
import type { Lane } from '../store/dueDeliveries'
import type { AcceptedEvent, Mismatch } from '../store/records'
import { compileFailure, compileTarget, type TargetEntry } from '../targets/compileTarget'
import type { Connections, Target } from '../targets/target'
import type { RuleDefinition } from './definitions'

/** An event bus with its rules, compiled: what an event is matched against. */
export interface EventBus {
  name: string
  rules: readonly Rule[]
}

export interface Rule {
  name: string
  /** a disabled rule matches nothing */
  enabled: boolean
  pattern: CompiledPattern
  targets: readonly Target[]
}

export type Buses = ReadonlyMap<string, EventBus>

/** undefined when the bus, the rule or the target is gone */
export function findTarget(buses: Buses, { bus, rule, target }: Lane): Target | undefined {
  const rules = buses.get(bus)?.rules ?? []
  return rules.find(({ name }) => name === rule)?.targets.find(({ id }) => id === target)
}

/**
 * What the store keeps of an event: what names it, and where its bus's rules send it, or why they do not.
 * @param json its JSON text, as it is to be delivered; it is a valid event
 * @param event the same, parsed by parseLossless
 */
export function toAcceptedEvent(
  bus: EventBus,
  json: string,
  receivedAt: number,
  event = parseLossless(json) as Record<string, unknown>,
): AcceptedEvent {
  const whyNots = matcherOf(bus.rules)(event)
  const deliveries: AcceptedEvent['deliveries'][number][] = []
  const mismatches: Mismatch[] = []
  bus.rules.forEach(({ name: rule, enabled, targets }, at) => {
    const why = enabled ? whyNots[at] : 'the rule is disabled'
    if (why !== undefined) mismatches.push({ rule, why })
    else for (const { id } of targets) deliveries.push({ rule, target: id })
  })
  return {
    bus: bus.name,
    id: String(event['id']),
    source: String(event['source']),
    type: String(event['type']),
    traceId: randomUUID(),
    receivedAt,
    json,
    parsed: event,
    deliveries,
    mismatches,
  }
}

type Matcher = ReturnType<typeof compileRules>

/** Made with a bus's first event, not anew for each rule that it is given. */
const matchers = new WeakMap<readonly Rule[], Matcher>()

function matcherOf(rules: readonly Rule[]): Matcher {
  const matcher = matchers.get(rules) ?? compileRules(rules.map(({ pattern }) => pattern))
  matchers.set(rules, matcher)
  return matcher
}

/**
 * Compiles a rule that was accepted once. What is refused today, because an option or this version has changed since,
 * keeps the emulator from starting no more than it loses an event: the pattern matches nothing and says why, and the
 * target's deliveries fail, to be made again by its retry strategy.
 */
export function compileRule(definition: RuleDefinition, connections: Connections): Rule {
  return {
    name: definition.name,
    enabled: definition.enabled,
    pattern: readPattern(definition.filterPattern),
    targets: definition.targets.map((entry) => targetOf(entry, connections)),
  }
}

function readPattern(text: string): CompiledPattern {
  try {
    return compilePattern(parseLossless(text))
  } catch (error) {
    const reason = `the pattern is refused: ${errorMessage(error)}`
    return patternOf([{ path: [], text: reason, whyNot: () => reason }])
  }
}

function targetOf(entry: TargetEntry, connections: Connections): Target {
  try {
    return compileTarget(entry, connections)
  } catch (error) {
    const reason = `the target is refused: ${errorMessage(error)}`
    return { ...compileFailure(entry, connections), deliver: async () => ({ error: reason }) }
  }
}
