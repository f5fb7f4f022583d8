import { findTarget } from '../resources/compiledBuses'
import type { Lane, PendingDelivery } from '../store/dueDeliveries'
import type { Attempt, Outcome } from '../store/records'
import type { Store } from '../store/store'
import type { StoreHealth } from '../store/storeHealth'
import { createChangeTeller } from './changeTeller'
import { createLane, type LaneOptions, type ServedLane } from './lane'
import { countUnderWay, type UnderWay } from './underWay'

interface DispatcherOptions extends Omit<LaneOptions, 'record' | 'again' | 'underWay'> {
  /** counts what it does, where somebody waits for the end of it */
  underWay?: Pick<UnderWay, 'during' | 'enter' | 'leave'>
  store: Pick<Store, 'pendingLanes' | 'next' | 'record' | 'blockedLanes' | 'unblock'>
  /** is told when the store fails */
  health: Pick<StoreHealth, 'failed'>
  /** has what waits in the store follow the clock; see followClock */
  timesSet?(): number
  /** takes a line when a target begins to fail, and when it works again */
  tell?(line: string): void
}

interface Dispatcher {
  /**
   * Looks for due deliveries, once for all who ask in the same turn: at start, and whenever events were accepted, or a rule
   * was enabled, changed or unblocked.
   * @param lanes where; all of them unless given
   */
  wake(lanes?: readonly Lane[]): void
  /** Begins no more deliveries and waits for those under way. */
  stop(): Promise<void>
}

interface Unwritten {
  write(): Promise<void>
  /** ends the delivery */
  written(): void
}

/** How long to wait for a store that fails, e.g. on a full disk. */
const STORE_PAUSE_MS = 1_000

/**
 * Delivers what is due, again and again by the target's retry strategy, a lane for each target. All it knows is in the
 * store.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, buses, clock, underWay = countUnderWay(), health, timesSet = () => 0 } = options
  const lanes = new Map<string, ServedLane>()
  let cancelPause = () => {}
  let stopped = false
  let paused = false
  /** where something may be due; undefined while nobody has asked */
  let woken: Lane[] | 'all' | undefined
  /** of a former run, or of this one */
  let mayBeBlocked = true
  let knownTimesSet = timesSet()
  /** what was done and could not be noted, the oldest first */
  const unwritten: Unwritten[] = []
  const tellChange = createChangeTeller(options.tell ?? (() => {}))

  function wake(lanes?: readonly Lane[]): void {
    const isAwake = woken !== undefined
    if (lanes === undefined || woken === 'all') {
      woken = 'all'
    } else {
      // by thousands in a turn: not copied anew for each
      woken ??= []
      woken.push(...lanes)
    }
    if (isAwake) return
    underWay.enter()
    // a group of events is accepted in one turn; not queueMicrotask, which fake timers of test runners replace
    void Promise.resolve().then(() => {
      const lanes = woken
      woken = undefined
      look(lanes === 'all' ? undefined : lanes)
      underWay.leave()
    })
  }

  function look(lanes: readonly Lane[] | undefined): void {
    if (stopped || paused) return
    try {
      followClock()
      const served = new Set((lanes ?? store.pendingLanes()).map(servedLane))
      for (const lane of served) {
        lane.look()
        serve(lane)
      }
      if (lanes !== undefined || !mayBeBlocked) return
      const blocked = store.blockedLanes()
      mayBeBlocked = blocked.length > 0
      for (const lane of blocked) if (!findTarget(buses, lane)) free(lane)
    } catch (error) {
      pause(error)
    }
  }

  /** @throws what the store throws */
  function followClock(): void {
    const times = timesSet()
    if (times === knownTimesSet) return
    knownTimesSet = times
    for (const lane of lanes.values()) lane.forget()
    // their timers are those of before
    wake()
  }

  /** A blocked target that is removed holds up nothing any more: what is for it is dropped, as for any that is gone. */
  function free(lane: Lane): void {
    void underWay.during(store.unblock(lane, clock.now()).then(() => wake(), pause))
  }

  function servedLane(lane: Lane): ServedLane {
    const name = `${lane.bus}/${lane.rule}/${lane.target}`
    const known = lanes.get(name)
    if (known !== undefined) return known
    const served = createLane(lane, { ...options, underWay, record, again: () => serve(served) })
    lanes.set(name, served)
    return served
  }

  function serve(lane: ServedLane): void {
    if (stopped || paused) return
    try {
      followClock()
      lane.serve()
    } catch (error) {
      pause(error)
    }
  }

  /**
   * What the store cannot note is kept here until it can, so that nothing is delivered again meanwhile. Only where the process
   * ends before that is it: at least once is what is promised.
   */
  async function record(
    delivery: PendingDelivery,
    attempt: Attempt,
    outcome: Outcome,
    when: 'now' | 'soon',
  ): Promise<void> {
    tellChange(delivery, attempt.error)
    try {
      await store.record(delivery, attempt, outcome, when)
    } catch (error) {
      pause(error)
      const write = () => store.record(delivery, attempt, outcome)
      if (!stopped) await new Promise<void>((written) => unwritten.push({ write, written }))
    }
    if (outcome.state !== 'blocked') return
    mayBeBlocked = true
    // its target may have been removed meanwhile
    wake()
  }

  function pause(error: unknown): void {
    health.failed(error)
    if (paused || stopped) return
    paused = true
    cancelPause = clock.after(STORE_PAUSE_MS, () => {
      paused = false
      writeDown().then(() => wake(), pause)
    })
  }

  async function writeDown(): Promise<void> {
    for (let [first] = unwritten; first !== undefined; [first] = unwritten) {
      await first.write()
      unwritten.shift()
      first.written()
    }
  }

  return {
    wake,
    async stop() {
      stopped = true
      cancelPause()
      for (const lane of lanes.values()) lane.rest()
      await writeDown().catch(health.failed)
      for (const { written } of unwritten) written()
      await Promise.all([...lanes.values()].map((lane) => lane.settled()))
    },
  }
}
