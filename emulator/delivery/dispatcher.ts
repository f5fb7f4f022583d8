import { errorMessage } from '../../shared/errorCode'
import type { Clock } from '../clock'
import { type Buses, findTarget, type Target } from '../config/resources'
import type { Attempt, DueDelivery, Outcome, Store } from '../store/store'
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
  /** deliveries under way at once */
  concurrency: number
}

export interface Dispatcher {
  /** Looks for due deliveries: at start, and whenever events were accepted. */
  wake(): void
  /** Begins no more deliveries and waits for those under way. */
  stop(): Promise<void>
}

/** Delivers what is due, again and again by the target's retry strategy. All it knows is in the store. */
export function createDispatcher({ store, buses, invoke, clock, random, concurrency }: DispatcherOptions): Dispatcher {
  const underWay = new Map<number, Promise<void>>()
  let cancelTimer = () => {}
  let stopped = false

  function wake(): void {
    if (stopped) return
    cancelTimer()
    const free = concurrency - underWay.size
    if (free === 0) return
    for (const delivery of store.due(clock.now(), free, [...underWay.keys()])) {
      underWay.set(
        delivery.seq,
        deliver(delivery).finally(() => {
          underWay.delete(delivery.seq)
          wake()
        }),
      )
    }
    const next = store.nextDueAt([...underWay.keys()])
    if (next !== undefined) cancelTimer = clock.after(next - clock.now(), wake)
  }

  async function deliver(delivery: DueDelivery): Promise<void> {
    const startedAt = clock.now()
    const target = findTarget(buses, delivery.bus, delivery.rule, delivery.target)
    const error = target === undefined ? 'the rule has no such target any more' : await tryOnce(target, delivery.json)
    const attempt: Attempt = { startedAt, ms: clock.now() - startedAt, ...(error !== undefined && { error }) }
    store.record(delivery, attempt, outcomeOf(error, target, delivery.attempts + 1))
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
      await Promise.all(underWay.values())
    },
  }
}
