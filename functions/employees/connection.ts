import { once } from 'node:events'
import net from 'node:net'
import mysql from 'mysql2'
import type { PreparedStatementInfo } from 'mysql2/promise'
import type { SqlValue } from '../../shared/database'
import { type ServerKind, serverKind } from '../../shared/serverErrors'
import type { TlsChoice } from '../../shared/tls'
import type { EmployeesConfig } from './config'
import { withoutMessage } from './mysqlErrors'
import { type TimeLimit, within } from './timeLimit'

/** One connection to the server. After a time limit or an error of the network it is no longer open. */
export interface Connection {
  isOpen(): boolean
  /** Runs a prepared statement. @throws DatabaseError */
  execute(sql: string, values: readonly (SqlValue | Buffer)[], limit: TimeLimit): Promise<unknown>
  /** Runs a statement and takes it back, to see whether the server would take it. @throws DatabaseError */
  rehearse(sql: string, values: readonly (SqlValue | Buffer)[], limit: TimeLimit): Promise<void>
  /** @throws DatabaseError when the server does not answer */
  ping(limit: TimeLimit): Promise<void>
  /** Says goodbye, or hangs up when that takes too long: behind a statement that hangs, or on a dead line. */
  end(): Promise<void>
  destroy(): void
}

const END_LIMIT_MS = 1_000

/** A table has one or two for each size of a batch, and the server's 16,382 are for the connections of all instances. */
const MAX_PREPARED = 64

/**
 * What must not depend on the server's own settings. Without a strict mode MySQL stores what it can of a value that does
 * not fit; init_connect may set another character set; without autocommit nothing is ever stored; the default waits for
 * locks (50 s for a row, a year for a table) are longer than the function lives.
 */
function sessionSettings(lockWaitS: number): string {
  return (
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin, sql_mode = 'TRADITIONAL', time_zone = '+00:00', autocommit = 1, " +
    `innodb_lock_wait_timeout = ${lockWaitS}, lock_wait_timeout = ${lockWaitS}`
  )
}

/**
 * Connects within the limit: network, TLS, login and settings.
 * @param lockWaitS seconds that a statement waits for a lock
 * @throws DatabaseError
 */
export async function connect(
  config: EmployeesConfig,
  chooseTls: TlsChoice,
  lockWaitS: number,
  limit: TimeLimit,
): Promise<Connection> {
  const socket = net.connect({ host: config.MYSQL_HOST, port: config.MYSQL_PORT, noDelay: true, keepAlive: true })
  const hangUp = () => void socket.destroy()
  // whoever waits for an answer is told of an error; one that nobody listens to would end the process
  socket.on('error', hangUp)

  /** known once it has said so, at the login */
  let server: ServerKind | undefined

  async function inTime<T>(limit: TimeLimit, work: () => Promise<T>, sql?: string): Promise<T> {
    try {
      return await within(limit, hangUp, work)
    } catch (error) {
      throw withoutMessage(error, server, sql)
    }
  }

  async function login() {
    await once(socket, 'connect')
    const ssl = chooseTls(socket.remoteAddress)
    const driver = mysql.createConnection({
      stream: socket,
      // for the certificate
      host: config.MYSQL_HOST,
      user: config.MYSQL_USER,
      password: config.MYSQL_PASSWORD,
      database: config.MYSQL_DATABASE,
      // 4 bytes a character on the wire too: names hold emoji and rare characters
      charset: 'utf8mb4_bin',
      timezone: 'Z',
      // explain shows them as they are stored
      dateStrings: true,
      connectTimeout: 0,
      // they are kept here: to find one of its own the driver makes a key of the whole text with each execution
      maxPreparedStatements: MAX_PREPARED + 1,
      // no stack for each statement: of an error only the code is kept
      trace: false,
      ...(ssl !== undefined && { ssl }),
    })
    driver.on('error', hangUp)
    driver.once('connect', ({ serverVersion }: { serverVersion: string }) => {
      server = serverKind(serverVersion)
    })
    const session = driver.promise()
    await session.connect()
    await session.query(sessionSettings(lockWaitS))
    return { driver, session }
  }

  const { driver, session } = await inTime(limit, login).catch((error: unknown) => {
    hangUp()
    throw error
  })
  /** by their texts, the one that was used last at the end */
  const prepared = new Map<string, PreparedStatementInfo>()

  async function execute(sql: string, values: readonly (SqlValue | Buffer)[]): Promise<unknown> {
    const statement = prepared.get(sql) ?? (await session.prepare(sql))
    prepared.delete(sql)
    prepared.set(sql, statement)
    if (prepared.size > MAX_PREPARED) {
      const [oldest = sql] = prepared.keys()
      prepared.delete(oldest)
      driver.unprepare(oldest)
    }
    return statement.execute(values)
  }

  return {
    isOpen: () => !socket.destroyed,
    execute: (sql, values, limit) => inTime(limit, () => execute(sql, values), sql),
    rehearse: (sql, values, limit) =>
      inTime(limit, async () => {
        await session.query('START TRANSACTION')
        try {
          await execute(sql, values)
        } finally {
          await session.query('ROLLBACK')
        }
      }),
    ping: (limit) => inTime(limit, () => session.ping()),
    destroy: hangUp,
    async end() {
      if (socket.destroyed) return
      const closed = new Promise((resolve) => socket.once('close', resolve))
      const timer = setTimeout(hangUp, END_LIMIT_MS)
      driver.end()
      await closed
      clearTimeout(timer)
    },
  }
}
