import type { JsonPath, Mapping } from '../../shared/mapping/mapping'
import { readField } from '../../shared/mapping/readKeys'
import { firstOf } from '../../shared/mapping/ruleOf'
import { readTime } from './readTime'

type Fields = Readonly<Record<string, unknown>>

/** 1973: before it there is no event, but what a sender writes who knows no time, and times that look like seconds. */
const EARLIEST_MS = 100_000_000_000

/** A sender's clock may be ahead by so much; more would let one event keep a column from every later one. */
const MAX_AHEAD_MS = 5 * 60_000

/** Where a CloudEvent has when it was published. */
const PUBLISHED = ['time', 'aliyunpublishtime']

/** When it happened: never later than when it arrived, and that never later than now, but for what clocks differ. */
export function timeOf(mapping: Mapping, event: Fields, now: number): number {
  const arrival = publishedAt(event) ?? now
  const arrived = arrival > now + MAX_AHEAD_MS ? now : arrival
  const time = firstTime(mapping.time, mapping.zone, event)
  if (time === undefined) return arrived
  return time > arrived + MAX_AHEAD_MS ? arrived : time
}

function publishedAt(event: Fields): number | undefined {
  for (const name of PUBLISHED) {
    const time = readTime(event[name])
    if (time !== undefined) return time
  }
  return undefined
}

/** When an event, or an item of it, says itself that it happened, and not by when it was published. */
export function saidTime({ time, zone }: Mapping, event: Fields): number | undefined {
  return firstTime(time.filter(isSaid), zone, event)
}

/** Not of `$.time` and the like, which say when the event was published. */
function isSaid([first, ...more]: JsonPath): boolean {
  return more.length > 0 || !PUBLISHED.includes(String(first))
}

function firstTime(paths: readonly JsonPath[], zone: string, event: Fields): number | undefined {
  for (const path of paths) {
    const time = readTime(readField(path, event), zone)
    if (time !== undefined && time >= EARLIEST_MS) return time
  }
  return undefined
}

/** 0 where the event does not say. */
export function sequenceOf({ sequence }: Mapping, event: Fields): bigint {
  const value = firstOf(sequence, event)
  // an object's own `toString` could throw
  const text = typeof value === 'object' ? '' : String(value).trim()
  return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
}
