import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import type { DatabaseAddress } from './database'

/** The driver's own. */
const CONNECT_MS = 10_000

/**
 * Connects to the stack's database, encrypted where its address says so. Times are in UTC, as in the function's sessions,
 * whatever the server's zone is. The caller ends the connection.
 */
export async function openConnection(address: DatabaseAddress, options: ConnectionOptions): Promise<Connection> {
  const { host, port, user, password, database, ssl } = address
  const connection = await mysql.createConnection({
    ...options,
    ...{ host, port, user, password, database, charset: 'utf8mb4', timezone: 'Z' },
    ...(ssl && { ssl }),
  })
  try {
    await connection.query({ sql: "SET SESSION time_zone = '+00:00'", timeout: options.connectTimeout ?? CONNECT_MS })
    return connection
  } catch (error) {
    connection.destroy()
    throw error
  }
}
