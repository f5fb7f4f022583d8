import { randomBytes, timingSafeEqual } from 'node:crypto'

const HOLDS_MS = 10 * 60 * 1000
/** A rule may let a stranger ask for codes; the oldest are forgotten. */
const MAX_CODES = 100

interface Code {
  code: string
  until: number
  /** which action it confirms */
  action: string
  /** what was told with it */
  told: unknown
}

/** By the instance whose they are. */
const codes = new WeakMap<object, Code[]>()

/**
 * A code that confirms this action, and no other, on this instance, for ten minutes. It is told in the answer to an
 * invocation, which nobody sees but its invoker, and is known nowhere else: whoever only gets a payload to the function, by
 * a rule that delivers what a stranger sent, cannot know it, nor find it out from anything.
 */
export function codeFor(instance: object, action: string, told: unknown, now: number): string {
  const code = randomBytes(12).toString('hex')
  const kept = (codes.get(instance) ?? []).filter(({ until }) => until >= now)
  codes.set(instance, [...kept, { code, until: now + HOLDS_MS, action, told }].slice(-MAX_CODES))
  return code
}

/**
 * What was told with a code, as the same action told it; the code then holds for ten minutes more, since a large action
 * takes several invocations.
 * @returns undefined when this instance has told no such code for this action, or not of late
 */
export function toldWith<T>(instance: object, action: string, code: unknown, now: number): T | undefined {
  const found = (codes.get(instance) ?? []).filter((known) => isSame(code, known.code))
  const known = found.find((one) => one.until >= now && one.action === action)
  if (known === undefined) return undefined
  known.until = now + HOLDS_MS
  return known.told as T
}

function isSame(given: unknown, code: string): boolean {
  const bytes = Buffer.from(typeof given === 'string' ? given : '')
  return bytes.length === code.length && timingSafeEqual(bytes, Buffer.from(code))
}
