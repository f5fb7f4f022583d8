import type Database from 'libsql'
import { afterMs, cancelAfter, nextTurn } from '../../shared/realTimers'
import { openLogFlush } from './logFlush'

/**
 * Puts the writes of one turn of the event loop into one transaction, so that they share its flush to disk. That flush is
 * waited for beside the event loop, and what comes meanwhile is the next group.
 */
interface GroupCommit {
  /**
   * Does the work in the next transaction; resolves once that is on disk. A work that throws is undone by itself and
   * rejects; a transaction that cannot be committed, or was committed to a file that nobody finds again, rejects all of its
   * works.
   * @param work writes to the database and does nothing else: where one of its group throws, all are undone and done again
   * @param when `soon` goes with the next that is asked for now, or by itself some milliseconds later
   */
  commit<T>(work: () => T, when?: 'now' | 'soon'): Promise<T>
  /** Resolves once nothing waits for the disk. */
  written(): Promise<void>
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

/** A group that is committed, and told so once it is on disk. */
interface Committed {
  group: readonly Waiting[]
  settle: readonly (() => void)[]
  /** whether it says that a store which failed works again: a group that writes nothing fits on the fullest disk */
  isProof: boolean
}

/** How long what is asked for soon waits for another that it can go with. */
const SOON_MS = 10

/** Of those that are asked for soon; more are written at once. */
const MOST_WAITING = 256

export interface GroupCommitOptions {
  /** SQLite's write-ahead log; without one the database is in memory, and there is nothing to flush */
  logFile?: string | undefined
  /** what became of the file, once it is not there, or not whole, any more */
  lost?(): string | undefined
  /** is told whether what was written is on disk */
  health?: { failed(error: unknown): void; works(): void; isFailing(): boolean } | undefined
}

export function createGroupCommit(
  database: Database.Database,
  { logFile, lost = () => undefined, health }: GroupCommitOptions = {},
): GroupCommit {
  const selectChanges = database.prepare('SELECT total_changes() AS n')
  const log = logFile === undefined ? undefined : openLogFlush(database, logFile)
  let waiting: Waiting[] = []
  let flushing: Committed | undefined
  let isEnded = false
  /** whether one of those that wait is asked for now */
  let isUrgent = false
  let isScheduled = false
  let soon: NodeJS.Timeout | undefined
  let whenWritten: (() => void)[] = []

  function flush(): void {
    isScheduled = false
    if (flushing !== undefined || waiting.length === 0) return
    const group = waiting
    waiting = []
    isUrgent = false
    cancelAfter(soon)
    soon = undefined
    try {
      const committed = write(group)
      if (log === undefined) {
        settleAll(committed)
        schedule()
        return
      }
      flushing = committed
      log.flush((error) => {
        flushing = undefined
        if (error === undefined) settleAll(committed)
        else rejectAll(group, error)
        schedule()
      })
    } catch (error) {
      rejectAll(group, error)
      schedule()
    }
  }

  /** For what came meanwhile, and for what comes. */
  function schedule(): void {
    if (flushing !== undefined || isScheduled) return
    if (waiting.length === 0) {
      isUrgent = false
      tellWritten()
    } else if (isUrgent || waiting.length >= MOST_WAITING) {
      isScheduled = true
      nextTurn(flush)
    } else {
      soon ??= afterMs(flush, SOON_MS)
    }
  }

  function tellWritten(): void {
    const told = whenWritten
    whenWritten = []
    for (const tell of told) tell()
  }

  /** @throws what keeps the whole group from being committed */
  function write(group: readonly Waiting[]): Committed {
    refuseLost()
    log?.mend()
    const before = health?.isFailing() ? changes() : undefined
    const settle = doTogether(group) ?? inTransaction(() => group.map(doAlone))
    refuseLost()
    return { group, settle, isProof: before !== undefined && changes() > before }
  }

  /** undefined, and nothing done, where one of them throws: savepoints, which tell whose writes are whose, cost as much as these */
  function doTogether(group: readonly Waiting[]): (() => void)[] | undefined {
    let hasThrown = false
    try {
      return inTransaction(() =>
        group.map(({ work, resolve }) => {
          hasThrown = true
          const value = work()
          hasThrown = false
          return () => resolve(value)
        }),
      )
    } catch (error) {
      if (hasThrown) return undefined
      throw error
    }
  }

  function doAlone({ work, resolve, reject }: Waiting): () => void {
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

  /** Whoever writes otherwise has SQLite wait for the disk. */
  function inTransaction<T>(work: () => T): T {
    if (log !== undefined) database.exec('PRAGMA synchronous = NORMAL')
    try {
      database.exec('BEGIN IMMEDIATE')
      const value = work()
      database.exec('COMMIT')
      return value
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    } finally {
      if (log !== undefined) database.exec('PRAGMA synchronous = FULL')
    }
  }

  function changes(): number {
    return (selectChanges.get() as { n: number }).n
  }

  function refuseLost(): void {
    const loss = lost()
    if (loss !== undefined) throw new StoreLost(loss)
  }

  function settleAll({ settle, isProof }: Committed): void {
    if (isProof) health?.works()
    for (const settled of settle) settled()
  }

  function rejectAll(group: readonly Waiting[], error: unknown): void {
    health?.failed(error)
    for (const { reject } of group) reject(error)
  }

  function flushNow(committed: Committed): void {
    try {
      log?.flushNow()
      settleAll(committed)
    } catch (error) {
      rejectAll(committed.group, error)
    }
  }

  return {
    commit<T>(work: () => T, when: 'now' | 'soon' = 'now'): Promise<T> {
      return new Promise((resolve, reject) => {
        // libsql ends the process where a database that is closed is asked for its transaction
        if (isEnded) return reject(new Error('The event store is closed.'))
        waiting.push({ work, resolve: (value) => resolve(value as T), reject })
        isUrgent ||= when === 'now' || log === undefined
        schedule()
      })
    },
    written() {
      if (waiting.length === 0 && flushing === undefined) return Promise.resolve()
      return new Promise((resolve) => {
        whenWritten.push(resolve)
        isUrgent = true
        schedule()
      })
    },
    end() {
      if (isEnded) return
      isEnded = true
      if (flushing !== undefined) flushNow(flushing)
      flushing = undefined
      flush()
      if (flushing !== undefined) flushNow(flushing)
      flushing = undefined
      tellWritten()
      log?.close()
    },
  }
}
