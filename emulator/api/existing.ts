import type { BusDefinition, RuleDefinition, SourceDefinition } from '../resources/definitions'
import type { Resources } from '../resources/resources'
import { ApiError } from './apiError'

/** @throws ApiError */
export function existingBus({ buses }: Resources, bus: string): BusDefinition {
  const definition = buses.find(bus, bus)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'EventBusNotExist', `The event bus [${bus}] not existed!`)
}

/** @throws ApiError */
export function existingRule(resources: Resources, bus: string, rule: string): RuleDefinition {
  existingBus(resources, bus)
  const definition = resources.rules.find(bus, rule)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'EventRuleNotExist', `The event rule [${rule}] of event bus [${bus}] not existed!`)
}

/** @throws ApiError */
export function existingSource(resources: Resources, bus: string, source: string): SourceDefinition {
  existingBus(resources, bus)
  const definition = resources.sources.find(bus, source)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'EventSourceNotExist', `The event source [${source}] of event bus [${bus}] not existed!`)
}
