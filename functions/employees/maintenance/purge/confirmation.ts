import { randomBytes, timingSafeEqual } from 'node:crypto'

/** A purge as it was told before anything was erased. */
export interface ToldPurge {
  days: number
  /** its time, from which the days count */
  nowMs: number
  /** how many rows each part of it held */
  counts: readonly number[]
}

const HOLDS_MS = 10 * 60 * 1000
/** A rule may let a stranger ask for codes; the oldest are forgotten. */
const MAX_CODES = 100

interface Code {
  code: string
  until: number
  purge: ToldPurge
}

/** By the instance whose they are. */
const codes = new WeakMap<object, Code[]>()

/**
 * A code that confirms this purge, and no other, on this instance, for ten minutes. It is told in the answer to an
 * invocation, which nobody sees but its invoker, and is known nowhere else: whoever only gets a payload to the function, by
 * a rule that delivers what a stranger sent, cannot know it, nor find it out from anything.
 */
export function confirmationFor(instance: object, purge: ToldPurge, now: number): string {
  const code = randomBytes(12).toString('hex')
  const kept = (codes.get(instance) ?? []).filter(({ until }) => until >= now)
  codes.set(instance, [...kept, { code, until: now + HOLDS_MS, purge }].slice(-MAX_CODES))
  return code
}

/**
 * The purge that a code confirms; it then holds for ten minutes more, since a large one takes several invocations.
 * @returns undefined when this instance has told no such code for these days, or not of late
 */
export function confirmedPurge(instance: object, code: unknown, days: number, now: number): ToldPurge | undefined {
  const found = (codes.get(instance) ?? []).filter((known) => isSame(code, known.code))
  const [known] = found.filter(({ until, purge }) => until >= now && purge.days === days)
  if (known === undefined) return undefined
  known.until = now + HOLDS_MS
  return known.purge
}

function isSame(given: unknown, code: string): boolean {
  const bytes = Buffer.from(typeof given === 'string' ? given : '')
  return bytes.length === code.length && timingSafeEqual(bytes, Buffer.from(code))
}
