import type { ResourceKind, ResourceRows } from '../store/resourceRows'
import type { Connections } from '../targets/target'
import { type Buses, compileRule, type EventBus, type Rule } from './compiledBuses'
import type { BusDefinition, RuleDefinition, SourceDefinition } from './definitions'

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

/**
 * @param now for the default bus, when it is made
 * @param filledIn what the file has variables for: the store keeps their names. It may get more.
 */
export function openResources(
  stored: ResourceRows,
  connections: Connections,
  now: number,
  filledIn: Readonly<Record<string, string>> = {},
): Resources {
  const rows = withoutSecrets(stored, filledIn)
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

/** Keeps `${NAME}` in place of each variable's value: what is an address with a token, or a secret, is on no disk. */
function withoutSecrets(rows: ResourceRows, filledIn: Readonly<Record<string, string>>): ResourceRows {
  // a value that another begins with comes after that one
  const values = () => Object.entries(filledIn).sort(([, a], [, b]) => b.length - a.length)
  const rewrite = (json: string, replace: (text: string) => string) =>
    JSON.stringify(JSON.parse(json), (_, value: unknown) => (typeof value === 'string' ? replace(value) : value))
  const hide = (text: string) => values().reduce((done, [name, value]) => done.replaceAll(value, `\${${name}}`), text)
  const fill = (text: string) =>
    values().reduce((done, [name, value]) => done.replaceAll(`\${${name}}`, () => value), text)
  return {
    ...rows,
    all: () => rows.all().map((row) => ({ ...row, definition: rewrite(row.definition, fill) })),
    put: (row) => rows.put({ ...row, definition: rewrite(row.definition, hide) }),
  }
}

interface Named {
  bus: string
  name: string
}

/** The definitions of one kind, in memory and in the store. */
export interface Table<T extends Named> {
  find(bus: string, name: string): T | undefined
  /** those of a bus, by name */
  list(bus: string): T[]
  /** those of every bus, by name */
  all(): T[]
  /** Keeps it, in place of an older one of the same name; on disk when it returns. */
  put(definition: T): void
  remove(definition: Named): void
}

function createTable<T extends Named>(kind: ResourceKind, rows: ResourceRows): Table<T> {
  const stored = rows.all().filter((row) => row.kind === kind)
  const definitions = new Map(stored.map((row) => [keyOf(row), JSON.parse(row.definition) as T]))
  const all = () => [...definitions.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    find: (bus, name) => definitions.get(keyOf({ bus, name })),
    list: (bus) => all().filter((definition) => definition.bus === bus),
    all,
    put(definition) {
      const { bus, name } = definition
      rows.put({ kind, bus, name, definition: JSON.stringify(definition) })
      definitions.set(keyOf(definition), definition)
    },
    remove({ bus, name }) {
      rows.remove({ kind, bus, name })
      definitions.delete(keyOf({ bus, name }))
    },
  }
}

/** No name has a slash in it. */
function keyOf({ bus, name }: Named): string {
  return `${bus}/${name}`
}
