import type Database from 'libsql'
import { type Activity, createActivity } from './activity'
import { createDeadLetters, type DeadLetters } from './deadLetters'
import { type Blocked, createDueDeliveries, type DeliveryOrder, type Lane, type PendingDelivery } from './dueDeliveries'
import { createGroupCommit } from './groupCommit'
import { createMessages, type Messages } from './messages'
import { openDatabase } from './openDatabase'
import { createPeople, type People } from './people'
import { createPeriods, type Periods } from './periods'
import { createGiveBack, createPurge } from './purge'
import type { AcceptedEvent, Attempt, Outcome } from './records'
import { createResourceRows, type ResourceRows } from './resourceRows'
import type { Retention } from './retention'
import { createSearches, type Searches } from './searches'
import { readTables, type State } from './state'
import type { StoreHealth } from './storeHealth'
import { createTraces, type Traces } from './traces'
import { logOf, watchFiles } from './watchFiles'

export interface Store {
  /** Keeps the events and their pending deliveries; they are on disk once it resolves. */
  accept(events: readonly AcceptedEvent[]): Promise<void>
  /** the lanes with a pending delivery */
  pendingLanes(): Lane[]
  /** A lane's pending deliveries, but for those that `except` names by their seq; none while the lane is blocked. */
  next(lane: Lane, order: DeliveryOrder, limit: number, except: readonly number[]): PendingDelivery[]
  /** Keeps what an attempt came to; on disk once it resolves, which may be some milliseconds later than it must, see GroupCommit. */
  record(delivery: PendingDelivery, attempt: Attempt, outcome: Outcome, when?: 'now' | 'soon'): Promise<void>
  /** the lanes with a blocked delivery */
  blockedLanes(): Lane[]
  /** Makes blocked deliveries due again, as if for the first time. */
  unblock(blocked: Blocked, now: number): Promise<void>
  traces: Traces
  periods: Periods
  people: Pick<People, 'find'>
  activity: Activity
  searches: Searches
  deadLetters: DeadLetters
  messages: Messages
  /** Does what changes messages; on disk once it resolves. */
  changeMessages<T>(work: () => T): Promise<T>
  resources: ResourceRows
  /** Everything that it holds. */
  readState(): State
  /**
   * Forgets finished events that are too old or too many, and gives the disk what they took; returns how many. Takes a
   * bounded time; call it again.
   */
  purge(retention: Retention, now: number): Promise<number>
  /** The clock was set by so much: retries and messages wait on for as long as they would have. */
  clockWasSet(byMs: number, now: number): void
  /** Calls back after events or deliveries changed; returns what ends that. */
  onChange(listener: () => void): () => void
  /** Resolves once nothing waits for the disk. */
  written(): Promise<void>
  close(): void
}

/**
 * @param file absent: what it keeps is in memory
 * @param lost takes what became of the file, once what is written is kept nowhere
 * @param state what it begins with
 * @param health is told whether it can be written to
 * @throws UserError, see openDatabase
 */
export function openStore(
  file: string | undefined,
  lost: (reason: string) => void = () => {},
  state?: State,
  health?: StoreHealth,
): Store {
  const database = openDatabase(file, state)
  const { findLoss, takeSizes } = file === undefined ? inMemory : watchFiles(database, file)
  let loss: string | undefined
  function lossNow(): string | undefined {
    loss ??= findLoss()
    if (loss !== undefined) lost(loss)
    return loss
  }
  const { commit, written, end } = createGroupCommit(database, {
    logFile: file && logOf(file),
    lost: lossNow,
    health,
  })
  const deliveries = createDueDeliveries(database)
  const purge = createPurge(database)
  const giveBack = createGiveBack(database)
  const people = createPeople(database)
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }

  const insertEvent = database.prepare(
    `INSERT INTO events (bus, id, source, type, trace_id, received_at, json, state, mismatches)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  function keep({
    bus,
    id,
    source,
    type,
    traceId,
    receivedAt,
    json,
    parsed,
    mismatches,
    ...event
  }: AcceptedEvent): void {
    const state = event.deliveries.length === 0 ? 'unmatched' : 'pending'
    const reasons = JSON.stringify(mismatches)
    const row = insertEvent.run(bus, id, source, type, traceId, receivedAt, json, state, reasons)
    const seq = Number(row.lastInsertRowid)
    people.insert(seq, json, parsed)
    for (const delivery of event.deliveries) deliveries.insert(seq, { bus, ...delivery }, receivedAt)
    if (event.ofLetter !== undefined) deliveries.publishedAgain(event.ofLetter, seq)
  }

  return {
    async accept(events) {
      await commit(() => events.forEach(keep))
      changed()
    },
    pendingLanes: deliveries.pendingLanes,
    next: deliveries.next,
    async record(delivery, attempt, outcome, when) {
      await commit(() => deliveries.record(delivery, attempt, outcome), when)
      changed()
    },
    blockedLanes: deliveries.blockedLanes,
    async unblock(blocked, now) {
      await commit(() => deliveries.unblock(blocked, now))
      changed()
    },
    traces: createTraces(database),
    periods: createPeriods(database),
    people,
    activity: createActivity(database),
    searches: createSearches(database),
    deadLetters: createDeadLetters(database),
    messages: createMessages(database),
    async changeMessages(work) {
      const done = await commit(work)
      changed()
      return done
    },
    resources: createResourceRows(database),
    readState: () => readTables(database),
    clockWasSet: createClockMoves(database),
    async purge(retention, now) {
      const forgotten = await commit(() => purge(retention, now))
      giveBack()
      takeSizes()
      if (forgotten > 0) changed()
      return forgotten
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    written,
    close() {
      end()
      // not from a log that was cut off into what is left
      if (loss === undefined && findLoss() === undefined) emptyLog(database)
      database.close()
    },
  }
}

/**
 * What is last done to a file that is closed. SQLite would write its log back then; libsql does not, and keeps the file, with
 * its lock, until the memory of each statement is reclaimed. Without a log that lock is let go of. All of it without waiting:
 * another process may have the file, as the running stack has when `npm run replay` ends, and each would hold up the other.
 */
function emptyLog(database: Database.Database): void {
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(PASSIVE); PRAGMA journal_mode = DELETE')
  } catch {
    // a full disk, or another process: it stays in the log, from where the next start has it
  }
}

function createClockMoves(database: Database.Database): Store['clockWasSet'] {
  const moveRetries = database.prepare(
    "UPDATE deliveries SET next_attempt_at = next_attempt_at + ? WHERE state = 'pending' AND attempts > 0",
  )
  // what somebody has received stays hidden for as long, and what can be received can be so still
  const moveMessages = database.prepare(
    `UPDATE messages SET visible_at = iif(visible_at > ?2 - ?1, visible_at + ?1, min(visible_at, ?2))
     WHERE visible_at > min(?2, ?2 - ?1)`,
  )
  return database.transaction((byMs: number, now: number) => {
    moveRetries.run(byMs)
    moveMessages.run(byMs, now)
  })
}

/** No file, none that anybody could remove. */
const inMemory: ReturnType<typeof watchFiles> = { findLoss: () => undefined, takeSizes() {} }
