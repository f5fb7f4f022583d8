import { setImmediate } from 'node:timers/promises'
import type Database from 'libsql'

/** What is looked for in events themselves. */
export interface Search {
  /** tells one search from another */
  name: string
  /** @param json an event's JSON text */
  matches(json: string): boolean
}

export interface Searches {
  /** Looks through the events that came since it was last asked; resolves to what TraceFilter calls `found`. */
  find(search: Search): Promise<number>
}

interface Looked {
  number: number
  /** the seq up to which it was looked */
  through: number
  /** the looks that were asked for, one after the other */
  last: Promise<void>
}

/** Between two of so many, events are accepted and delivered. */
const AT_ONCE = 1_000
/** A page asks for one, and a few are left over from what was typed before. */
const KEPT = 8

/**
 * Searches in what is in events, by code: what a search says of one must be what a rule's pattern says of it. An event
 * never changes, so each is looked at once a search; what was found is in a table in memory, by which any query joins.
 */
export function createSearches(database: Database.Database): Searches {
  const searches = new Map<string, Looked>()
  let made = 0
  let statements: ReturnType<typeof prepare> | undefined

  function prepare() {
    database.exec(`PRAGMA temp_store = MEMORY;
      CREATE TEMP TABLE IF NOT EXISTS found (search INTEGER, event_seq INTEGER, PRIMARY KEY (search, event_seq)) WITHOUT ROWID`)
    return {
      select: database.prepare('SELECT seq, json FROM events WHERE seq > ? ORDER BY seq LIMIT ?'),
      insert: database.prepare('INSERT INTO temp.found SELECT ?, value FROM json_each(?)'),
      forget: database.prepare('DELETE FROM temp.found WHERE search = ?'),
    }
  }

  /** The one that was not asked for the longest goes. */
  function lookedFor({ name }: Search): Looked {
    const looked = searches.get(name) ?? { number: ++made, through: 0, last: Promise.resolve() }
    searches.delete(name)
    searches.set(name, looked)
    const [oldest] = searches
    if (searches.size > KEPT && oldest !== undefined) {
      searches.delete(oldest[0])
      statements?.forget.run(oldest[1].number)
    }
    return looked
  }

  async function look(looked: Looked, matches: Search['matches']): Promise<void> {
    statements ??= prepare()
    for (;;) {
      const events = statements.select.all(looked.through, AT_ONCE) as { seq: number; json: string }[]
      const found = events.filter(({ json }) => matches(json)).map(({ seq }) => seq)
      if (found.length > 0) statements.insert.run(looked.number, JSON.stringify(found))
      looked.through = events.at(-1)?.seq ?? looked.through
      if (events.length < AT_ONCE) return
      await setImmediate()
    }
  }

  return {
    async find(search) {
      const looked = lookedFor(search)
      const looking = looked.last.then(() => look(looked, search.matches))
      looked.last = looking.catch(() => {})
      await looking
      return looked.number
    },
  }
}
