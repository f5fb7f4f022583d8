import fs from 'node:fs'
import type Database from 'libsql'

/** Has what SQLite's write-ahead log was given on disk. */
interface LogFlush {
  /** Beside the event loop; says why not all of it is on disk, where that is so. Once closed, nothing. */
  flush(done: (error?: unknown) => void): void
  /** @throws what keeps it from being on disk */
  flushNow(): void
  /**
   * Once a flush has failed the next one succeeds, without what the system has given up by then. So what the log may have lost is
   * put into the database's own file, and the log begins anew: after a crash all that follows on what is lost would be lost, too.
   * @throws what stands in the way of that, such as another process that reads
   */
  mend(): void
  close(): void
}

export function openLogFlush(database: Database.Database, logFile: string): LogFlush {
  // of its own: closing a file of which SQLite holds a lock would give that lock up, and it holds none of its log
  const log = fs.openSync(logFile, 'r+')
  let isTorn = false
  let isClosed = false

  function mend(): void {
    if (!isTorn) return
    const { busy } = database.prepare('PRAGMA wal_checkpoint(RESTART)').get() as { busy: number }
    if (busy !== 0) throw new Error('its log was not flushed to disk, and another process has it open')
    isTorn = false
  }

  return {
    flush(done) {
      fs.fdatasync(log, (failure) => {
        if (isClosed) return
        isTorn ||= failure !== null
        try {
          mend()
        } catch (error) {
          return done(error)
        }
        done()
      })
    },
    flushNow() {
      try {
        fs.fdatasyncSync(log)
      } catch {
        isTorn = true
      }
      mend()
    },
    mend,
    close() {
      isClosed = true
      fs.closeSync(log)
    },
  }
}
