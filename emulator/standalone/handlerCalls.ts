import { AsyncLocalStorage } from 'node:async_hooks'
import type { UnderWay } from '../delivery/underWay'

/** A call of a handler, as what it calls finds it. */
export interface HandlerCall {
  /** whose handler it is */
  owner: object
  /** Whether it goes on. */
  isRunning(): boolean
  /** It waits for a clock: as long as it does, nobody waits for it. Returns what ends that. */
  pause(): () => void
  /** It has ended. */
  end(): void
}

/** The call that the code which runs is in, of whatever bus in this process. */
export const handlerCalls = new AsyncLocalStorage<HandlerCall | undefined>()

export function createHandlerCall(owner: object, underWay: Pick<UnderWay, 'enter' | 'leave'>): HandlerCall {
  let pauses = 0
  let isOver = false

  function resume(): void {
    if (!isOver && --pauses === 0) underWay.enter()
  }

  return {
    owner,
    isRunning: () => !isOver,
    pause() {
      if (!isOver && pauses++ === 0) underWay.leave()
      let isResumed = false
      return () => {
        if (!isResumed) resume()
        isResumed = true
      }
    },
    end() {
      // it has set a timer and not waited for it
      if (pauses > 0) underWay.enter()
      isOver = true
    },
  }
}
