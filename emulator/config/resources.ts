import type { RetryStrategy } from '../delivery/retrySchedule'
import type { CompiledPattern } from '../pattern/compilePattern'

/** An event bus with its rules, compiled: what an event is matched against. */
export interface EventBus {
  name: string
  rules: readonly Rule[]
}

export interface Rule {
  name: string
  pattern: CompiledPattern
  targets: readonly Target[]
}

/** A function that a rule delivers to. */
export interface Target {
  id: string
  /** the function's name, from the endpoint */
  functionName: string
  retryStrategy: RetryStrategy
  /** the ARN of a queue, for provisioning: here dead deliveries stay in the store, on the trace page */
  deadLetterQueue?: string
  /** makes the payload from the event's JSON text */
  transform(eventText: string): string
}

export type Buses = ReadonlyMap<string, EventBus>

export function findTarget(buses: Buses, bus: string, rule: string, target: string): Target | undefined {
  const rules = buses.get(bus)?.rules ?? []
  return rules.find(({ name }) => name === rule)?.targets.find(({ id }) => id === target)
}
