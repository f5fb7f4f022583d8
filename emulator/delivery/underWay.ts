import { nextTurn } from '../../shared/realTimers'

/** Counts what is under way, so that whoever waits for the end of it need not look again and again. */
export interface UnderWay {
  /** Counts this until it is settled; what follows from it is begun before that. */
  during<T>(work: Promise<T>): Promise<T>
  /** One more, and one less, for what is counted in another way. */
  enter(): void
  leave(): void
  /** Resolves once nothing is under way; rejects when that is not waited for any more. */
  settled(): Promise<void>
  /** Ends the waiting. */
  end(reason: Error): void
}

interface Waiter {
  resolve(): void
  reject(reason: Error): void
}

export function countUnderWay(): UnderWay {
  let count = 0
  let ended: Error | undefined
  let waiters: Waiter[] = []

  function enter(): void {
    count++
  }

  function leave(): void {
    count--
    // whoever waited for this goes on first, and may begin another
    if (count === 0 && waiters.length > 0) nextTurn(resolveIfNone)
  }

  function resolveIfNone(): void {
    if (count > 0) return
    const done = waiters
    waiters = []
    for (const { resolve } of done) resolve()
  }

  return {
    enter,
    leave,
    during(work) {
      enter()
      work.then(leave, leave)
      return work
    },
    settled() {
      return new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended)
        waiters.push({ resolve, reject })
        if (count === 0) nextTurn(resolveIfNone)
      })
    },
    end(reason) {
      ended = reason
      const left = waiters
      waiters = []
      for (const { reject } of left) reject(reason)
    },
  }
}
