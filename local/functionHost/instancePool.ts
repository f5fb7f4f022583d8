import os from 'node:os'
import { type Clock, passedOn, systemClock } from '../../shared/clock'
import type { FunctionError } from './functionError'
import type { Instance } from './instance'

export interface Slot {
  instance: Instance
  /** whether the initializer has succeeded */
  initialized: boolean
}

interface InstancePool {
  /**
   * An idle instance, the most recently used one; else the next one free, in order of asking, which may be a new one: the
   * first at once, others, up to the limit, where somebody has waited for a while.
   */
  acquire(): Promise<Slot>
  /** Gives an instance back after use, whether it is still usable or not, and says whether it answered. */
  release(slot: Slot, hasAnswered: boolean): void
  /** all that have not ended, at work or idle */
  slots(): Slot[]
  isIdle(slot: Slot): boolean
  /** Those that wait for an instance get this error instead, and no instance is added or ended any more. */
  close(error: Error): void
}

interface PoolOptions {
  start(): Instance
  limit: number
  /** an idle instance ended by itself */
  onIdleEnded(error: FunctionError): void
  /** Ends an instance that has been idle for long. */
  endIdle(slot: Slot): Promise<void>
  clock?: Clock
  cores?: number
}

/** Less than a new instance takes to load a bundle: whoever waits less is served sooner without one. */
export const GROW_AFTER_MS = 50
/** Once there is one for each core: if they compute, another makes all of them slower; if they wait for somebody, it does not. */
export const GROW_BEYOND_CORES_AFTER_MS = 500
/** One is kept. */
export const IDLE_MS = 60_000

/** Keeps instances, each for one user at a time, and replaces those that end. */
export function createInstancePool(options: PoolOptions): InstancePool {
  const { start, limit, onIdleEnded, endIdle, clock = systemClock, cores = os.availableParallelism() } = options
  const slots = new Set<Slot>()
  /** the longest idle first */
  let idle: { slot: Slot; since: number }[] = []
  const ending = new Set<Slot>()
  let waiting: { resolve(slot: Slot): void; reject(error: unknown): void; since: number }[] = []
  const growing = alarm(clock, grow)
  const resting = alarm(clock, endLongIdle)

  function add(): Slot {
    const slot = { instance: start(), initialized: false }
    slots.add(slot)
    void slot.instance.ended.then((error) => remove(slot, error))
    return slot
  }

  function remove(slot: Slot, error: FunctionError): void {
    slots.delete(slot)
    ending.delete(slot)
    const others = idle.filter((one) => one.slot !== slot)
    if (others.length < idle.length) onIdleEnded(error)
    idle = others
    addForFirst()
  }

  function addForFirst(): void {
    const [first] = waiting
    if (first === undefined) return
    try {
      const slot = add()
      waiting.shift()
      first.resolve(slot)
    } catch (error) {
      // those that are there serve it
      if (slots.size === 0) refuseWaiting(error)
    }
  }

  function refuseWaiting(error: unknown): void {
    for (const { reject } of waiting) reject(error)
    waiting = []
  }

  function grow(): void {
    const [first] = waiting
    if (first === undefined || slots.size >= limit) return
    const left = leftOf(growAfter(), first.since)
    if (left <= 0) addForFirst()
    // at most one in that time: the new one may do
    growing.set(left <= 0 ? growAfter() : left)
  }

  function growAfter(): number {
    return slots.size < cores ? GROW_AFTER_MS : GROW_BEYOND_CORES_AFTER_MS
  }

  function leftOf(ms: number, since: number): number {
    return ms - (passedOn(clock) - since)
  }

  function endLongIdle(): void {
    for (const { slot, since } of idle.slice(0, slots.size - ending.size - 1)) {
      const left = leftOf(IDLE_MS, since)
      if (left > 0) {
        resting.set(left)
        return
      }
      idle = idle.filter((one) => one.slot !== slot)
      ending.add(slot)
      void endIdle(slot)
    }
  }

  return {
    async acquire() {
      const slot = idle.pop()?.slot
      if (slot) return slot
      if (slots.size === 0) return add()
      return await new Promise((resolve, reject) => {
        waiting.push({ resolve, reject, since: passedOn(clock) })
        if (slots.size < limit) growing.set(growAfter())
      })
    },
    release(slot, hasAnswered) {
      if (!slot.instance.usable()) {
        // it ended in the moment after its answer: nobody else would hear of it
        if (hasAnswered) void slot.instance.ended.then(onIdleEnded)
        return
      }
      const next = waiting.shift()
      if (next) {
        next.resolve(slot)
        return
      }
      idle.push({ slot, since: passedOn(clock) })
      if (slots.size > 1) resting.set(IDLE_MS)
    },
    slots: () => [...slots],
    isIdle: (slot) => ending.has(slot) || idle.some((one) => one.slot === slot),
    close(error) {
      growing.close()
      resting.close()
      refuseWaiting(error)
    },
  }
}

/** Calls back after the time that it is first set to; once closed no more. */
function alarm(clock: Clock, callback: () => void): { set(ms: number): void; close(): void } {
  let cancel: (() => void) | undefined
  let isOpen = true
  return {
    set(ms) {
      if (!isOpen) return
      cancel ??= clock.after(ms, () => {
        cancel = undefined
        callback()
      })
    },
    close() {
      isOpen = false
      cancel?.()
    },
  }
}
