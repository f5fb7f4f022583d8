import { ConfigError } from '../../../../shared/config'
import type { Database } from '../../../../shared/database'
import { type Link, ok, showLinks, unknown, wrong } from '../../../../shared/links'
import type { Mapping } from '../../../../shared/mapping/mapping'
import type { RefusedType } from '../../../../shared/mapping/refusedTypes'
import { allTables } from '../../../../shared/mapping/tables'
import type { EmployeesConfig } from '../../config'
import { codeOf } from '../../mysqlErrors'
import type { Action, Toolbox } from '../action'
import { judgeGrants, readGrants } from './grants'
import { judgeReach } from './reach'
import { countDeadLetters, judgeConnections, judgeDeadLetters, judgeTls, readServer } from './server'
import { judgeTable, readTable } from './table'

/** `{"maintenance":"doctor"}`: the links of the chain that can be seen only from the database's network. */
export const doctor: Action = {
  keys: [],
  grants: (tables) => `SELECT on ${tables}`,
  run: async (_, toolbox) => showLinks(await checkLinks(toolbox)),
}

async function checkLinks({ mappings, instance }: Toolbox): Promise<Link[]> {
  try {
    const { config, database } = instance()
    const links = await checkDatabase({ config, mappings, database, instances: undefined })
    return [ok('variables', 'complete'), ...links]
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [wrong('variables', error.message, 'set them in .env, and deploy')]
  }
}

export interface DatabaseChecks {
  config: EmployeesConfig
  mappings: readonly Mapping[]
  /** as the function opens it, so that what holds here holds for a delivery */
  database: Database
  /** reservedConcurrency of the employees function; undefined where s.yaml is not at hand */
  instances: number | undefined
  /** where mapping.yaml is at hand: what the server says of a type, with its place there */
  tellRefused?: (refused: RefusedType, table: string) => string
  /** what to do from a place that the database's network does not let in; undefined in that network */
  fromOutside?: string
}

/** The links of the chain that are in the database: the same from the function and from the command line. */
export async function checkDatabase({ config, mappings, database, ...where }: DatabaseChecks): Promise<Link[]> {
  const tables = allTables(mappings)
  const names = ['tls', 'grants', ...tables.map(({ name }) => `table ${name}`), 'never stored', 'connections']
  const server = await readServer(database).catch(codeOf)
  const reach = judgeReach(server, config, where.fromOutside)
  if (typeof server === 'string') return [reach, ...names.map((name) => unknown(name, 'the database is not reached'))]
  return [
    reach,
    judgeTls(server.cipher, config.MYSQL_SSL),
    judgeGrants(await readGrants(database, tables), server, config),
    ...(await eachOf(tables, (table) =>
      orUnknown(`table ${table.name}`, async () =>
        judgeTable(table, await readTable(database, table), where.tellRefused),
      ),
    )),
    await orUnknown('never stored', async () => judgeDeadLetters(await countDeadLetters(database))),
    judgeConnections(server, where.instances),
  ]
}

/** One after the other: an instance has one connection. */
async function eachOf<T>(items: readonly T[], check: (item: T) => Promise<Link>): Promise<Link[]> {
  const links: Link[] = []
  for (const item of items) links.push(await check(item))
  return links
}

async function orUnknown(name: string, check: () => Promise<Link>): Promise<Link> {
  try {
    return await check()
  } catch (error) {
    return unknown(name, `the database refused (${codeOf(error)})`)
  }
}
