import fs from 'node:fs'
import path from 'node:path'
import { openStore, type Store } from '../../emulator/store/store'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'

/**
 * Works on the event store of the local stack. The running stack has it open too: SQLite's write-ahead log takes several
 * processes.
 * @param localDir LOCAL_DIR
 * @throws UserError when there is none, or when it cannot be read or written
 */
export async function withLocalStore<T>(localDir: string, work: (store: Store) => Promise<T>): Promise<T> {
  const file = path.join(localDir, 'eventbridge', 'store.db')
  if (!fs.existsSync(file)) throw new UserError('The local stack has no events yet.')
  let store: Store | undefined
  try {
    store = openStore(file)
    return await work(store)
  } catch (error) {
    const code = errorCode(error)
    if (!code?.startsWith('SQLITE_')) throw error
    throw new UserError(
      `The event store ${file} cannot be used (${code}). Run the command again, or restart npm start.`,
    )
  } finally {
    store?.close()
  }
}
