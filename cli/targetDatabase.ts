import { lookup } from 'node:dns/promises'
import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import { connectionCode, explainConnection } from '../local/database/namedServer'
import { type Clock, systemClock } from '../shared/clock'
import { blankProblem, ConfigError, type Environment, setVariables } from '../shared/config'
import { errorCodeOn, isAccessDenied } from '../shared/serverErrors'
import { readTls } from '../shared/tls'
import { UserError } from '../shared/userError'
import { isOnLocalStack, noStack, runningStack } from './localStack'
import { CERTIFICATES, ROOT } from './project'

/**
 * Connects to the database that a command works on, the one that MYSQL_* name in the shell, else the running local
 * stack's, and closes the connection when the work is done. It is printed before anything is done. TLS by MYSQL_SSL, as in
 * the employees function.
 * @param hint what the work needs of the database, for whoever has not the rights or not the tables
 * @throws UserError
 */
export async function withTargetDatabase<T>(work: (connection: Connection) => Promise<T>, hint: string): Promise<T> {
  const target = await targetDatabase()
  let connection: Connection | undefined
  try {
    connection = await sayWhenSlow('waiting for the database …', mysql.createConnection(target.options))
    // as the function's sessions, whose times are UTC; the server's own zone may be another
    await connection.query("SET SESSION time_zone = '+00:00'")
    return await work(connection)
  } catch (error) {
    if (error instanceof UserError) throw error
    if (connection === undefined) {
      if (connectionCode(error) === undefined) throw error
      throw new UserError(target.explain(error))
    }
    const code = await errorCodeOn(connection, error)
    // no code, no error of the driver's: a fault of ours
    if (code === undefined) throw error
    const lacksSomething = isAccessDenied(error) || code === 'ER_NO_SUCH_TABLE'
    throw new UserError(`The database refused (${code}).${lacksSomething ? ` ${hint}` : ''}`)
  } finally {
    await connection?.end()
  }
}

interface Target {
  options: ConnectionOptions
  /** why there is no connection, and what to do */
  explain(error: unknown): string
}

async function targetDatabase(): Promise<Target> {
  const isNamed = !isOnLocalStack()
  const environment: Environment = isNamed ? setVariables(process.env) : runningStack()
  const unread = isNamed ? undefined : unreadDotEnv(ROOT)
  const problem = blankProblem('MYSQL_PASSWORD', environment['MYSQL_PASSWORD'])
  if (problem !== undefined) throw new UserError(problem)
  const { MYSQL_HOST: host, MYSQL_PORT: port = '3306', MYSQL_DATABASE: database = '' } = environment
  if (!host) throw noStack(unread ?? 'Or name another database in the shell: MYSQL_HOST and its like.')
  // on stderr, as stdout may go into a file
  if (unread !== undefined) console.error(unread)
  console.log(`-- ${database} at ${host}:${port}`)
  const ssl = await chooseTls(environment['MYSQL_SSL'], host)
  return {
    options: {
      host,
      port: Number(port),
      database,
      user: environment['MYSQL_USER'] ?? '',
      password: environment['MYSQL_PASSWORD'] ?? '',
      charset: 'utf8mb4',
      timezone: 'Z',
      dateStrings: true,
      ...(ssl && { ssl }),
    },
    explain: (error) =>
      isNamed
        ? explainConnection(error, host, Number(port), "it is the running local stack's")
        : `The local stack's database does not answer (${connectionCode(error)}). Restart npm start.`,
  }
}

/** What to say where somebody may think that .env names the database that is worked on. */
export function unreadDotEnv(root: string): string | undefined {
  const file = path.join(root, '.env')
  // what is wrong in that file is for others to say
  if (!fs.existsSync(file) || !parseEnv(fs.readFileSync(file, 'utf8'))['MYSQL_HOST']) return undefined
  return '.env names a database, and this command does not read that file. For that database: set -a; . ./.env; set +a'
}

/** By the same rule as the employees function; a CA file lies in certs/, from where the build puts it beside the function. */
async function chooseTls(setting: string | undefined, host: string) {
  try {
    const choose = readTls(setting || undefined, host, CERTIFICATES)
    return choose((await lookup(host)).address)
  } catch (error) {
    if (error instanceof ConfigError) throw new UserError(error.message)
    throw new UserError(`${host} cannot be resolved. See MYSQL_HOST.`)
  }
}

const SLOW_MS = 2_000

/** Says a line when the work takes so long that it might be taken for a hang; on stderr, as stdout may go into a file. */
export async function sayWhenSlow<T>(
  line: string,
  work: Promise<T>,
  clock: Pick<Clock, 'after'> = systemClock,
  say: (line: string) => void = console.error,
): Promise<T> {
  const cancel = clock.after(SLOW_MS, () => say(line))
  try {
    return await work
  } finally {
    cancel()
  }
}
