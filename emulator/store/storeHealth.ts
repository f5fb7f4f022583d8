import path from 'node:path'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { StoreLost } from './groupCommit'

/** Whether the store can be written to: told once when that ends, and once when it is so again. */
export interface StoreHealth {
  failed(error: unknown): void
  works(): void
  isFailing(): boolean
}

/** @param file the store's; absent: it is in memory */
export function createStoreHealth(log: (line: string) => void, file?: string): StoreHealth {
  let isFailing = false
  return {
    failed(error) {
      if (!isFailing) {
        const what = 'Until it can, events are refused and deliveries wait; it is tried every second.'
        log(`The event store cannot be written (${errorMessage(error)}).${adviceFor(error, file)} ${what}`)
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

/** By the text too: libsql's errors have no code at times. Of a file that is gone its end is told. */
function adviceFor(error: unknown, file: string | undefined): string {
  const text = `${errorCode(error)} ${errorMessage(error)}`
  if (file === undefined || error instanceof StoreLost) return ''
  const folder = path.dirname(file)
  if (/\bfull\b/i.test(text)) return ` Free some space on the disk of ${folder}.`
  if (/readonly|: 14\b/i.test(text)) return ` Make ${folder}, and the files in it, writable for this user.`
  if (/SQLITE_BUSY|locked/.test(text)) return ` Another process is writing to ${file}: end it, or wait for it.`
  return ` Look after the disk of ${folder}.`
}
