import { alignColumns } from '../shared/alignColumns'
import { CONNECTIONS } from './load'
import type { Sample } from './sample'

interface Measure {
  name: string
  of(sample: Sample): number
  unit?: 'MB'
  /** by how much the line through it may rise from its beginning to its end, */
  mayRiseBy: number
  /** or by this part of its mean, whichever is more */
  orPart?: number
  /** it goes up and down by the minute, and its lows are what counts */
  isSawtooth?: boolean
  /** what settles only later can be told of so long a run alone */
  fromMs?: number
}

const MINUTE_MS = 60_000
const LONG_MS = 4 * MINUTE_MS

const heldBy = (who: 'stack' | 'database'): Measure[] => [
  // heaps and caches fill for some minutes
  {
    name: `${who}: memory`,
    of: (sample) => sample[who].memoryMb,
    unit: 'MB',
    mayRiseBy: 32,
    orPart: 0.1,
    fromMs: LONG_MS,
  },
  { name: `${who}: open files`, of: (sample) => sample[who].files, mayRiseBy: 8 },
  { name: `${who}: sockets`, of: (sample) => sample[who].sockets, mayRiseBy: CONNECTIONS },
  { name: `${who}: threads`, of: (sample) => sample[who].threads, mayRiseBy: 8 },
]

const MEASURES: readonly Measure[] = [
  ...heldBy('stack'),
  // old events go once a minute
  { name: 'event store', of: ({ storeMb }) => storeMb, unit: 'MB', mayRiseBy: 8, isSawtooth: true, fromMs: LONG_MS },
  { name: 'events not delivered', of: ({ pending }) => pending, mayRiseBy: 200 },
  ...heldBy('database'),
  { name: 'database: on disk', of: ({ databaseMb }) => databaseMb, unit: 'MB', mayRiseBy: 32, fromMs: LONG_MS },
]

export interface Figure {
  name: string
  unit: string
  /** where its line begins and ends */
  from: number
  to: number
  least: number
  most: number
  allowed: number
  verdict: 'flat' | 'grows' | 'too short to tell'
}

/**
 * What of the samples grows: where the line through them rises by more than is allowed.
 * @param warmUpMs from the start, of which nothing counts
 */
export function judge(samples: readonly Sample[], warmUpMs: number): Figure[] {
  const length = samples.at(-1)?.ms ?? 0
  const counted = samples.filter(({ ms }) => ms >= warmUpMs)
  return MEASURES.map(({ name, of, unit = '', mayRiseBy, orPart = 0, isSawtooth, fromMs = 0 }) => {
    const all = counted.map((sample) => [sample.ms, of(sample)] as const)
    const values = all.map(([, value]) => value)
    const { from, to, mean } = lineThrough(isSawtooth ? lowsOf(all) : all)
    const allowed = Math.max(mayRiseBy, orPart * mean)
    // the last sample is taken a moment before the end
    const isLong = length >= fromMs * 0.95
    const verdict = !isLong ? 'too short to tell' : to - from > allowed ? 'grows' : 'flat'
    return { name, unit, from, to, least: Math.min(...values), most: Math.max(...values), allowed, verdict }
  })
}

type Point = readonly [ms: number, value: number]

/** The lowest of each minute. */
function lowsOf(points: readonly Point[]): Point[] {
  const lows = new Map<number, Point>()
  for (const point of points) {
    const minute = Math.floor(point[0] / MINUTE_MS)
    const low = lows.get(minute)
    if (low === undefined || point[1] < low[1]) lows.set(minute, point)
  }
  return [...lows.values()]
}

/** By least squares: its mean, and where it is at the first point and at the last. */
function lineThrough(points: readonly Point[]): { from: number; to: number; mean: number } {
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [at, mean] = [average(points.map(([ms]) => ms)), average(points.map(([, value]) => value))]
  const across = points.reduce((sum, [ms, value]) => sum + (ms - at) * (value - mean), 0)
  const width = points.reduce((sum, [ms]) => sum + (ms - at) ** 2, 0)
  const slope = width === 0 ? 0 : across / width
  const valueAt = ([ms]: Point) => mean + slope * (ms - at)
  const ends = [points[0] ?? [at, mean], points.at(-1) ?? [at, mean]] as const
  return { from: valueAt(ends[0]), to: valueAt(ends[1]), mean }
}

export function tellFigures(figures: readonly Figure[]): string {
  const number = (value: number) => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10).toString()
  const head = ['', 'line from', 'to', 'rises by', 'allowed', 'least', 'most', '']
  const rows = figures.map(({ name, unit, from, to, allowed, least, most, verdict }) => [
    unit === '' ? name : `${name}, ${unit}`,
    ...[from, to, to - from, allowed, least, most].map(number),
    verdict,
  ])
  return alignColumns([head, ...rows]).join('\n')
}
