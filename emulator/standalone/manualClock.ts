import type { Clock } from '../../shared/clock'
import { nextTurn } from '../../shared/realTimers'
import { handlerCalls } from './handlerCalls'

export interface ManualClock extends Clock {
  /** Moves on by so many milliseconds and runs what falls due on the way, in order, each followed by what it set off. */
  advance(ms: number): Promise<void>
  /** how many callbacks wait for their time */
  waiting(): number
  /** how many milliseconds the first of them has to wait; undefined when there is none */
  next(): number | undefined
  /** Has `advance` wait for this before it goes on to what is due next; returns what ends that. */
  waitFor(settled: () => Promise<void>): () => void
}

/** A clock that a test turns: a day passes at once. */
export function manualClock(start = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let now = start
  let timers: { at: number; callback: () => void }[] = []
  const waits = new Set<() => Promise<void>>()
  // records are committed a turn later, and what follows from them begins after that
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => nextTurn(resolve))
    for (const settled of waits) await settled()
  }
  return {
    now: () => now,
    // nobody sets it
    passed: () => now,
    waiting: () => timers.length,
    next: () => (timers.length === 0 ? undefined : Math.min(...timers.map(({ at }) => at)) - now),
    after(ms, callback) {
      // a handler that waits for the clock must not keep the clock waiting
      const resume = handlerCalls.getStore()?.pause() ?? (() => {})
      const timer = {
        at: now + Math.max(0, ms),
        callback() {
          resume()
          callback()
        },
      }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
        resume()
      }
    },
    waitFor(settled) {
      waits.add(settled)
      return () => waits.delete(settled)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined || next.at > end) break
        now = Math.max(now, next.at)
        timers = timers.filter((other) => other !== next)
        next.callback()
        await settle()
      }
      now = end
    },
  }
}
