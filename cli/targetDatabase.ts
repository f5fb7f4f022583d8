import type { ConnectionOptions } from 'mysql2/promise'
import { UserError } from '../shared/userError'
import { runningStack } from './runningStack'

/**
 * The database that a command works on: the one that MYSQL_* name in the shell, else the running local stack's. It is
 * printed before anything is done.
 * @throws UserError
 */
export function targetDatabase(): ConnectionOptions & { host: string } {
  const environment: NodeJS.Dict<string> = process.env['MYSQL_HOST'] ? process.env : runningStack()
  const { MYSQL_HOST: host, MYSQL_PORT: port = '3306', MYSQL_DATABASE: database = '' } = environment
  if (!host) throw new UserError('No local stack is running. Start one (npm start), or set MYSQL_HOST and its like.')
  console.log(`-- ${database} at ${host}:${port}`)
  return {
    host,
    port: Number(port),
    database,
    user: environment['MYSQL_USER'] ?? '',
    password: environment['MYSQL_PASSWORD'] ?? '',
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
  }
}
