import type { ResourceKind, ResourceRows } from '../store/resourceRows'

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

export function createTable<T extends Named>(kind: ResourceKind, rows: ResourceRows): Table<T> {
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
