import { type Clock, passedOn } from '../../shared/clock'
import type { Store } from './store'

/** Less than this is the drift that every clock has. */
const SET_BY_MS = 1_000

/**
 * What waits in the store waits for time to pass: where the clock is set meanwhile, forwards or back, the moments that are
 * waited for are moved by as much.
 * @returns a function that looks whether that was so, and says how often it has been; it throws what the store throws
 */
export function followClock(clock: Clock, store: Pick<Store, 'clockWasSet'>): () => number {
  const difference = () => clock.now() - passedOn(clock)
  let known = difference()
  let times = 0
  return function timesSet() {
    const by = difference() - known
    if (Math.abs(by) >= SET_BY_MS) {
      store.clockWasSet(by, clock.now())
      known += by
      times++
    }
    return times
  }
}
