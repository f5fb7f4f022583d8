import type Database from 'libsql'
import { readPragma } from './openDatabase'
import type { Retention } from './retention'

/** Events forgotten in one transaction: few enough that nobody waits for it. */
const CHUNK = 500

/** As a queue of MNS has it that nobody has set otherwise: four days. */
const MESSAGE_AGE_MS = 4 * 86_400_000

/** The first rows whose texts have so many bytes together, at least one: large ones do not go by the chunk. */
function firstBytes(rows: string): string {
  return `SELECT seq FROM (SELECT seq, octet_length(json) AS own, sum(octet_length(json)) OVER (ORDER BY seq) AS all_bytes
    FROM (${rows} ORDER BY seq LIMIT ${CHUNK})) WHERE all_bytes - own < ?`
}

/**
 * Forgets finished events: the too old ones, and the oldest ones while the store is too large. An event that is still
 * to be delivered stays, however old it is. A dead letter has a copy of its event and the same age limit; for the size,
 * letters go when no finished event is left. Messages of queues go by their age alone, and count for nothing in the size:
 * somebody may still read them.
 * @returns a function that forgets one chunk and says how many events or letters that were; 0 when there is nothing left
 */
export function createPurge(database: Database.Database): (retention: Retention, now: number) => number {
  // with the + no index is used for the state: most events are finished, and the index would have all of them looked at
  const finished = "+state IN ('delivered', 'set-aside', 'dead', 'unmatched')"
  const deleteOlder = database.prepare(
    `DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE ${finished} AND received_at < ? LIMIT ${CHUNK})`,
  )
  const deleteOldest = database.prepare(
    `DELETE FROM events WHERE seq IN (${firstBytes(`SELECT seq, json FROM events WHERE ${finished}`)})`,
  )
  const letters = 'event_seq IS NOT NULL'
  const deleteOldLetters = database.prepare(`DELETE FROM messages WHERE ${letters} AND enqueued_at < ?`)
  const deleteOldMessages = database.prepare('DELETE FROM messages WHERE event_seq IS NULL AND enqueued_at < ?')
  const deleteOldestLetters = database.prepare(
    `DELETE FROM messages WHERE seq IN (${firstBytes(`SELECT seq, body AS json FROM messages WHERE ${letters}`)})`,
  )

  const messageBytes = database.prepare(
    'SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM messages WHERE event_seq IS NULL',
  )

  /** Of the file, once the pages that were freed are given back; without the messages, or unread ones would push all else out. */
  function bytesInUse(): number {
    const pages = readPragma(database, 'page_count') - readPragma(database, 'freelist_count')
    const { bytes } = messageBytes.get() as { bytes: number }
    return pages * readPragma(database, 'page_size') - bytes
  }

  return ({ maxAgeMs, maxBytes }, now) => {
    deleteOldLetters.run(now - maxAgeMs)
    deleteOldMessages.run(now - Math.min(maxAgeMs, MESSAGE_AGE_MS))
    const { changes } = deleteOlder.run(now - maxAgeMs)
    if (changes > 0) return changes
    const tooMany = bytesInUse() - maxBytes
    if (tooMany <= 0) return 0
    // last of all, since they are there to be replayed
    return deleteOldest.run(tooMany).changes || deleteOldestLetters.run(tooMany).changes
  }
}

/**
 * Gives the disk the pages that a purge freed: without that the file stays as large as it ever was. The log, through which
 * they go, is written back without waiting for readers, and not emptied: another process that has the store open would take
 * it for cut off.
 */
export function createGiveBack(database: Database.Database): () => void {
  return () => {
    if (readPragma(database, 'freelist_count') === 0) return
    database.pragma('incremental_vacuum')
    database.pragma('wal_checkpoint(PASSIVE)')
  }
}
