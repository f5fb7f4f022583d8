import type Database from 'libsql'

/** An event that could not be delivered, in a dead-letter queue. */
export interface DeadLetter {
  seq: number
  /** the queue's ARN */
  queue: string
  eventSeq: number
  /** which it could not be delivered to; null once the event's trace is forgotten */
  rule: string | null
  target: string | null
  deadAt: number
  /** why the last attempt failed */
  error: string
  /** the raw event's JSON text */
  json: string
}

export interface DeadLetters {
  /** the oldest first */
  list(): DeadLetter[]
  /** Takes one out of its queue; on disk when it returns. */
  remove(seq: number): void
}

export function createDeadLetters(database: Database.Database): DeadLetters {
  const select = database.prepare(
    `SELECT l.seq, l.queue, l.event_seq AS eventSeq, d.rule, d.target, l.dead_at AS deadAt, l.error, l.json
     FROM dead_letters l LEFT JOIN deliveries d ON d.seq = l.delivery_seq ORDER BY l.seq`,
  )
  const remove = database.prepare('DELETE FROM dead_letters WHERE seq = ?')
  return {
    list: () => select.all() as DeadLetter[],
    remove: (seq) => void remove.run(seq),
  }
}
