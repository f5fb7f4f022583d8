import { type Database, selectRows } from './database'
import { errorCode } from './errorCode'

export type ServerKind = 'MySQL' | 'MariaDB'

/** @param version as the server has it: "10.11.19-MariaDB-0+deb12u1", "8.0.36" */
export function serverKind(version: string): ServerKind {
  return /mariadb/i.test(version) ? 'MariaDB' : 'MySQL'
}

/**
 * What MariaDB calls numbers that MySQL does not have, or has for something else: the driver knows MySQL's names alone, and
 * gives them to MariaDB's errors, too. These are the ones that our statements, or a type in mapping.yaml, may meet.
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const MARIADB: ReadonlyMap<number, string> = new Map([
  [1726, 'ER_VERS_NOT_ALLOWED'],
  [1742, 'ER_VALUE_TOO_LONG'],
  [1901, 'ER_GENERATED_COLUMN_FUNCTION_IS_NOT_ALLOWED'],
  [1903, 'ER_PRIMARY_KEY_BASED_ON_GENERATED_COLUMN'],
  [1904, 'ER_KEY_BASED_ON_GENERATED_VIRTUAL_COLUMN'],
  [1905, 'ER_WRONG_FK_OPTION_FOR_GENERATED_COLUMN'],
  [1907, 'ER_UNSUPPORTED_ACTION_ON_GENERATED_COLUMN'],
  [1910, 'ER_UNSUPPORTED_ENGINE_FOR_GENERATED_COLUMNS'],
  [1911, 'ER_UNKNOWN_OPTION'],
  [1912, 'ER_BAD_OPTION_VALUE'],
  [1916, 'ER_DATA_OVERFLOW'],
  [1917, 'ER_DATA_TRUNCATED'],
  [1918, 'ER_BAD_DATA'],
  [1927, 'ER_CONNECTION_KILLED'],
  [1932, 'ER_NO_SUCH_TABLE_IN_ENGINE'],
  [1964, 'ER_PRIOR_COMMIT_FAILED'],
  [1967, 'ER_TABLE_DEFINITION_TOO_BIG'],
  [1969, 'ER_STATEMENT_TIMEOUT'],
  [1977, 'ER_CANNOT_CONVERT_CHARACTER'],
  [1978, 'ER_INVALID_DEFAULT_VALUE_FOR_FIELD'],
  [4025, 'ER_CONSTRAINT_FAILED'],
  [4026, 'ER_EXPRESSION_IS_TOO_BIG'],
  [4027, 'ER_ERROR_EVALUATING_EXPRESSION'],
  [4028, 'ER_CALCULATING_DEFAULT_VALUE'],
  [4029, 'ER_EXPRESSION_REFERS_TO_UNINIT_FIELD'],
  [4035, 'ER_JSON_BAD_CHR'],
  [4036, 'ER_JSON_NOT_JSON_CHR'],
  [4037, 'ER_JSON_EOS'],
  [4038, 'ER_JSON_SYNTAX'],
  [4039, 'ER_JSON_ESCAPING'],
  [4040, 'ER_JSON_DEPTH'],
  [4047, 'ER_UNSUPPORTED_COMPRESSED_TABLE'],
  [4063, 'ER_UNSUPPORTED_COLLATION'],
  [4078, 'ER_ILLEGAL_PARAMETER_DATA_TYPES2_FOR_OPERATION'],
  [4079, 'ER_ILLEGAL_PARAMETER_DATA_TYPE_FOR_OPERATION'],
  [4097, 'ER_COMPRESSED_COLUMN_USED_AS_KEY'],
  [4098, 'ER_UNKNOWN_COMPRESSION_METHOD'],
  [4108, 'ER_INVISIBLE_NOT_NULL_WITHOUT_DEFAULT'],
  [4110, 'ER_VERS_FIELD_WRONG_TYPE'],
  [4111, 'ER_VERS_ENGINE_UNSUPPORTED'],
  [4119, 'ER_VERS_ALTER_NOT_ALLOWED'],
  [4124, 'ER_VERS_NOT_VERSIONED'],
  [4143, 'ER_KEY_DOESNT_SUPPORT'],
  [4145, 'ER_BACKUP_LOCK_IS_ACTIVE'],
  [4150, 'ER_USER_IS_BLOCKED'],
  [4151, 'ER_ACCOUNT_HAS_BEEN_LOCKED'],
  [4159, 'ER_TOO_LONG_KEYPART'],
  [4161, 'ER_UNKNOWN_DATA_TYPE'],
  [4162, 'ER_UNKNOWN_OPERATOR'],
  [4166, 'ER_LOAD_INFILE_CAPABILITY_DISABLED'],
  [4167, 'ER_NO_SECURE_TRANSPORTS_CONFIGURED'],
  [4169, 'ER_NO_AUTOINCREMENT_WITH_UNIQUE'],
  [4174, 'ER_PK_INDEX_CANT_BE_IGNORED'],
  [4182, 'ER_STORAGE_ENGINE_DISABLED'],
])

/** What the two were before they grew apart, and what MariaDB has taken over since. */
const isCommon = (errno: number) => errno < 1900 || (errno >= 3000 && errno <= 3060)
/** MySQL has none of these. */
const isOfMariaDb = (errno: number) => errno >= 1900 && errno < 2000
/** MariaDB has none of these. */
const isOfMySql = (errno: number) => errno > 3060 && errno < 4000

