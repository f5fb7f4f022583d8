import { setTimeout as delay } from 'node:timers/promises'
import type { Database, SqlValue } from '../../shared/database'
import { readTls } from '../../shared/tls'
import type { EmployeesConfig } from './config'
import { type Connection, connect } from './connection'
import { DatabaseError, reactionTo } from './mysqlErrors'
import type { TimeLimit } from './timeLimit'

/** Each well below the time of a delivery, so that there is time for another try. */
export interface Limits {
  connectMs: number
  pingMs: number
  statementMs: number
  /** of the server, for a row or a table that others have locked */
  lockWaitS: number
  /** after which a connection must answer before it is used: the instance may have been frozen meanwhile */
  idleMs: number
}

export const LIMITS: Limits = { connectMs: 5_000, pingMs: 2_000, statementMs: 15_000, lockWaitS: 5, idleMs: 1_000 }

/** Tries after a deadlock or a wait for a lock. EventBridge's tries come on top. */
const MAX_REPEATS = 3
/** At most, before the first of them; twice as long before each further one. Two that met do not meet again. */
const FIRST_PAUSE_MS = 100

/** The database as an instance of the function has it. Each of these throws DatabaseError. */
export interface OpenedDatabase extends Database {
  /** Runs a statement and takes it back. */
  rehearse(sql: string, values: readonly (SqlValue | Buffer)[]): Promise<void>
  /** The next statement is prepared anew, on a new connection. */
  renew(): void
  /** Makes the connection, for `initialize`. */
  connect(): Promise<void>
  close(): Promise<void>
}

interface Options {
  limits?: Limits
  /** what is left of the time for the delivery */
  remainingMs?: () => number
  now?: () => number
  pause?: (ms: number) => Promise<void>
}

/**
 * The one connection of an instance, which serves one delivery at a time. One that died while the instance was frozen is
 * replaced without failing the delivery.
 *
 * @throws ConfigError when MYSQL_SSL is wrong
 */
export function openDatabase(config: EmployeesConfig, options: Options = {}): OpenedDatabase {
  const { limits = LIMITS, remainingMs = () => Number.POSITIVE_INFINITY, now = Date.now, pause = delay } = options
  const chooseTls = readTls(config.MYSQL_SSL, config.MYSQL_HOST)
  let idle: { connection: Connection; since: number } | undefined

  function limit(ms: number, code: TimeLimit['code']): TimeLimit {
    const remaining = remainingMs()
    if (remaining <= 0) throw new DatabaseError('DELIVERY_TIMEOUT')
    return remaining < ms ? { ms: remaining, code: 'DELIVERY_TIMEOUT' } : { ms, code }
  }

  function open(): Promise<Connection> {
    return connect(config, chooseTls, limits.lockWaitS, limit(limits.connectMs, 'CONNECT_TIMEOUT'))
  }

  async function take(): Promise<Connection> {
    const known = idle
    idle = undefined
    return known && (await isAlive(known.connection, now() - known.since)) ? known.connection : open()
  }

  /** A dead line does not tell: packets just vanish, and a statement would wait for its whole time. */
  async function isAlive(connection: Connection, idleMs: number): Promise<boolean> {
    if (!connection.isOpen()) return false
    if (idleMs < limits.idleMs) return true
    try {
      await connection.ping(limit(limits.pingMs, 'STATEMENT_TIMEOUT'))
      return true
    } catch {
      connection.destroy()
      return false
    }
  }

  function giveBack(connection: Connection): void {
    if (!connection.isOpen()) return
    // two statements at once took two
    if (idle === undefined) idle = { connection, since: now() }
    else void connection.end()
  }

  async function close(): Promise<void> {
    const known = idle
    idle = undefined
    await known?.connection.end()
  }

  return {
    connect: async () => giveBack(await take()),
    execute: (sql, values = []) => run((connection, limit) => connection.execute(sql, values, limit)),
    rehearse: (sql, values) => run((connection, limit) => connection.rehearse(sql, values, limit)),
    renew: () => void close(),
    close,
  }

  async function run<T>(work: (connection: Connection, limit: TimeLimit) => Promise<T>): Promise<T> {
    let connection = await take()
    try {
      for (let repeats = 0; ; repeats++) {
        try {
          return await work(connection, limit(limits.statementMs, 'STATEMENT_TIMEOUT'))
        } catch (error) {
          const reaction = reactionTo(error)
          if (reaction === 'reconnect' || reaction === 'failover') connection.destroy()
          if (reaction === 'repeat' && repeats < MAX_REPEATS) await pause(Math.random() * FIRST_PAUSE_MS * 2 ** repeats)
          else if (reaction === 'reconnect' && repeats === 0) connection = await open()
          else throw error
        }
      }
    } finally {
      giveBack(connection)
    }
  }
}
