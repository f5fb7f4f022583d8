import { errorMessage } from '../../shared/errorCode'
import type { Clock } from '../clock'
import { type Buses, findTarget } from '../config/resources'
import type { DueDelivery, Excepted } from '../store/dueDeliveries'
import type { Attempt, Outcome } from '../store/records'
import type { Store } from '../store/store'
import type { DeliveryResult, Target } from '../targets/target'
import { retryDelay } from './retrySchedule'

export interface DispatcherOptions {
  store: Pick<Store, 'due' | 'nextDueAt' | 'record'>
  buses: Buses
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
  const { store, buses, clock, random, concurrency, log } = options
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
    const result: DeliveryResult =
      target === undefined ? { error: 'the rule has no such target any more' } : await tryOnce(target, delivery.json)
    const attempt: Attempt = { startedAt, ms: clock.now() - startedAt, ...result }
    await store.record(delivery, attempt, outcomeOf(result.error, target, delivery.attempts + 1))
    failureIsKnown = false
  }

  async function tryOnce(target: Target, eventText: string): Promise<DeliveryResult> {
    try {
      return await target.deliver(eventText)
    } catch (error) {
      return { error: errorMessage(error) }
    }
  }

  function outcomeOf(error: string | undefined, target: Target | undefined, failedAttempts: number): Outcome {
    if (error === undefined) return { state: 'delivered' }
    const delay = target && retryDelay(target.retryStrategy, failedAttempts, random)
    return delay === undefined ? { state: 'dropped' } : { state: 'pending', nextAttemptAt: clock.now() + delay }
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
