import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import type { DatabaseAddress } from './database'

/** Connects to the stack's database, encrypted where its address says so. The caller ends the connection. */
export function openConnection(address: DatabaseAddress, options: ConnectionOptions): Promise<Connection> {
  const { host, port, user, password, database, ssl } = address
  return mysql.createConnection({
    ...options,
    ...{ host, port, user, password, database, charset: 'utf8mb4' },
    ...(ssl && { ssl }),
  })
}
