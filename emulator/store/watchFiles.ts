import fs from 'node:fs'
import type Database from 'libsql'
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
  const known = { file: look(file), log: look(log) }
  let least = { file: 0, log: 0 }
  takeSizes()

  function takeSizes(): void {
    // of the newest pages the log may hold some, or their end
    least = { file: Math.min(sizeOf(file), bytesOfPages()), log: leastOfLog(sizeOf(log)) }
  }

  function bytesOfPages(): number {
    return readPragma(database, 'page_count') * readPragma(database, 'page_size')
  }

  return {
    findLoss() {
      // a look at each: this is asked twice a write
      const now = { file: look(file), log: look(log) }
      if (!isSame(now.file, known.file)) return `${file} was removed or replaced`
      if (!isSame(now.log, known.log)) return `${log} was removed or replaced`
      // another process that has it open may have given pages back, as a stack does under `npm run replay`
      if (sizeIn(now.file) < least.file) least.file = Math.min(least.file, bytesOfPages())
      if (sizeIn(now.file) < least.file && sizeOf(file) < least.file) return `${file} was cut off`
      if (sizeIn(now.log) < least.log) return `${log} was cut off`
      least.log = leastOfLog(sizeIn(now.log))
      return undefined
    },
    takeSizes,
  }
}

/** undefined where there is none, or it cannot be reached */
function look(name: string): fs.BigIntStats | undefined {
  try {
    return fs.statSync(name, { bigint: true })
  } catch {
    return undefined
  }
}

function isSame(one: fs.BigIntStats | undefined, other: fs.BigIntStats | undefined): boolean {
  return one?.dev === other?.dev && one?.ino === other?.ino
}

function sizeIn(stats: fs.BigIntStats | undefined): number {
  return Number(stats?.size ?? 0)
}

function sizeOf(name: string): number {
  return fs.statSync(name).size
}

/** Over this size SQLite cuts its log off itself. */
function leastOfLog(size: number): number {
  return Math.min(size, LOG_BYTES)
}
