import type { FunctionError } from './functionError'
import type { Instance } from './instance'

export interface Slot {
  instance: Instance
  /** whether the initializer has succeeded */
  initialized: boolean
}

interface InstancePool {
  /** An idle instance, the most recently used one; else a new one; at the limit the next one free, in order of asking. */
  acquire(): Promise<Slot>
  /** Gives an instance back after use, whether it is still usable or not, and says whether it answered. */
  release(slot: Slot, hasAnswered: boolean): void
  /** all that have not ended, at work or idle */
  slots(): Slot[]
  isIdle(slot: Slot): boolean
  /** Those that wait for an instance get this error instead. */
  rejectWaiting(error: Error): void
}

/** Keeps instances, each for one user at a time, and replaces those that end. */
export function createInstancePool(
  start: () => Instance,
  limit: number,
  onIdleEnded: (error: FunctionError) => void,
): InstancePool {
  const slots = new Set<Slot>()
  const idle: Slot[] = []
  const waiting: { resolve(slot: Slot): void; reject(error: Error): void }[] = []

  function add(): Slot {
    const slot = { instance: start(), initialized: false }
    slots.add(slot)
    void slot.instance.ended.then((error) => remove(slot, error))
    return slot
  }

  function remove(slot: Slot, error: FunctionError): void {
    slots.delete(slot)
    const index = idle.indexOf(slot)
    if (index >= 0) {
      idle.splice(index, 1)
      onIdleEnded(error)
    }
    waiting.shift()?.resolve(add())
  }

  return {
    async acquire() {
      const slot = idle.pop()
      if (slot) return slot
      if (slots.size < limit) return add()
      return await new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    release(slot, hasAnswered) {
      if (!slot.instance.usable()) {
        // it ended in the moment after its answer: nobody else would hear of it
        if (hasAnswered) void slot.instance.ended.then(onIdleEnded)
        return
      }
      const next = waiting.shift()
      if (next) next.resolve(slot)
      else idle.push(slot)
    },
    slots: () => [...slots],
    isIdle: (slot) => idle.includes(slot),
    rejectWaiting(error) {
      for (const { reject } of waiting.splice(0)) reject(error)
    },
  }
}
