import { readFile } from 'node:fs/promises'
import type { SslOptions } from 'mysql2/promise'
import { blankProblem, type Environment } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { serverErrorName, serverErrorNumber } from '../../shared/serverErrors'
import { UserError } from '../../shared/userError'
import { type Database, type DatabaseAddress, prepareDatabase } from './database'

const CONNECT_TIMEOUT_MS = 5_000

/** A server is named by MYSQL_HOST or MYSQL_PORT. The other MYSQL_* say how to log in there, and alone name none. */
export function namesServer(env: Environment): boolean {
  return Boolean(env['MYSQL_HOST'] || env['MYSQL_PORT'])
}

/**
 * The server that the environment names, with the database made if it is missing. It is the user's: never stopped.
 *
 * @throws UserError that names the variable to look at, and never its value where that is a secret
 */
export async function useNamedServer(env: Environment, external: boolean): Promise<Database> {
  const address = readAddress(env)
  const isHere = isLoopbackHost(address.host)
  if (!isHere && !external) {
    throw new UserError(
      'MYSQL_HOST is not on this machine. Unset it to get a private database, or run `npm start -- --external` to use it.',
    )
  }
  const ssl = isHere ? undefined : await readTls(env['MYSQL_SSL'])
  const tls = ssl === undefined ? {} : { ssl }
  const server = await prepareDatabase(address, { timeoutMs: CONNECT_TIMEOUT_MS, ...tls }).catch((error: unknown) => {
    throw new UserError(explainConnection(error, address.host, address.port, 'a private database is started'))
  })
  const description = `${server} at ${address.host}:${address.port} (yours)`
  return { ...address, ...tls, description, keepRunning: () => new Promise(() => {}), stop: () => Promise.resolve() }
}

function readAddress(env: Environment): DatabaseAddress {
  const port = Number(env['MYSQL_PORT'] || 3306)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UserError('MYSQL_PORT must be 1 to 65535.')
  const problem = blankProblem('MYSQL_PASSWORD', env['MYSQL_PASSWORD'])
  if (problem !== undefined) throw new UserError(problem)
  return {
    host: env['MYSQL_HOST'] || '127.0.0.1',
    port,
    user: env['MYSQL_USER'] || 'root',
    password: env['MYSQL_PASSWORD'] ?? '',
    database: env['MYSQL_DATABASE'] || 'dingtalk',
  }
}

/** Off this machine the password and the rows go encrypted, unless told otherwise. */
async function readTls(setting: string | undefined): Promise<SslOptions | undefined> {
  if (setting === 'off') return undefined
  if (!setting || setting === 'required') return { rejectUnauthorized: true }
  const ca = await readFile(setting, 'utf8').catch(() => {
    throw new UserError('MYSQL_SSL must be off, required, or a CA file that can be read.')
  })
  return { rejectUnauthorized: true, ca }
}

/** The code of the driver's error where there is no connection yet, and the server has not said which one it is. */
export function connectionCode(error: unknown): string | undefined {
  const errno = serverErrorNumber(error)
  return errno === undefined ? errorCode(error) : serverErrorName(errno, errorCode(error), undefined)
}

/**
 * Why there is no connection to a server that MYSQL_* name, and which of them to look at; never a value that is a secret.
 * @param error the driver's
 * @param without what is used when neither MYSQL_HOST nor MYSQL_PORT is set
 */
export function explainConnection(error: unknown, host: string, port: number, without: string): string {
  const code = connectionCode(error) || 'unknown error'
  const server = `The database server at ${host}:${port}`
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return `${server} refuses the login. Look at MYSQL_USER and MYSQL_PASSWORD.`
    case 'ER_BAD_DB_ERROR':
    case 'ER_DBACCESS_DENIED_ERROR':
      return `${server} has no database MYSQL_DATABASE that MYSQL_USER may use. Make it, or give that user rights on it.`
    case 'HANDSHAKE_NO_SSL_SUPPORT':
    case 'HANDSHAKE_SSL_ERROR':
      return `${server} offers no TLS, or none that can be trusted. Set MYSQL_SSL to the file of its CA, or to off if the network in between is yours.`
    default:
      if (serverErrorNumber(error) !== undefined) {
        return `${server} answers, and refuses the connection (${code}). Look at the account MYSQL_USER and at the server itself.`
      }
      return `${server} does not answer (${code}). Start it, or look at MYSQL_HOST and MYSQL_PORT; without them ${without}.`
  }
}
