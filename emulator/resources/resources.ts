import type { ResourceKind, ResourceRows } from '../store/resourceRows'
import type { ApiDestination, Connections } from '../targets/target'
import { type Buses, compileRule, type EventBus, type Rule } from './compiledBuses'
import {
  type ApiDestinationDefinition,
  type BusDefinition,
  type ConnectionDefinition,
  NO_BUS,
  type RuleDefinition,
  type SourceDefinition,
} from './definitions'

/** Event buses, event sources, rules, connections and API destinations: as they are defined, kept in the store, and compiled, in memory. */
export interface Resources {
  buses: Table<BusDefinition>
  sources: Table<SourceDefinition>
  rules: Table<RuleDefinition>
  connections: Table<ConnectionDefinition>
  apiDestinations: Table<ApiDestinationDefinition>
  /** the buses with their rules compiled; always as they are defined now */
  compiled: Buses
  /** Calls back after an event source was made, changed or removed. */
  onSources(listener: () => void): void
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
  const listeners: (() => void)[] = []

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
    sources: {
      ...sources,
      put(definition) {
        sources.put(definition)
        for (const listener of listeners) listener()
      },
      remove(definition) {
        sources.remove(definition)
        for (const listener of listeners) listener()
      },
    },
    onSources: (listener) => void listeners.push(listener),
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
    connections: createTable('connection', rows),
    apiDestinations: createTable('api-destination', rows),
    compiled,
  }
  for (const { name } of buses.all()) compile(name)
  if (!compiled.has(DEFAULT_BUS)) resources.buses.put({ bus: DEFAULT_BUS, name: DEFAULT_BUS, createdAt: now })
  return resources
}

/**
 * An API destination with its connection, as they are now.
 * @throws Error that says which of the two is missing, or of a kind that asks nothing over HTTP
 */
export function findApiDestination({ connections, apiDestinations }: Resources, name: string): ApiDestination {
  const destination = apiDestinations.find(NO_BUS, name)
  if (destination === undefined) throw new Error(`the API destination ${name} does not exist`)
  const connection = connections.find(NO_BUS, destination.connection)
  if (connection === undefined) throw new Error(`the connection ${destination.connection} does not exist`)
  const { type, auth } = connection
  if (type !== 'Http') throw new Error(`the connection ${connection.name} is of the type ${type}, and no Http one`)
  const { Endpoint, Method } = destination.http
  return { endpoint: Endpoint, method: Method, auth }
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
    // what a client of the API made has them by chance at most, and must not change with a variable
    put: (row) => rows.put(isOfFile(row.definition) ? { ...row, definition: rewrite(row.definition, hide) } : row),
  }
}

function isOfFile(definition: string): boolean {
  return (JSON.parse(definition) as { fromFile?: boolean }).fromFile === true
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
