import type { Environment } from '../../shared/config'
import { namesServer, useNamedServer } from './namedServer'
import { startPrivateServer } from './privateServer'

export interface DatabaseAddress {
  host: string
  port: number
  user: string
  password: string
  database: string
}

export interface Database extends DatabaseAddress {
  /** For the progress line: "MariaDB 10.11.19 (private, 127.0.0.1:21234)", "MySQL 8.0.36 at 127.0.0.1:3306 (yours)". */
  description: string
  /** Stops a server that this stack started or adopted; does nothing to one named by MYSQL_*. Safe to call twice. */
  stop(): Promise<void>
}

export interface DatabaseOptions {
  /** The shell's variables and those of .env.local: MYSQL_HOST, _PORT, _USER, _PASSWORD, _DATABASE, _SSL; PATH; proxies. */
  env: Environment
  /** Whether a MYSQL_HOST that is not loopback may be used. */
  external: boolean
  /** All state of the private server: its data, password, port, pid and log. One stack at a time. */
  dataDir: string
  /** Where fetched packages are unpacked. Stacks share it. */
  packagesDir: string
  /** Takes a line about what takes long. */
  report(line: string): void
}

/**
 * A real MariaDB or MySQL, in this order: the server that MYSQL_HOST or MYSQL_PORT names; a server program found on the
 * machine, run privately; the same out of Debian's packages. A private server that an earlier, killed run left behind is
 * adopted when it answers and replaced when it does not; nothing else is ever signalled.
 *
 * Whoever wants to stop while this is under way waits for the promise and calls `stop()`. That takes seconds; only the
 * download takes longer, and a Ctrl-C in the terminal ends it.
 *
 * @throws UserError
 */
export async function startDatabase(options: DatabaseOptions): Promise<Database> {
  if (namesServer(options.env)) return await useNamedServer(options.env, options.external)
  return await startPrivateServer(options)
}
