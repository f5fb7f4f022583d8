import { randomUUID } from 'node:crypto'
import type Database from 'libsql'

/** A message of a queue, as MNS has one. Times in milliseconds. */
export interface Message {
  id: string
  body: string
  enqueuedAt: number
  /** when it can be received again */
  visibleAt: number
  /** 0 before the first time */
  firstDequeuedAt: number
  dequeues: number
  /** what whoever has received it deletes it by; empty where nobody has */
  receipt: string
}

export interface Messages {
  send(queue: string, body: string, now: number): void
  /** The oldest that can be received now; for so long nobody else receives them. */
  receive(queue: string, limit: number, now: number, invisibleMs: number): Message[]
  /** The same, and leaves them as they are. */
  peek(queue: string, limit: number, now: number): Message[]
  /** Whether it was there. A message that was received anew, or that others can receive by now, goes by another receipt. */
  remove(queue: string, receipt: string, now: number): boolean
  /** Hides a received message for so long from now on, by a receipt of its own; undefined where it is not received any more. */
  hide(queue: string, receipt: string, now: number, invisibleMs: number): Message | undefined
  /** of all that have a message */
  queues(): string[]
}

const COLUMNS = `id, body, enqueued_at AS enqueuedAt, visible_at AS visibleAt, first_dequeued_at AS firstDequeuedAt, dequeues, receipt`

export function createMessages(database: Database.Database): Messages {
  const insert = database.prepare(
    'INSERT INTO messages (queue, id, body, enqueued_at, visible_at) VALUES (?, ?, ?, ?, ?)',
  )
  const select = database.prepare(
    `SELECT ${COLUMNS} FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY seq LIMIT ?`,
  )
  const take = database.prepare(
    `UPDATE messages SET visible_at = ?, dequeues = dequeues + 1, receipt = ?,
       first_dequeued_at = iif(dequeues = 0, ?, first_dequeued_at) WHERE id = ? RETURNING ${COLUMNS}`,
  )
  const remove = database.prepare('DELETE FROM messages WHERE queue = ? AND receipt = ? AND visible_at > ?')
  const hide = database.prepare(
    `UPDATE messages SET visible_at = ?, receipt = ? WHERE queue = ? AND receipt = ? AND visible_at > ? RETURNING ${COLUMNS}`,
  )
  const queues = database.prepare('SELECT DISTINCT queue FROM messages ORDER BY queue')
  const peek = (queue: string, limit: number, now: number) => select.all(queue, now, limit) as Message[]
  return {
    peek,
    send: (queue, body, now) => void insert.run(queue, randomUUID().toUpperCase(), body, now, now),
    receive: (queue, limit, now, invisibleMs) =>
      peek(queue, limit, now).map(({ id }) => take.get(now + invisibleMs, receiptOf(id), now, id) as Message),
    remove: (queue, receipt, now) => remove.run(queue, receipt, now).changes > 0,
    hide: (queue, receipt, now, invisibleMs) =>
      hide.get(now + invisibleMs, receiptOf(receipt.slice(0, ID_LENGTH)), queue, receipt, now) as Message | undefined,
    queues: () => (queues.all() as { queue: string }[]).map(({ queue }) => queue),
  }
}

const ID_LENGTH = 36

/** Another each time: it begins with the message's id. */
function receiptOf(id: string): string {
  return `${id}-${randomUUID().slice(0, 8)}`
}
