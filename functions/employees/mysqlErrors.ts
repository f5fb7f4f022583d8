import { errorCode, errorMessage } from '../../shared/errorCode'

/** An error of the driver's. Its message may quote data, so only `errno` and `code` are ever logged. */
export interface MysqlError extends Error {
  errno: number
  code: string
}

/**
 * The row itself is refused, so that trying again cannot help: bad null (1048), truncated or wrong data (1264, 1265,
 * 1292, 1366, 1406, 3140 invalid JSON), a CHECK constraint (3819 in MySQL, 4025 in MariaDB).
 */
const DATA_ERRORS = new Set([1048, 1264, 1265, 1292, 1366, 1406, 3140, 3819, 4025])

function isMysqlError(error: unknown): error is MysqlError {
  return errorCode(error) !== undefined && typeof (error as MysqlError).errno === 'number'
}

export function isDataError(error: unknown): error is MysqlError {
  return isMysqlError(error) && DATA_ERRORS.has(error.errno)
}

/** The connection is gone, which says nothing about the statement: it is worth one more try on a new connection. */
const CONNECTION_LOST = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ER_CLIENT_INTERACTION_TIMEOUT',
])

export function isConnectionLost(error: unknown): boolean {
  // mysql2 gives a closed connection's commands an Error without a code
  return CONNECTION_LOST.has(errorCode(error) ?? '') || errorMessage(error).includes('connection is in closed state')
}
