import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'

/** Raised when the tables change; a store of a newer version is refused. */
const FORMAT = 1

const TABLES = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  bus TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  type TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  json TEXT NOT NULL
);
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event_seq INTEGER NOT NULL REFERENCES events (seq),
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  error TEXT
);
CREATE INDEX deliveries_by_event ON deliveries (event_seq);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'pending';
CREATE TABLE attempts (
  delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq),
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (delivery_seq, number)
) WITHOUT ROWID;
`

/**
 * Opens the emulator's store, an SQLite file with a write-ahead log, or makes it. What is committed is on disk, so an
 * acknowledged event survives a kill and a power cut.
 * @throws UserError when the file is damaged or of a newer version
 */
export function openDatabase(file: string): Database.Database {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  let database: Database.Database | undefined
  try {
    database = new Database(file)
    const format = readFormat(database)
    if (format !== 0 && format !== FORMAT) throw otherVersion(file, format)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    if (format === 0) database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${FORMAT}; COMMIT`)
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

function otherVersion(file: string, format: number): UserError {
  return new UserError(
    `${file} was written by another version (format ${format}, this one knows ${FORMAT}). Use that version, or move the file away.`,
  )
}

function readFormat(database: Database.Database): number {
  const row: unknown = database.prepare('PRAGMA user_version').get()
  return typeof row === 'object' && row !== null && 'user_version' in row ? Number(row.user_version) : 0
}
