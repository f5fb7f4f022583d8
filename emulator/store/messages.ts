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

/** As it lies in its queue, whether it can be received now or not. */
export interface KeptMessage extends Message {
  /** numbers messages in the order of their arrival */
  seq: number
  /** of a dead letter: which event it is, and why it could not be delivered to what */
  letter?: { eventSeq: number; rule: string | null; target: string | null; error: string; isPublishedAgain: boolean }
}

/** What a queue holds. */
export interface QueueStock {
  /** a name, or the ARN of what is no queue of MNS */
  queue: string
  /** what can be received now */
  visible: number
  /** what somebody has received, and not deleted so far */
  hidden: number
  /** how many of both are dead letters */
  letters: number
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
  /** of each queue that has a message */
  stock(now: number): QueueStock[]
  has(queue: string): boolean
  /** the oldest after this seq, hidden or not */
  list(queue: string, after: number, limit: number): KeptMessage[]
  /** the seq of the newest of all; 0 where there is none */
  newest(): number
  /** Deletes these, or all that had come by then; returns how many were there. */
  clear(queue: string, asked: { seqs: readonly number[] } | { through: number }): number
}

/** Both ways of the service to write it. */
const MNS_ARN = /^acs:mns:[^:]*:[^:]*:\/?queues\/([^/]+)(?:\/messages)?$/

/** The name by which MNS's API knows a queue; what is no queue of MNS, a topic of RocketMQ or Kafka, is known by its ARN. */
export function queueOfArn(arn: string): string {
  return MNS_ARN.exec(arn)?.[1] ?? arn
}

const COLUMNS = `id, body, enqueued_at AS enqueuedAt, visible_at AS visibleAt, first_dequeued_at AS firstDequeuedAt, dequeues, receipt`

/** What nobody has received so far always is: a clock that was set back while nothing ran hides nothing. */
function visibleAt(now: string): string {
  return `(dequeues = 0 OR visible_at <= ${now})`
}

export function createMessages(database: Database.Database): Messages {
  const insert = database.prepare(
    'INSERT INTO messages (queue, id, body, enqueued_at, visible_at) VALUES (?, ?, ?, ?, ?)',
  )
  const select = database.prepare(
    `SELECT ${COLUMNS} FROM messages WHERE queue = ?1 AND ${visibleAt('?2')} ORDER BY seq LIMIT ?3`,
  )
  const take = database.prepare(
    `UPDATE messages SET visible_at = ?, dequeues = dequeues + 1, receipt = ?,
       first_dequeued_at = iif(dequeues = 0, ?, first_dequeued_at) WHERE id = ? RETURNING ${COLUMNS}`,
  )
  const remove = database.prepare('DELETE FROM messages WHERE queue = ? AND receipt = ? AND visible_at > ?')
  const hide = database.prepare(
    `UPDATE messages SET visible_at = ?, receipt = ? WHERE queue = ? AND receipt = ? AND visible_at > ? RETURNING ${COLUMNS}`,
  )
  const stock = database.prepare(
    `SELECT queue, sum(${visibleAt('?1')}) AS visible, sum(NOT ${visibleAt('?1')}) AS hidden, count(event_seq) AS letters
     FROM messages GROUP BY queue ORDER BY queue`,
  )
  const first = database.prepare('SELECT 1 FROM messages WHERE queue = ? LIMIT 1')
  const list = database.prepare(
    `SELECT ${COLUMNS}, seq, event_seq AS eventSeq, rule, target, error, again_seq AS againSeq FROM messages
     WHERE queue = ? AND seq > ? ORDER BY seq LIMIT ?`,
  )
  const newest = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM messages')
  const clearSome = database.prepare('DELETE FROM messages WHERE queue = ? AND seq IN (SELECT value FROM json_each(?))')
  const clearThrough = database.prepare('DELETE FROM messages WHERE queue = ? AND seq <= ?')
  const peek = (queue: string, limit: number, now: number) => select.all(queue, now, limit) as Message[]
  return {
    peek,
    send: (queue, body, now) => void insert.run(queue, randomUUID().toUpperCase(), body, now, now),
    receive: (queue, limit, now, invisibleMs) =>
      peek(queue, limit, now).map(({ id }) => take.get(now + invisibleMs, receiptOf(id), now, id) as Message),
    remove: (queue, receipt, now) => remove.run(queue, receipt, now).changes > 0,
    hide: (queue, receipt, now, invisibleMs) =>
      hide.get(now + invisibleMs, receiptOf(receipt.slice(0, ID_LENGTH)), queue, receipt, now) as Message | undefined,
    stock: (now) => stock.all(now) as QueueStock[],
    has: (queue) => first.get(queue) !== undefined,
    list: (queue, after, limit) => (list.all(queue, after, limit) as KeptRow[]).map(toKept),
    newest: () => (newest.get() as { seq: number }).seq,
    clear: (queue, asked) =>
      'seqs' in asked
        ? clearSome.run(queue, JSON.stringify(asked.seqs)).changes
        : clearThrough.run(queue, asked.through).changes,
  }
}

interface KeptRow extends Message {
  seq: number
  eventSeq: number | null
  rule: string | null
  target: string | null
  error: string | null
  againSeq: number | null
}

function toKept({ eventSeq, rule, target, error, againSeq, ...message }: KeptRow): KeptMessage {
  if (eventSeq === null) return message
  return { ...message, letter: { eventSeq, rule, target, error: error ?? '', isPublishedAgain: againSeq !== null } }
}

const ID_LENGTH = 36

/** Another each time: it begins with the message's id. */
function receiptOf(id: string): string {
  return `${id}-${randomUUID().slice(0, 8)}`
}
