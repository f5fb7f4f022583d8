import { isRfc3339 } from '../../shared/isRfc3339'
import { ApiError } from '../api/refusal'
import type { Searches } from '../store/searches'
import { EVENT_STATES, type TraceFilter } from '../store/traceFilter'
import { InvalidSearch, readSearch } from './readSearch'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/**
 * Reads the filter of a query: state, bus, source, type, action (a part of it), person (user ids with commas between
 * them), id, rule, from, to (RFC 3339), last (15m, 2h, 1d), data (see readSearch), for which it looks through the events.
 * Other parameters are not its business.
 * @throws ApiError
 */
export async function readFilter(query: URLSearchParams, now: number, searches: Searches): Promise<TraceFilter> {
  const filter = readColumns(query, now)
  const data = query.get('data')
  if (!data?.trim()) return filter
  try {
    return { ...filter, found: await searches.find(readSearch(data)) }
  } catch (error) {
    if (error instanceof InvalidSearch) throw new ApiError(400, 'InvalidFilter', `data: ${error.message}`)
    throw error
  }
}

/** What needs no look into events. */
function readColumns(query: URLSearchParams, now: number): TraceFilter {
  const filter: TraceFilter = {}
  for (const name of ['bus', 'source', 'type', 'action', 'id', 'rule'] as const) {
    const value = query.get(name)
    if (value) filter[name] = value
  }
  const person = query.get('person')
  if (person) filter.people = person.split(',').map((userId) => userId.trim())
  const state = query.get('state')
  if (state) filter.state = EVENT_STATES.find((known) => known === state) ?? refuse('state', EVENT_STATES.join(', '))
  for (const name of ['from', 'to'] as const) {
    const text = query.get(name)
    if (text) filter[name] = isRfc3339(text) ? Date.parse(text) : refuse(name, '2026-11-24T08:00:00Z')
  }
  const last = query.get('last')
  if (last) filter.from = now - readDuration(last)
  const before = query.get('before')
  if (before) filter.before = readNumber('before', before)
  return filter
}

/** @throws ApiError */
export function readLimit(query: URLSearchParams): number {
  const text = query.get('limit')
  return text ? Math.min(readNumber('limit', text), MAX_LIMIT) : DEFAULT_LIMIT
}

/** Of a page that begins after something. @throws ApiError */
export function readAfter(query: URLSearchParams): number {
  const text = query.get('after')
  return text ? readNumber('after', text) : 0
}

function readDuration(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  return number === undefined ? refuse('last', '15m, 2h or 1d') : Number(number) * (UNITS[unit] ?? 0)
}

function readNumber(name: string, text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : refuse(name, 'a number from 1')
}

function refuse(name: string, expected: string): never {
  throw new ApiError(400, 'InvalidFilter', `${name}: must be ${expected}`)
}
