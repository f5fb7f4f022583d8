import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { FORMATS } from './formats'

/**
 * Opens the emulator's store, an SQLite file with a write-ahead log, or makes it; one of an older format is upgraded.
 * What is committed is on disk, so an acknowledged event survives a kill and a power cut.
 * @throws UserError when the file is damaged or of a newer version
 */
export function openDatabase(file: string): Database.Database {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  let database: Database.Database | undefined
  try {
    database = new Database(file)
    // `npm run replay` opens the store of the running stack, too
    database.pragma('busy_timeout = 5000')
    const format = readFormat(database)
    if (format > FORMATS.length) throw newerVersion(file, format)
    refuseDamage(database, format)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // libsql turns them on, and a step rebuilds tables that others refer to
    database.pragma('foreign_keys = OFF')
    const steps = FORMATS.slice(format)
    if (steps.length > 0) database.exec(`BEGIN; ${steps.join('')} PRAGMA user_version = ${FORMATS.length}; COMMIT`)
    database.pragma('foreign_keys = ON')
    return database
  } catch (error) {
    database?.close()
    if (error instanceof UserError) throw error
    const reason = errorMessage(error)
    throw new UserError(
      `${file} cannot be opened as the event store (${reason}). Move it away to begin with an empty one.`,
    )
  }
}

function readFormat(database: Database.Database): number {
  const row: unknown = database.prepare('PRAGMA user_version').get()
  return typeof row === 'object' && row !== null && 'user_version' in row ? Number(row.user_version) : 0
}

function newerVersion(file: string, format: number): UserError {
  return new UserError(
    `${file} was written by a newer version (format ${format}, this one knows ${FORMATS.length}). Use that version, or move the file away.`,
  )
}

/** A page that cannot be read would else come up in the middle of a delivery. */
function refuseDamage(database: Database.Database, format: number): void {
  if (format === 0) return
  const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (row.quick_check !== 'ok') throw new Error(row.quick_check)
}
