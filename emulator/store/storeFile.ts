import path from 'node:path'

/** Where the store is in an emulator's folder: a file, as several look for it there. */
export function storeFileIn(folder: string): string {
  return path.join(folder, 'eventbridge', 'store.db')
}
