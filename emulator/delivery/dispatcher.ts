import { errorMessage } from '../../shared/errorCode'
import type { Clock } from '../clock'
import { type Buses, findTarget, type Target } from '../config/resources'
import type { Attempt, DueDelivery, Excepted, Outcome, Store } from '../store/store'
import { retryDelay } from './retrySchedule'

/**
 * Invokes a function synchronously with a payload. Resolves to undefined when it succeeded, else to what went wrong, in
 * a few words; a rejection counts as a failure too.
 */
export type InvokeFunction = (functionName: string, payload: string) => Promise<string | undefined>

export interface DispatcherOptions {
  store: Store
  buses: Buses
  invoke: InvokeFunction
  clock: Clock
  /** in [0, 1), for the back-off */
  random(): number
  /** deliveries under way at once to one target, so that a slow one holds up no other */
  concurrency: number
  /** takes a line when the store fails */
  log(line: string): void
}

export interface Dispatcher {
  /** Looks for due deliveries: at start, and whenever events were accepted. */
  wake(): void
  /** Begins no more deliveries and waits for those under way. */
  stop(): Promise<void>
}

/** How long to wait for a store that fails, e.g. on a full disk. */
const STORE_PAUSE_MS = 1_000

/** Delivers what is due, again and again by the target's retry strategy. All it knows is in the store. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, buses, invoke, clock, random, concurrency, log } = options
  const underWay = new Map<number, { lane: string; done: Promise<void> }>()
  let cancelTimer = () => {}
  let stopped = false
  let paused = false
  let failureIsKnown = false

  function wake(): void {
    if (stopped || paused) return
    cancelTimer()
    try {
      let due = store.due(clock.now(), concurrency, excepted())
      while (due.length > 0) {
        for (const delivery of due) if (!isFull(delivery.lane)) begin(delivery)
        due = store.due(clock.now(), concurrency, excepted())
      }
      const next = store.nextDueAt(excepted())
      if (next !== undefined) cancelTimer = clock.after(next - clock.now(), wake)
    } catch (error) {
      pause(error)
    }
  }

  function begin(delivery: DueDelivery): void {
    const done = deliver(delivery)
      .catch(pause)
      .then(() => {
        underWay.delete(delivery.seq)
        wake()
      })
    underWay.set(delivery.seq, { lane: delivery.lane, done })
  }

  const isFull = (lane: string) => [...underWay.values()].filter((other) => other.lane === lane).length >= concurrency

  function excepted(): Excepted {
    const lanes = new Set([...underWay.values()].map(({ lane }) => lane))
    return { deliveries: [...underWay.keys()], lanes: [...lanes].filter(isFull) }
  }

  /** What the store could not note stays pending in it and is delivered again: at least once is what is promised. */
  function pause(error: unknown): void {
    if (!failureIsKnown)
      log(`The event store fails (${errorMessage(error)}). Deliveries wait; it is tried every second.`)
    failureIsKnown = true
    if (paused || stopped) return
    paused = true
    cancelTimer()
    cancelTimer = clock.after(STORE_PAUSE_MS, () => {
      paused = false
      wake()
    })
  }

  async function deliver(delivery: DueDelivery): Promise<void> {
    const startedAt = clock.now()
    const target = findTarget(buses, delivery.bus, delivery.rule, delivery.target)
    const error = target === undefined ? 'the rule has no such target any more' : await tryOnce(target, delivery.json)
    const attempt: Attempt = { startedAt, ms: clock.now() - startedAt, ...(error !== undefined && { error }) }
    store.record(delivery, attempt, outcomeOf(error, target, delivery.attempts + 1))
    failureIsKnown = false
  }

  async function tryOnce(target: Target, eventText: string): Promise<string | undefined> {
    try {
      return await invoke(target.functionName, target.transform(eventText))
    } catch (error) {
      return errorMessage(error)
    }
  }

  function outcomeOf(error: string | undefined, target: Target | undefined, failedAttempts: number): Outcome {
    if (error === undefined) return { state: 'delivered' }
    const delay = target && retryDelay(target.retryStrategy, failedAttempts, random)
    return delay === undefined ? { state: 'dead' } : { state: 'pending', nextAttemptAt: clock.now() + delay }
  }

  return {
    wake,
    async stop() {
      stopped = true
      cancelTimer()
      await Promise.all([...underWay.values()].map(({ done }) => done))
    },
  }
}
