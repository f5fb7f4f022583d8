import mysql, { type Connection, type ConnectionOptions, type RowDataPacket, type SslOptions } from 'mysql2/promise'
import type { Environment } from '../../shared/config'

export interface DatabaseAddress {
  host: string
  port: number
  user: string
  password: string
  database: string
  /** how the connection is encrypted; absent when it is not */
  ssl?: SslOptions
}

/** An address as the functions' variables have it. */
export function mysqlVariables({ host, port, user, password, database }: DatabaseAddress): Record<string, string> {
  return {
    MYSQL_HOST: host,
    MYSQL_PORT: String(port),
    MYSQL_USER: user,
    MYSQL_PASSWORD: password,
    MYSQL_DATABASE: database,
  }
}

export interface Database extends DatabaseAddress {
  /** For the progress line: "MariaDB 10.11.19 (private, 127.0.0.1:21234)", "MySQL 8.0.36 at 127.0.0.1:3306 (yours)". */
  description: string
  /**
   * Has a private server started again when it ends though nobody asked for that; does nothing to one named by MYSQL_*.
   * @param report takes a line about it
   * @returns resolves with why it cannot be had again, once that is so; never rejects
   */
  keepRunning(report: (line: string) => void): Promise<string>
  /** Stops a server that this stack started or adopted; does nothing to one named by MYSQL_*. Safe to call twice. */
  stop(): Promise<void>
}

export interface DatabaseOptions {
  /** The shell's variables and those of .env.local: MYSQL_HOST, _PORT, _USER, _PASSWORD, _DATABASE, _SSL; PATH; proxies. */
  env: Environment
  /** Whether a MYSQL_HOST that is not loopback may be used. */
  external: boolean
  /** All state of the private server: its data, password, port, pid and log. One stack at a time. */
  dataDir: string
  /** Where fetched packages are unpacked. Stacks share it. */
  packagesDir: string
  /** ends a download at once */
  stopping?: AbortSignal
  /** Takes a line about what takes long. */
  report(line: string): void
}

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

/**
 * Logs in, makes the database unless it exists, and tells what server it is: "MariaDB 10.11.19".
 *
 * @param timeoutMs for the connection, login included: a stopped process still accepts connections, and says nothing
 * @throws the driver's error; its `code` says what is wrong
 */
export async function prepareDatabase(
  address: DatabaseAddress,
  { timeoutMs, ssl }: { timeoutMs: number; ssl?: SslOptions },
): Promise<string> {
  const { host, port, user, password, database } = address
  const connection = await mysql.createConnection({
    host,
    port,
    user,
    password,
    connectTimeout: timeoutMs,
    ...(ssl !== undefined && { ssl }),
  })
  try {
    // MySQL refuses CREATE DATABASE IF NOT EXISTS, too, to an account that may only use an existing one
    const [existing] = await connection.query<RowDataPacket[]>('SHOW DATABASES WHERE `Database` = ?', [database])
    if (existing.length === 0) {
      await connection.query(`CREATE DATABASE IF NOT EXISTS ${connection.escapeId(database)} CHARACTER SET utf8mb4`)
    }
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version')
    return nameServer(String(rows[0]?.['version']))
  } finally {
    await connection.end()
  }
}

/** @param version as the server has it: "10.11.19-MariaDB-0+deb12u1", "8.0.36" */
function nameServer(version: string): string {
  const [number] = version.split('-')
  return `${version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${number}`
}
