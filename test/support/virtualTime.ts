import { type Clock, systemClock } from '../../shared/clock'

/** Time that passes when a test says so, and what is to happen in it. */
export interface VirtualTime {
  clock: Clock
  /** Something that is to happen so much later. */
  later(ms: number, happens: () => Promise<void>): void
  /** Lets so much time pass, and what falls due in it happen: one after the other, by the time, then in the order of the calls. */
  pass(ms: number): Promise<void>
  /** Lets everything happen that is to. */
  end(): Promise<void>
}

interface Due {
  at: number
  happens(): Promise<void>
}

export function virtualTime(start: number): VirtualTime {
  let now = start
  let isHappening = false
  const due: Due[] = []

  async function passTo(end: number): Promise<void> {
    // what happens may take time itself
    if (!isHappening) {
      isHappening = true
      for (let next = due[0]; next !== undefined && next.at <= end; next = due[0]) {
        due.shift()
        now = Math.max(now, next.at)
        await next.happens()
      }
      isHappening = false
    }
    now = Math.max(now, end)
  }

  return {
    // a pause before another try, which no test here needs
    clock: { now: () => now, after: systemClock.after },
    later(ms, happens) {
      const at = now + ms
      const before = due.findLastIndex((other) => other.at <= at)
      due.splice(before + 1, 0, { at, happens })
    },
    pass: (ms) => passTo(now + ms),
    async end() {
      for (let last = due.at(-1); last !== undefined; last = due.at(-1)) await passTo(last.at)
    },
  }
}
