import { lookup } from 'node:dns/promises'
import path from 'node:path'
import type { ConnectionOptions } from 'mysql2/promise'
import { readTls } from '../functions/employees/tls'
import { ConfigError } from '../shared/config'
import { UserError } from '../shared/userError'
import { runningStack } from './runningStack'

/**
 * The database that a command works on: the one that MYSQL_* name in the shell, else the running local stack's. It is
 * printed before anything is done. TLS by MYSQL_SSL, as in the employees function.
 * @throws UserError
 */
export async function targetDatabase(): Promise<ConnectionOptions & { host: string }> {
  const environment: NodeJS.Dict<string> = process.env['MYSQL_HOST'] ? process.env : runningStack()
  const { MYSQL_HOST: host, MYSQL_PORT: port = '3306', MYSQL_DATABASE: database = '' } = environment
  if (!host) throw new UserError('No local stack is running. Start one (npm start), or set MYSQL_HOST and its like.')
  console.log(`-- ${database} at ${host}:${port}`)
  const ssl = await chooseTls(environment['MYSQL_SSL'], host)
  return {
    host,
    port: Number(port),
    database,
    user: environment['MYSQL_USER'] ?? '',
    password: environment['MYSQL_PASSWORD'] ?? '',
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    ...(ssl && { ssl }),
  }
}

/** By the same rule as the employees function; a CA file lies in certs/, from where the build puts it beside the function. */
async function chooseTls(setting: string | undefined, host: string) {
  try {
    const choose = readTls(setting || undefined, host, path.join(__dirname, '..', 'certs'))
    return choose((await lookup(host)).address)
  } catch (error) {
    if (error instanceof ConfigError) throw new UserError(error.message)
    throw new UserError(`${host} cannot be resolved. See MYSQL_HOST.`)
  }
}
