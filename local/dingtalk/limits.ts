const SECOND_MS = 1_000
const BAN_WINDOW_MS = 20_000
const BAN_MS = 5 * 60_000
/** Seconds that are counted one by one: the last hour. */
const MAX_SECONDS = 3_600

/** How often the app may call. DingTalk's standard edition: 20 a second an interface, 10,000 in 20 s an address. */
export interface LimitRule {
  perSecond: number
  banAfter: number
}

export const DINGTALK_LIMITS: LimitRule = { perSecond: 20, banAfter: 10_000 }

/** What a path has seen. */
export interface PathCount {
  calls: number
  /** refused for being too many, among the calls */
  refused: number
  /** the most calls within any 1,000 milliseconds, wherever they begin */
  mostInASecond: number
  /** calls by second, since 1970 */
  bySecond: Readonly<Record<string, number>>
}

type Verdict = { is: 'within' } | { is: 'too many'; second: number } | { is: 'banned' }

export interface Limits {
  /** Counts a call. */
  take(path: string, now: number): Verdict
  counts(): Record<string, PathCount>
  /** calls of all paths, and until when the address is banned */
  total(now: number): { calls: number; bannedForMs: number }
  /** Counts anew, and lifts a ban. */
  reset(): void
}

interface Counted extends Omit<PathCount, 'bySecond'> {
  /** the calls of the last 1,000 milliseconds */
  recent: number[]
  bySecond: Map<number, number>
}

/** @param rule may change at any time */
export function createLimits(rule: () => LimitRule): Limits {
  const paths = new Map<string, Counted>()
  let calls = 0
  let recent: number[] = []
  let bannedUntil = 0
  let last = Number.NEGATIVE_INFINITY

  /** What was counted before the clock was set back is of times that come again; a ban lasts no longer for it. */
  function forgetAhead(now: number): void {
    if (now < last) {
      for (const known of paths.values()) {
        known.recent = []
        known.bySecond.clear()
      }
      recent = []
      bannedUntil = Math.min(bannedUntil, now + BAN_MS)
    }
    last = now
  }

  function count(path: string, now: number) {
    const known: Counted = paths.get(path) ?? {
      calls: 0,
      refused: 0,
      mostInASecond: 0,
      recent: [],
      bySecond: new Map(),
    }
    paths.set(path, known)
    known.calls++
    while ((known.recent[0] ?? now) <= now - SECOND_MS) known.recent.shift()
    known.recent.push(now)
    known.mostInASecond = Math.max(known.mostInASecond, known.recent.length)
    const second = Math.floor(now / SECOND_MS)
    known.bySecond.set(second, (known.bySecond.get(second) ?? 0) + 1)
    const [oldest] = known.bySecond.keys()
    if (known.bySecond.size > MAX_SECONDS && oldest !== undefined) known.bySecond.delete(oldest)
    return { known, second }
  }

  /** Every call counts, those that are refused too. */
  function isBanned(now: number): boolean {
    recent.push(now)
    if (recent.length > 2 * rule().banAfter) recent = recent.slice(-rule().banAfter - 1)
    const before = recent.at(-1 - rule().banAfter)
    if (before !== undefined && before > now - BAN_WINDOW_MS) bannedUntil = now + BAN_MS
    return now < bannedUntil
  }

  return {
    take(path, now) {
      calls++
      forgetAhead(now)
      const { known, second } = count(path, now)
      if (isBanned(now)) {
        known.refused++
        return { is: 'banned' }
      }
      if ((known.bySecond.get(second) ?? 0) <= rule().perSecond) return { is: 'within' }
      known.refused++
      return { is: 'too many', second: second * SECOND_MS }
    },
    counts: () =>
      Object.fromEntries(
        [...paths].map(([path, { recent: _, bySecond, ...rest }]) => [
          path,
          { ...rest, bySecond: Object.fromEntries(bySecond) },
        ]),
      ),
    total: (now) => ({ calls, bannedForMs: Math.min(BAN_MS, Math.max(0, bannedUntil - now)) }),
    reset() {
      paths.clear()
      calls = 0
      recent = []
      bannedUntil = 0
    },
  }
}
