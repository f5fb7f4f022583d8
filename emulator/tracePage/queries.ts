import { ApiError } from '../api/apiError'
import type { Clock } from '../clock'
import type { Activity } from '../store/activity'
import type { EventTrace, Traces } from '../store/traces'
import { maskFields } from './maskPersonalData'
import type { People } from './people'
import type { EmployeeRows, EventList, RuleState } from './protocol'
import { readFilter, readLimit } from './readFilter'
import { listEvent, showEvent } from './showEvent'
import { unreachable } from './unreachable'

export interface QueryOptions {
  traces: Pick<Traces, 'list' | 'count' | 'find' | 'findAll'>
  activity: Activity
  clock: Clock
  rules(): RuleState[]
  /** absent where the emulator runs by itself: then there are no rows to show */
  people?: People
}

/**
 * What `GET /trace/…` is answered with. Personal data is masked unless `reveal=1` asks for it.
 * @returns a function that throws ApiError
 */
export function createQueries({ traces, activity, clock, rules, people }: QueryOptions) {
  function listEvents(query: URLSearchParams): EventList {
    const filter = readFilter(query, clock.now())
    const limit = readLimit(query)
    const found = traces.list(filter, limit + 1)
    const events = traces.findAll(found.slice(0, limit).map(({ seq }) => seq))
    const last = events.at(-1)
    const { state: _, before: __, ...ofAnyState } = filter
    const counts = traces.count(ofAnyState)
    const ofState = filter.state === undefined ? Object.values(counts) : [counts[filter.state] ?? 0]
    return {
      events: events.map(listEvent),
      counts,
      total: ofState.reduce((sum, count) => sum + count, 0),
      through: traces.list({}, 1)[0]?.seq ?? 0,
      ...(found.length > limit && last !== undefined && { older: last.seq }),
    }
  }

  function existing(seq: string): EventTrace {
    const trace = traces.find(Number(seq))
    if (trace === undefined) throw new ApiError(404, 'NotFound', 'There is no such event, or it was purged.')
    return trace
  }

  async function rowsOf(trace: EventTrace, reveal: boolean): Promise<EmployeeRows | null> {
    const found = await people
      ?.rowsOf(trace.json)
      .catch((error: unknown) => unreachable('DatabaseUnavailable', 'The database', error))
    if (found === undefined) return null
    return reveal ? found : { ...found, rows: found.rows.map(({ columns }) => ({ columns: columns.map(maskColumn) })) }
  }

  return async function answer(path: string, query: URLSearchParams): Promise<unknown> {
    if (path === '/trace/events') return listEvents(query)
    if (path === '/trace/activity') return activity.read(readFilter(query, clock.now()), clock.now())
    if (path === '/trace/rules') return rules()
    const [, seq, rows] = /^\/trace\/events\/(\d{1,15})(\/rows)?$/.exec(path) ?? []
    if (seq === undefined) throw new ApiError(404, 'NotFound', 'The trace page has no such address.')
    const reveal = query.get('reveal') === '1'
    return rows === undefined ? showEvent(existing(seq), reveal) : rowsOf(existing(seq), reveal)
  }
}

function maskColumn(column: EmployeeRows['rows'][number]['columns'][number]) {
  const { name, value } = column
  return { ...column, value: Object.values(maskFields({ [name]: value }) as object)[0] as unknown }
}
