import type { ResourceRows } from '../store/resourceRows'
import type { Connections } from '../targets/target'
import type { Buses, EventBus, Rule } from './buses'
import { compileRule } from './compileRule'
import type { BusDefinition, RuleDefinition, SourceDefinition } from './definitions'
import { createTable, type Table } from './table'

/** Event buses, event sources and rules: as they are defined, kept in the store, and compiled, in memory. */
export interface Resources {
  buses: Table<BusDefinition>
  sources: Table<SourceDefinition>
  rules: Table<RuleDefinition>
  /** the buses with their rules compiled; always as they are defined now */
  compiled: Buses
}

/** Every account has it, and nobody can delete it. */
export const DEFAULT_BUS = 'default'

/** @param now for the default bus, when it is made */
export function openResources(rows: ResourceRows, connections: Connections, now: number): Resources {
  const buses = createTable<BusDefinition>('bus', rows)
  const sources = createTable<SourceDefinition>('source', rows)
  const rules = createTable<RuleDefinition>('rule', rows)
  const compiled = new Map<string, EventBus>()

  /** A rule that has not changed stays the object it was: its targets may remember, such as how much they sent lately. */
  const compiledRules = new WeakMap<RuleDefinition, Rule>()
  function ruleOf(definition: RuleDefinition): Rule {
    const rule = compiledRules.get(definition) ?? compileRule(definition, connections)
    compiledRules.set(definition, rule)
    return rule
  }

  function compile(bus: string): void {
    compiled.set(bus, { name: bus, rules: rules.list(bus).map(ruleOf) })
  }

  const resources: Resources = {
    buses: {
      ...buses,
      put(definition) {
        buses.put(definition)
        compile(definition.name)
      },
      remove(definition) {
        buses.remove(definition)
        compiled.delete(definition.name)
      },
    },
    sources,
    rules: {
      ...rules,
      put(definition) {
        rules.put(definition)
        compile(definition.bus)
      },
      remove(definition) {
        rules.remove(definition)
        compile(definition.bus)
      },
    },
    compiled,
  }
  for (const { name } of buses.all()) compile(name)
  if (!compiled.has(DEFAULT_BUS)) resources.buses.put({ bus: DEFAULT_BUS, name: DEFAULT_BUS, createdAt: now })
  return resources
}
