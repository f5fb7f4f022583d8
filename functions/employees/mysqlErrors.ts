import { errorCode } from '../../shared/errorCode'

/**
 * The database refused, or did not answer. The driver's messages quote data, so nothing but the code and the number goes
 * on from where an error arises.
 */
export class DatabaseError extends Error {
  override name = 'DatabaseError' as const
  /** e.g. ER_LOCK_DEADLOCK, ECONNREFUSED, STATEMENT_TIMEOUT */
  readonly code: string
  /** the server's number; undefined when it was not the server that answered */
  readonly errno: number | undefined

  constructor(code: string, errno?: number) {
    super(code)
    this.code = code
    this.errno = errno
  }
}

/** The driver's error without its message. What has neither code nor number is a mistake of the program and stays. */
export function withoutMessage(error: unknown): unknown {
  if (error instanceof DatabaseError || typeof error !== 'object' || error === null) return error
  // the system's errors have negative numbers
  const errno = 'errno' in error && typeof error.errno === 'number' && error.errno > 0 ? error.errno : undefined
  // the driver knows no names of numbers that only MariaDB has
  const code = errorCode(error) ?? (errno === undefined ? undefined : `MYSQL_${errno}`)
  return code === undefined ? error : new DatabaseError(code, errno)
}

/**
 * What the next step is after an error:
 * - `refused`: the table refuses the row for what it holds, and always will;
 * - `repeat`: the statement gave way to another one, and was rolled back; it is worth a few more tries;
 * - `reconnect`: the connection is gone, which says nothing about the statement; it is worth one more try on a new one;
 * - `failover`: this server takes no writes any more. The connection would go on to it for ever, and a new one may lead to
 *   its successor, so it must not be used again;
 * - `later`: whatever else; EventBridge delivers again.
 */
export type Reaction = 'refused' | 'repeat' | 'reconnect' | 'failover' | 'later'

/** https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const REACTIONS: ReadonlyMap<number, Reaction> = new Map([
  // null, too long, out of range, not a number or a date, not in the character set of the column
  ...each('refused', 1048, 1264, 1265, 1292, 1366, 1406, 1411, 1690),
  // no JSON, or nested too deep
  ...each('refused', 3140, 3157),
  // a unique index, a foreign key, a CHECK (MySQL, MariaDB), a trigger's SIGNAL, no partition for it, too wide a row
  ...each('refused', 1062, 1216, 1452, 3819, 4025, 1644, 1526, 1118),
  // waited too long for a row or for the table, deadlock
  ...each('repeat', 1205, 1213),
  // shutting down, killed (twice: MariaDB's and MySQL's number), idle for too long
  ...each('reconnect', 1053, 1317, 1927, 3169, 4031),
  // the server, or another one behind a proxy, does not know the prepared statement (any more)
  ...each('reconnect', 1243, 1615),
  // read_only and RDS's locks of a full or expired instance (both 1290), a read-only transaction, innodb_read_only
  // https://www.alibabacloud.com/help/en/rds/apsaradb-rds-for-mysql/what-do-i-do-if-my-apsaradb-rds-instance-is-in-the-locking-state
  ...each('failover', 1290, 1792, 1836),
])

export function reactionTo(error: unknown): Reaction {
  if (!(error instanceof DatabaseError)) return 'later'
  if (error.errno !== undefined) return REACTIONS.get(error.errno) ?? 'later'
  // no answer: from the network, at once; or none in time, from a server that another try would only burden
  return error.code.endsWith('_TIMEOUT') ? 'later' : 'reconnect'
}

function each(reaction: Reaction, ...numbers: readonly number[]): [number, Reaction][] {
  return numbers.map((number) => [number, reaction])
}
