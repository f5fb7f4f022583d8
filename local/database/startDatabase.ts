import type { Database, DatabaseOptions } from './database'
import { namesServer, useNamedServer } from './namedServer'
import { startPrivateServer } from './privateServer'

/**
 * A real MariaDB or MySQL, in this order: the server that MYSQL_HOST or MYSQL_PORT names; a server program found on the
 * machine, run privately; the same out of Debian's packages. A private server that an earlier, killed run left behind is
 * adopted when it answers and replaced when it does not; nothing else is ever signalled.
 *
 * Whoever wants to stop while this is under way waits for the promise and calls `stop()`. That takes seconds; only the
 * download takes longer, and `stopping` ends it.
 *
 * @throws UserError
 */
export async function startDatabase(options: DatabaseOptions): Promise<Database> {
  if (namesServer(options.env)) return await useNamedServer(options.env, options.external)
  return await startPrivateServer(options)
}
