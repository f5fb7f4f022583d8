import mysql from 'mysql2/promise'
import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'
import type { DatabaseAddress } from './database/database'

/**
 * Runs the statements that make the tables, each safe to run again.
 * @throws UserError when the database refuses
 */
export async function createTables(address: DatabaseAddress, statements: readonly string[]): Promise<void> {
  const { host, port, user, password, database } = address
  const connection = await mysql.createConnection({ host, port, user, password, database, charset: 'utf8mb4' })
  try {
    for (const statement of statements) await connection.query(statement)
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error'
    throw new UserError(
      `The tables could not be made in ${database} (${code}). Give MYSQL_USER the right to CREATE there.`,
    )
  } finally {
    await connection.end()
  }
}
