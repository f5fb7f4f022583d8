/** Numbers as if at random, the same for the same seed. */
export interface Random {
  /** 0 to n - 1 */
  below(n: number): number
  of<T>(items: readonly T[]): T
  shuffled<T>(items: readonly T[]): T[]
}

/** The same numbers for the same seed (mulberry32), so that a run that failed can be had again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const below = (n: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n)
  }
  return {
    below,
    of: (items) => items[below(items.length)] as (typeof items)[number],
    shuffled(items) {
      const copy = [...items]
      for (let at = copy.length - 1; at > 0; at--) {
        const other = below(at + 1)
        ;[copy[at], copy[other]] = [copy[other] as (typeof copy)[number], copy[at] as (typeof copy)[number]]
      }
      return copy
    },
  }
}
