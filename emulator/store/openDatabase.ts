import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { FORMATS } from './formats'
import { type State, writeTables } from './state'

/** Of the write-ahead log beside the file, which SQLite empties each time it has written 1000 pages back. */
export const LOG_BYTES = 4 * 1024 * 1024

/**
 * Opens the emulator's store, an SQLite file with a write-ahead log, or makes it; one of an older format is upgraded.
 * What is committed is on disk, so an acknowledged event survives a kill and a power cut.
 * @param file absent: it is in memory, and gone when it is closed
 * @param state what it begins with, of an export
 * @throws UserError when the file is damaged, empty or of a newer version, or when it cannot be written to
 */
export function openDatabase(file: string | undefined, state?: State): Database.Database {
  if (file === undefined) return openInMemory(state)
  let database: Database.Database | undefined
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    if (state && fs.existsSync(file))
      throw new UserError(`${file} is there already: a state is read into an empty folder.`)
    if (!fs.existsSync(file)) makeDatabase(file, state)
    // SQLite would take it for a new one, and throw its log away
    if (fs.statSync(file).size === 0) throw new UserError(emptied(file))
    hideFromOthers(file)
    database = new Database(file)
    // `npm run replay` opens the store of the running stack, too
    database.pragma('busy_timeout = 5000')
    const format = readPragma(database, 'user_version')
    if (format > FORMATS.length) throw newerVersion(file, format)
    if (format === 0) throw new Error('it is no event store')
    refuseDamage(database)
    database.pragma('journal_mode = WAL')
    database.pragma(`journal_size_limit = ${LOG_BYTES}`)
    database.pragma('synchronous = FULL')
    upgrade(database, format)
    learnToShrink(database)
    return database
  } catch (error) {
    database?.close()
    if (error instanceof UserError) throw error
    // SQLite tells of damage in lines
    const reason = errorMessage(error).replaceAll('\n', ' ')
    throw new UserError(`${file} cannot be opened as the event store (${reason}). ${adviceFor(error)}`)
  }
}

function openInMemory(state: State | undefined): Database.Database {
  const database = new Database(':memory:')
  try {
    upgrade(database, 0, state)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Made beside its name and then given it: whatever is found there is whole, so an empty file has lost what it held. */
function makeDatabase(file: string, state: State | undefined): void {
  const partial = `${file}.new`
  // what a kill left of an earlier attempt, and the log of a store that was removed, which would be taken for this one's
  for (const left of [partial, `${partial}-journal`, `${file}-wal`, `${file}-shm`]) fs.rmSync(left, { force: true })
  const database = new Database(partial)
  try {
    database.pragma('auto_vacuum = INCREMENTAL')
    upgrade(database, 0, state)
  } finally {
    database.close()
  }
  hideFromOthers(partial)
  fs.renameSync(partial, file)
  const folder = fs.openSync(path.dirname(file), 'r')
  fs.fsyncSync(folder)
  fs.closeSync(folder)
}

/**
 * It holds events about people, and the logins of connections that were made by API. SQLite gives the log beside it the same
 * permissions.
 */
function hideFromOthers(file: string): void {
  for (const one of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      const { mode } = fs.statSync(one)
      if ((mode & 0o077) !== 0) fs.chmodSync(one, mode & 0o700)
    } catch {
      // it is somebody else's, or not there
    }
  }
}

/** Writes in any case, so that a store which nobody may write to is refused at the start. */
function upgrade(database: Database.Database, format: number, state?: State): void {
  // libsql turns them on, and a step rebuilds tables that others refer to
  database.pragma('foreign_keys = OFF')
  database.exec('BEGIN IMMEDIATE')
  const take = (steps: readonly (typeof FORMATS)[number][]) => {
    for (const step of steps) typeof step === 'string' ? database.exec(step) : step(database)
  }
  take(FORMATS.slice(format, state?.format))
  if (state) {
    writeTables(database, state)
    take(FORMATS.slice(state.format))
  }
  database.exec(`PRAGMA user_version = ${FORMATS.length}; COMMIT`)
  database.pragma('foreign_keys = ON')
}

const INCREMENTAL = 2

/** A store of before, whose file never shrank, is written anew, once. */
function learnToShrink(database: Database.Database): void {
  if (readPragma(database, 'auto_vacuum') === INCREMENTAL) return
  try {
    database.pragma('auto_vacuum = INCREMENTAL')
    database.exec('VACUUM')
  } catch {
    // there is no room for it, or another process is writing: the store is as good as it was, and the next start tries again
  }
}

/** A number that SQLite tells of a file. */
export function readPragma(database: Database.Database, name: string): number {
  return Number((database.prepare(`SELECT ${name} AS value FROM pragma_${name}`).get() as { value: number }).value)
}

function newerVersion(file: string, format: number): UserError {
  return new UserError(
    `${file} was written by a newer version (format ${format}, this one knows ${FORMATS.length}). Use that version, or move the file away.`,
  )
}

function emptied(file: string): string {
  return `${file} is empty: the events that the event store held are gone. Put its copy back if there is one, or remove the file to begin with an empty store.`
}

/** A page that cannot be read would else come up in the middle of a delivery. */
function refuseDamage(database: Database.Database): void {
  const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (row.quick_check !== 'ok') throw new Error(row.quick_check)
}

/** By code or text: libsql's errors have no code at times. 14 is SQLite's number for a file that it cannot open. */
function adviceFor(error: unknown): string {
  const text = `${errorCode(error)} ${errorMessage(error)}`
  if (/readonly|: 14\b|EACCES|EPERM|EROFS|ENOTDIR|EEXIST/.test(text)) {
    return 'It must be a file, in a folder, that this user may read and write.'
  }
  if (/\bfull\b|ENOSPC|EDQUOT/i.test(text)) return 'Make room on its disk.'
  if (/SQLITE_BUSY|locked/.test(text)) return 'Another process is writing to it: stop that one, or try again.'
  return 'Move it away to begin with an empty one.'
}
