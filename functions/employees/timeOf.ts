import type { JsonPath, Mapping } from '../../shared/mapping/mapping'
import { readField } from '../../shared/mapping/readKeys'
import { firstOf } from '../../shared/mapping/ruleOf'
import { readTime } from './readTime'

type Fields = Readonly<Record<string, unknown>>

/** 1973: before it there is no event, but what a sender writes who knows no time, and times that look like seconds. */
const EARLIEST_MS = 100_000_000_000

/** A sender's clock may be ahead by so much; more would let one event keep a column from every later one. */
const MAX_AHEAD_MS = 5 * 60_000

/** When it happened: never later than when it arrived, and that never later than now, but for what clocks differ. */
export function timeOf(mapping: Mapping, event: Fields, now: number): number {
  const arrival = readTime(event['time']) ?? readTime(event['aliyunpublishtime']) ?? now
  const arrived = arrival > now + MAX_AHEAD_MS ? now : arrival
  const time = firstTime(mapping.time, mapping.zone, event)
  if (time === undefined) return arrived
  return time > arrived + MAX_AHEAD_MS ? arrived : time
}

/** When an event says that it happened, in its fields, and not by when it was published. */
export function saidTime({ fields: [first = []], time, zone }: Mapping, event: Fields): number | undefined {
  const own = time.filter((path) => path.length > first.length && first.every((step, at) => path[at] === step))
  return firstTime(own, zone, event)
}

function firstTime(paths: readonly JsonPath[], zone: string, event: Fields): number | undefined {
  return paths
    .map((path) => readTime(readField(path, event), zone))
    .find((time) => time !== undefined && time >= EARLIEST_MS)
}

/** 0 where the event does not say. */
export function sequenceOf({ sequence }: Mapping, event: Fields): bigint {
  const value = firstOf(sequence, event)
  // an object's own `toString` could throw
  const text = typeof value === 'object' ? '' : String(value).trim()
  return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
}
