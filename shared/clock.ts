/** Time as the emulator sees it; tests turn one by hand, so that a day of retries passes at once. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number
  /** Calls back once after so many milliseconds; returns what cancels it. */
  after(ms: number, callback: () => void): () => void
}

/** The longest that setTimeout can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}
