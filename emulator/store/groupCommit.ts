import type Database from 'libsql'
import { nextTurn } from '../../shared/realTimers'

/** Puts the writes of one turn of the event loop into one transaction, so that they share its flush to disk. */
interface GroupCommit {
  /**
   * Does the work in the next transaction; resolves once that is on disk. A work that throws is undone by itself and
   * rejects; a transaction that cannot be committed, or was committed to a file that nobody finds again, rejects all of its
   * works.
   */
  commit<T>(work: () => T): Promise<T>
  /** Commits at once what waits; what comes later rejects. To be called before the database is closed. */
  end(): void
}

/** What was written is in no file that anybody finds again. */
export class StoreLost extends Error {
  override name = 'StoreLost' as const
}

interface Waiting {
  work(): unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * @param lost what became of the file, once it is not there, or not whole, any more
 * @param health is told whether what was written is on disk
 */
export function createGroupCommit(
  database: Database.Database,
  lost: () => string | undefined = () => undefined,
  health?: { failed(error: unknown): void; works(): void },
): GroupCommit {
  const selectChanges = database.prepare('SELECT total_changes() AS n')
  let waiting: Waiting[] = []
  let isEnded = false

  function flush(): void {
    if (waiting.length === 0) return
    const group = waiting
    waiting = []
    try {
      refuseLost()
      const before = changes()
      database.exec('BEGIN IMMEDIATE')
      const settle = group.map(doWork)
      database.exec('COMMIT')
      refuseLost()
      // one that writes nothing fits on the fullest disk
      if (changes() > before) health?.works()
      for (const settled of settle) settled()
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      health?.failed(error)
      for (const { reject } of group) reject(error)
    }
  }

  function changes(): number {
    return (selectChanges.get() as { n: number }).n
  }

  function refuseLost(): void {
    const loss = lost()
    if (loss !== undefined) throw new StoreLost(loss)
  }

  function doWork({ work, resolve, reject }: Waiting): () => void {
    database.exec('SAVEPOINT work')
    try {
      const value = work()
      database.exec('RELEASE work')
      return () => resolve(value)
    } catch (error) {
      // a full disk ends the whole of it
      if (!database.inTransaction) throw error
      database.exec('ROLLBACK TO work; RELEASE work')
      return () => reject(error)
    }
  }

  return {
    commit<T>(work: () => T): Promise<T> {
      return new Promise((resolve, reject) => {
        // libsql ends the process where a database that is closed is asked for its transaction
        if (isEnded) return reject(new Error('The event store is closed.'))
        if (waiting.length === 0) nextTurn(flush)
        waiting.push({ work, resolve: (value) => resolve(value as T), reject })
      })
    },
    end() {
      isEnded = true
      flush()
    },
  }
}
