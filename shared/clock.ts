/** Time as the emulator sees it; tests turn one by hand, so that a day of retries passes at once. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number
  /** Calls back once after so many milliseconds; returns what cancels it. */
  after(ms: number, callback: () => void): () => void
  /** Milliseconds since some moment, whatever the clock is set to meanwhile; without it the clock is one that nobody sets. */
  passed?(): number
}

/** The longest that setTimeout can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
  passed: () => performance.now(),
}

/** What lasts so long is measured by this, and not by the time of day, which somebody may set. */
export function passedOn(clock: Clock): number {
  return clock.passed?.() ?? clock.now()
}
