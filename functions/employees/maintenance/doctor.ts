import { ConfigError } from '../../../shared/config'
import { type Link, ok, wrong } from '../../../shared/doctor/link'
import { showLinks } from '../../../shared/doctor/showLinks'
import type { Action, Toolbox } from './action'
import { checkDatabase } from './doctor/checkDatabase'

/** `{"maintenance":"doctor"}`: the links of the chain that can be seen only from the database's network. */
export const doctor: Action = {
  keys: [],
  grants: (table) => `SELECT on ${table}`,
  run: async (_, toolbox) => showLinks(await checkLinks(toolbox)),
}

async function checkLinks({ mapping, instance }: Toolbox): Promise<Link[]> {
  try {
    const { config, database } = instance()
    const links = await checkDatabase({ config, mapping, database, instances: undefined })
    return [ok('variables', 'complete'), ...links]
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [wrong('variables', error.message, 'set them in .env, and deploy')]
  }
}
