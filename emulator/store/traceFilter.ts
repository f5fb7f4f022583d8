/**
 * What became of an event as a whole: that of the delivery that most needs to be looked at. `set-aside` is one that a
 * target took and could not use; `dead` one that was dead-lettered or dropped; `unmatched` one that no rule wanted.
 */
export const EVENT_STATES = ['delivered', 'pending', 'retrying', 'blocked', 'dead', 'set-aside', 'unmatched'] as const
export type EventState = (typeof EVENT_STATES)[number]

export interface TraceFilter {
  bus?: string
  state?: EventState
  source?: string
  type?: string
  subject?: string
  /** what DingTalk calls the event, such as user_add_org, or a part of that */
  action?: string
  /** user ids, of which it names one */
  people?: readonly string[]
  /** an id, or how it begins */
  id?: string
  /** received at or after */
  from?: number
  /** received before */
  to?: number
  /** a rule that matched */
  rule?: string
  /** what a search found: see searches.ts */
  found?: number
  /** only what arrived before the event of this seq: the next page */
  before?: number
}

/** The same in every way that DingTalk's events come: by a connector, natively, by Stream. */
const ACTION = `coalesce(e.json ->> '$.data.body.syncAction', e.json ->> '$.data.body.EventType',
  e.json ->> '$.data.body.eventType')`

/** The WHERE clause of a filter, over `events e`, and the values of its placeholders. */
export function toWhere(filter: TraceFilter): { where: string; values: (string | number)[] } {
  const conditions: [sql: string, ...values: (string | number)[]][] = []
  const { bus, state, source, type, subject, action, people, id, from, to, rule, found, before } = filter
  if (bus !== undefined) conditions.push(['e.bus = ?', bus])
  if (state !== undefined) conditions.push(['e.state = ?', state])
  if (source !== undefined) conditions.push(['e.source = ?', source])
  if (type !== undefined) conditions.push(['e.type = ?', type])
  if (subject !== undefined) conditions.push(["e.json ->> '$.subject' = ?", subject])
  // not LIKE, to which an underscore is any character
  if (action !== undefined) conditions.push([`instr(lower(${ACTION}), lower(?)) > 0`, action])
  if (people !== undefined) {
    const sql = 'e.seq IN (SELECT event_seq FROM event_people WHERE user_id IN (SELECT value FROM json_each(?)))'
    conditions.push([sql, JSON.stringify(people)])
  }
  // a range and not LIKE, so that the index is used; ids hold ASCII alone
  if (id !== undefined) conditions.push(['e.id >= ? AND e.id < ?', id, `${id}\u{7f}`])
  if (from !== undefined) conditions.push(['e.received_at >= ?', from])
  if (to !== undefined) conditions.push(['e.received_at < ?', to])
  if (rule !== undefined) {
    conditions.push(['EXISTS (SELECT 1 FROM deliveries d WHERE d.event_seq = e.seq AND d.rule = ?)', rule])
  }
  if (found !== undefined) {
    conditions.push(['e.seq IN (SELECT event_seq FROM temp.found WHERE search = ?)', found])
  }
  if (before !== undefined) conditions.push(['e.seq < ?', before])
  if (conditions.length === 0) return { where: '', values: [] }
  return {
    where: `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`,
    values: conditions.flatMap(([, ...values]) => values),
  }
}
