import type { CompiledPattern } from '../pattern/compilePattern'
import type { Target } from '../targets/target'

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
export function findTarget(
  buses: Buses,
  { bus, rule, target }: { bus: string; rule: string; target: string },
): Target | undefined {
  const rules = buses.get(bus)?.rules ?? []
  return rules.find(({ name }) => name === rule)?.targets.find(({ id }) => id === target)
}
