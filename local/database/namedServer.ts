import { readFile } from 'node:fs/promises'
import type { SslOptions } from 'mysql2/promise'
import { blankProblem, type Environment } from '../../shared/config'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import type { Database, DatabaseAddress } from './database'
import { explainConnection } from './explainConnection'
import { prepareDatabase } from './prepareDatabase'

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
  return { ...address, ...tls, description, stop: () => Promise.resolve() }
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
