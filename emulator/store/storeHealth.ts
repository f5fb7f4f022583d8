import { errorCode, errorMessage } from '../../shared/errorCode'
import { StoreLost } from './groupCommit'

/** Whether the store can be written to: told once when that ends, and once when it is so again. */
export interface StoreHealth {
  failed(error: unknown): void
  works(): void
  isFailing(): boolean
}

export function createStoreHealth(log: (line: string) => void): StoreHealth {
  let isFailing = false
  return {
    failed(error) {
      if (!isFailing) {
        const what = 'Until it can, events are refused and deliveries wait; it is tried every second.'
        log(`The event store cannot be written (${errorMessage(error)}). ${what}`)
      }
      isFailing = true
    },
    isFailing: () => isFailing,
    works() {
      if (isFailing) log('The event store can be written again. Events are accepted, and deliveries go on.')
      isFailing = false
    },
  }
}

/** A full disk, or a file that is gone, is no fault of ours that a stack would lead to. What a constraint refuses is one. */
export function isStoreFailure(error: unknown): boolean {
  if (error instanceof StoreLost) return true
  return error instanceof Error && error.name === 'SqliteError' && !errorCode(error)?.startsWith('SQLITE_CONSTRAINT')
}
