import type Database from 'libsql'

/** `seed` is what of seeds was published. */
export type ResourceKind = 'bus' | 'source' | 'rule' | 'connection' | 'api-destination' | 'seed'

/** A stored event bus, event source or rule. A bus is its own `bus`. */
interface ResourceRow {
  kind: ResourceKind
  bus: string
  name: string
  /** JSON text */
  definition: string
}

export interface ResourceRows {
  all(): ResourceRow[]
  /** Stores it, over an older one of the same name; on disk when it returns. */
  put(row: ResourceRow): void
  remove(row: Pick<ResourceRow, 'kind' | 'bus' | 'name'>): void
}

export function createResourceRows(database: Database.Database): ResourceRows {
  const select = database.prepare('SELECT kind, bus, name, definition FROM resources ORDER BY kind, bus, name')
  const upsert = database.prepare('INSERT OR REPLACE INTO resources (kind, bus, name, definition) VALUES (?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM resources WHERE kind = ? AND bus = ? AND name = ?')
  return {
    all: () => select.all() as ResourceRow[],
    put: ({ kind, bus, name, definition }) => void upsert.run(kind, bus, name, definition),
    remove: ({ kind, bus, name }) => void remove.run(kind, bus, name),
  }
}
