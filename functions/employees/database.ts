import mysql, { type Pool } from 'mysql2/promise'
import type { EmployeesConfig } from './config'
import { isConnectionLost } from './mysqlErrors'
import type { Database } from './repository'
import { tlsFor } from './tls'

/** Well below the function's own limit, so that a dead network is an error that is retried, not a time-out. */
const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 15_000

export interface PooledDatabase extends Database {
  /** Makes the first connection, for `initialize`. */
  connect(): Promise<void>
  close(): Promise<void>
}

/**
 * The pool of an instance: one connection, since an instance serves one delivery at a time. A connection that died
 * while the instance was frozen is found on use and replaced, once, without failing the delivery.
 */
export function openDatabase(config: EmployeesConfig): PooledDatabase {
  let pool: Promise<Pool> | undefined

  const open = async () => {
    const ssl = await tlsFor(config.MYSQL_SSL, config.MYSQL_HOST)
    return mysql.createPool({
      host: config.MYSQL_HOST,
      port: config.MYSQL_PORT,
      user: config.MYSQL_USER,
      password: config.MYSQL_PASSWORD,
      database: config.MYSQL_DATABASE,
      connectionLimit: config.MYSQL_POOL_SIZE,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // 4 bytes a character on the wire too: names hold emoji and rare characters
      charset: 'utf8mb4_bin',
      timezone: 'Z',
      ...(ssl !== undefined && { ssl }),
    })
  }
  const current = () => {
    pool ??= open().catch((error: unknown) => {
      pool = undefined
      throw error
    })
    return pool
  }

  return {
    async connect() {
      const connection = await (await current()).getConnection()
      connection.release()
    },
    async execute(sql, values) {
      const statement = { sql, values: [...values], timeout: QUERY_TIMEOUT_MS }
      const connections = await current()
      try {
        return await connections.execute(statement)
      } catch (error) {
        if (!isConnectionLost(error)) throw error
        return await connections.execute(statement)
      }
    },
    async close() {
      const closing = pool
      pool = undefined
      await (await closing)?.end()
    },
  }
}
