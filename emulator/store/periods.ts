import type Database from 'libsql'
import type { TracedEvent } from './traces'

/** Which events of a bus: those received from one time, inclusive, to another, exclusive. */
export interface PeriodFilter {
  bus: string
  from: number
  to: number
  source?: string
  type?: string
  subject?: string
  /** a rule that matched */
  rule?: string
}

/** Of an event, where a page ends. */
export type PeriodPlace = Pick<TracedEvent, 'seq' | 'receivedAt'>

export interface Periods {
  /** The newest first, by the time at which they were received; those after `place`, if it is given. */
  page(filter: PeriodFilter, limit: number, place?: PeriodPlace): TracedEvent[]
  count(filter: PeriodFilter): number
}

/**
 * Events of a period, by an index that has all that they are asked by: their texts, a hundred times as long, are not read
 * to find or to count them.
 */
export function createPeriods(database: Database.Database): Periods {
  const newestFirst = 'ORDER BY received_at DESC, seq DESC'
  return {
    page(filter, limit, place) {
      const { sql, values } = find(filter)
      const after = place === undefined ? '' : 'AND received_at <= ? AND (received_at, seq) < (?, ?)'
      const where = place === undefined ? [] : [place.receivedAt, place.receivedAt, place.seq]
      const select = database.prepare(
        `SELECT seq, bus, id, source, type, received_at AS receivedAt, state FROM events
         WHERE seq IN (SELECT seq ${sql} ${after} ${newestFirst} LIMIT ?) ${newestFirst}`,
      )
      return select.all(...values, ...where, limit) as TracedEvent[]
    },
    count(filter) {
      const { sql, values } = find(filter)
      return (database.prepare(`SELECT count(*) AS n ${sql}`).get(...values) as { n: number }).n
    },
  }
}

function find({ bus, from, to, source, type, subject, rule }: PeriodFilter): {
  sql: string
  values: (string | number)[]
} {
  const conditions: [sql: string, value: string | number | undefined][] = [
    ['bus = ?', bus],
    ['received_at >= ?', from],
    ['received_at < ?', to],
    ['source = ?', source],
    ['type = ?', type],
    // in the text alone, which is read then
    ["json ->> '$.subject' = ?", subject],
    ['EXISTS (SELECT 1 FROM deliveries WHERE event_seq = events.seq AND rule = ?)', rule],
  ]
  const given = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  const where = given.map(({ sql }) => sql).join(' AND ')
  return {
    sql: `FROM events INDEXED BY events_of_period WHERE ${where}`,
    values: given.map(({ value }) => value),
  }
}
