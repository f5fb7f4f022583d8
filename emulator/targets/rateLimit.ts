/** At most so many turns in any span of that length. See Target.takeTurn. */
export function createRateLimit(turns: number, spanMs: number): (now: number) => number | undefined {
  const taken: number[] = []
  return function takeTurn(now) {
    while (taken[0] !== undefined && taken[0] + spanMs <= now) taken.shift()
    const [oldest] = taken
    if (oldest !== undefined && taken.length >= turns) return oldest + spanMs
    taken.push(now)
    return undefined
  }
}