/**
 * The name of a server's error, such as ER_UNKNOWN_DATA_TYPE; its number where the name is not known, MARIADB_4199. No
 * number gets the name that it has on the other server.
 * @param driversName the `code` of the driver's error: MySQL's name, whichever server it was
 * @param server undefined where it did not say what it is, as before the login: SERVER_4161 then
 */
export function serverErrorName(
  errno: number,
  driversName: string | undefined,
  server: ServerKind | undefined,
): string {
  const isMariaDb = isOfMariaDb(errno) || (server === 'MariaDB' && !isOfMySql(errno))
  if (isMariaDb) return MARIADB.get(errno) ?? (isCommon(errno) ? driversName : undefined) ?? `MARIADB_${errno}`
  if (server === undefined && isAmbiguous(errno)) return `SERVER_${errno}`
  return driversName ?? `MYSQL_${errno}`
}

function isAmbiguous(errno: number): boolean {
  return errno >= 4000 || (isCommon(errno) && MARIADB.has(errno))
}

/** The server's number of the driver's error; undefined when it was not the server that answered. */
export function serverErrorNumber(error: unknown): number | undefined {
  const errno = typeof error === 'object' && error !== null && 'errno' in error ? error.errno : undefined
  // the system's errors have negative numbers
  return typeof errno === 'number' && errno > 0 ? errno : undefined
}

/**
 * The code of the driver's error, as errorCode has it, but a server's under its own name. Where the number alone does not
 * tell whose it is, the server is asked.
 */
export async function errorCodeOn(database: Database, error: unknown): Promise<string | undefined> {
  const errno = serverErrorNumber(error)
  if (errno === undefined) return errorCode(error)
  return serverErrorName(errno, errorCode(error), isAmbiguous(errno) ? await kindOf(database) : undefined)
}

async function kindOf(database: Database): Promise<ServerKind | undefined> {
  try {
    const [row] = await selectRows(database, 'SELECT VERSION() AS version')
    return serverKind(String(row?.['version']))
  } catch {
    // the connection went with the error
    return undefined
  }
}

/** No right to the database, table, column, operation, routine, to make users or routines. */
const DENIED: ReadonlySet<number> = new Set([1044, 1142, 1143, 1227, 1370, 1410, 1419])

/**
 * Whether rights are what is missing: of any other refusal, to speak of rights leads astray. Whoever may not log in is told
 * so elsewhere.
 */
export function isAccessDenied(error: unknown): boolean {
  return DENIED.has(serverErrorNumber(error) ?? 0)
}
