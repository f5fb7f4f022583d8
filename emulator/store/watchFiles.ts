import fs from 'node:fs'
import type Database from 'libsql'
import { rememberFiles } from '../../shared/rememberFiles'
import { LOG_BYTES, readPragma } from './openDatabase'

interface WatchedFiles {
  /** Asked before and after each write: what became of the files, once what is written is in none that anybody finds. */
  findLoss(): string | undefined
  /** To be called when pages were given back, by which alone the files shrink. */
  takeSizes(): void
}

/** SQLite's write-ahead log of a database. */
export function logOf(file: string): string {
  return `${file}-wal`
}

/** Watches the files of the store, which somebody may remove, replace or cut off while they are open. */
export function watchFiles(database: Database.Database, file: string): WatchedFiles {
  const log = logOf(file)
  const findGone = rememberFiles([file, log])
  const sizeOf = (name: string) => fs.statSync(name).size
  let least = { file: 0, log: 0 }
  takeSizes()

  function takeSizes(): void {
    // of the newest pages the log may hold some, or their end
    least = { file: Math.min(sizeOf(file), bytesOfPages()), log: leastOfLog() }
  }

  function bytesOfPages(): number {
    return readPragma(database, 'page_count') * readPragma(database, 'page_size')
  }

  /** Over this size SQLite cuts its log off itself. */
  function leastOfLog(): number {
    return Math.min(sizeOf(log), LOG_BYTES)
  }

  return {
    findLoss() {
      const gone = findGone()
      if (gone !== undefined) return `${gone} was removed or replaced`
      // another process that has it open may have given pages back, as a stack does under `npm run replay`
      if (sizeOf(file) < least.file) least.file = Math.min(least.file, bytesOfPages())
      if (sizeOf(file) < least.file) return `${file} was cut off`
      if (sizeOf(log) < least.log) return `${log} was cut off`
      least.log = leastOfLog()
      return undefined
    },
    takeSizes,
  }
}
