import mysql, { type RowDataPacket, type SslOptions } from 'mysql2/promise'
import type { DatabaseAddress } from './database'

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
