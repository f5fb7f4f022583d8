import { errorCode } from '../../shared/errorCode'
import { type ServerKind, serverErrorName, serverErrorNumber } from '../../shared/serverErrors'

/**
 * The database refused, or did not answer. The driver's messages quote data, so nothing but the code, the number, the
 * SQLSTATE and the name of an index or constraint goes on from where an error arises.
 */
export class DatabaseError extends Error {
  override name = 'DatabaseError' as const
  /** e.g. ER_LOCK_DEADLOCK, ECONNREFUSED, STATEMENT_TIMEOUT */
  readonly code: string
  /** the server's number; undefined when it was not the server that answered */
  readonly errno: number | undefined
  /** the class and subclass of the SQL standard, e.g. 22001 */
  readonly sqlState: string | undefined
  /** the unique index or the CHECK that refuses, by its name in the table */
  readonly rule: string | undefined
  /** the server's own words, of a statement that has no data to quote (refusedTypes.ts) */
  readonly sqlMessage: string | undefined

  constructor(code: string, errno?: number, sqlState?: string, rule?: string, sqlMessage?: string) {
    super(code)
    this.code = code
    this.errno = errno
    this.sqlState = sqlState
    this.rule = rule
    this.sqlMessage = sqlMessage
  }
}

/** @throws whatever is no error of the database's: a fault of ours */
export function codeOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.code
  throw error
}

/**
 * The driver's error without its message. What has neither code nor number is a mistake of the program and stays.
 * @param server whose numbers these are, once it is known
 * @param sql the statement: of one that makes an empty temporary table the message stays
 */
export function withoutMessage(error: unknown, server?: ServerKind, sql = ''): unknown {
  if (error instanceof DatabaseError || typeof error !== 'object' || error === null) return error
  const errno = serverErrorNumber(error)
  const code = errno === undefined ? errorCode(error) : serverErrorName(errno, errorCode(error), server)
  if (code === undefined) return error
  const sqlState = 'sqlState' in error && typeof error.sqlState === 'string' ? error.sqlState : undefined
  const message = 'sqlMessage' in error ? String(error.sqlMessage) : ''
  const holdsNoData = sql.startsWith('CREATE TEMPORARY TABLE ')
  return new DatabaseError(code, errno, sqlState, ruleIn(message), holdsNoData ? message : undefined)
}

/** Names stand at the end, behind all data (`Duplicate entry '…' for key 'user_info.jobNumber'`), or there is no data. */
function ruleIn(message: string): string | undefined {
  const name = (/for key '([^']+)'$/.exec(message) ??
    /^CONSTRAINT [`']?([^`']+)[`']? failed/.exec(message) ??
    /^Cannot add or update a child row: .* CONSTRAINT `([^`]+)` FOREIGN KEY/.exec(message) ??
    /^Check constraint '([^']+)' is violated\.$/.exec(message))?.[1]
  return name?.replace(/^.*\./, '')
}

/**
 * What the next step is after an error:
 * - `unfit`: a value does not fit into its column, and never will;
 * - `refused`: a rule of the table (a unique index, a CHECK, a trigger) refuses the row for what it holds, and always will;
 * - `repeat`: the statement gave way to another one, and was rolled back; it is worth a few more tries;
 * - `reconnect`: the connection is gone, which says nothing about the statement; it is worth one more try on a new one;
 * - `failover`: this server takes no writes any more. The connection would go on to it for ever, and a new one may lead to
 *   its successor, so it must not be used again;
 * - `later`: whatever else has to do with the server, or with tables and rights that somebody must mend; EventBridge
 *   delivers again;
 * - `unknown`: an error that may as well be the row's fault as the server's.
 */
export type Reaction = 'unfit' | 'refused' | 'repeat' | 'reconnect' | 'failover' | 'later' | 'unknown'

/** By the SQLSTATE's class: no list of numbers is ever complete. https://dev.mysql.com/doc/refman/8.0/en/error-message-elements.html */
const CLASSES: ReadonlyMap<string, Reaction> = new Map([
  ['01', 'unfit'], // a warning that the strict session makes an error: a value that is cut
  ['22', 'unfit'],
  ['23', 'refused'],
  ['45', 'refused'], // a trigger's SIGNAL
  ['40', 'repeat'],
  ['08', 'reconnect'],
  ['HY', 'unknown'],
])

/**
 * Where the class does not say it: many errors have HY000, the general one.
 * https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const NUMBERS: ReadonlyMap<number, Reaction> = new Map([
  // null, too long, out of range, not a number or a date, not in the character set of the column (in three ways)
  ...each('unfit', 1048, 1264, 1265, 1292, 1366, 1406, 1411, 1690, 3854, 3988),
  // no JSON, or nested too deep
  ...each('unfit', 3140, 3157),
  // a unique index, a foreign key, a CHECK (MySQL, MariaDB), a trigger's SIGNAL, no partition for it, too wide a row
  ...each('refused', 1022, 1062, 1216, 1452, 1586, 3819, 4025, 1644, 1526, 1118),
  // a division by zero, by which our statement refuses to touch another row (upsertSql.ts)
  ...each('refused', 1365),
  // waited too long for a row or for the table, deadlock
  ...each('repeat', 1205, 1213),
  // shutting down, killed (twice: MariaDB's and MySQL's number), idle for too long
  ...each('reconnect', 1053, 1317, 1927, 3169, 4031),
  // the server, or another one behind a proxy, does not know the prepared statement (any more)
  ...each('reconnect', 1243, 1615),
  // read_only and RDS's locks of a full or expired instance (both 1290), a read-only transaction, innodb_read_only
  // https://www.alibabacloud.com/help/en/rds/apsaradb-rds-for-mysql/what-do-i-do-if-my-apsaradb-rds-instance-is-in-the-locking-state
  ...each('failover', 1290, 1792, 1836),
  // innodb_read_only on MySQL, which cannot lock a table then
  ...each('failover', 1015),
  // full: disk, table, file system, memory, locks; connections of all or of the user (class 08); prepared statements
  ...each('later', 1021, 1114, 1030, 1026, 1037, 1038, 1041, 1206, 1040, 1203, 1226, 1461),
  // took too long (MariaDB, MySQL); a column without a default, which mapping.yaml does not know
  ...each('later', 1969, 3024, 1364),
  // no such database, table or column; no right
  ...each('later', 1049, 1146, 1054, 1044, 1045, 1142, 1143, 1227),
])

export function reactionTo(error: unknown): Reaction {
  if (!(error instanceof DatabaseError)) return 'later'
  if (error.errno !== undefined) {
    const byClass = error.sqlState === undefined ? 'unknown' : CLASSES.get(error.sqlState.slice(0, 2))
    return NUMBERS.get(error.errno) ?? byClass ?? 'later'
  }
  // no answer: from the network, at once; or none in time, from a server that another try would only burden
  return error.code.endsWith('_TIMEOUT') ? 'later' : 'reconnect'
}

function each(reaction: Reaction, ...numbers: readonly number[]): [number, Reaction][] {
  return numbers.map((number) => [number, reaction])
}
