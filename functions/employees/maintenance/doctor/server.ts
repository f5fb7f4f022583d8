import { type Database, selectCount, selectRows } from '../../../../shared/database'
import { type Link, ok, unknown, wrong } from '../../../../shared/links'
import { BRAKED } from '../../applyRoster'

/** What the server says of itself and of this connection. */
export interface Server {
  version: string
  /** the account that the server took us for: `name@host` */
  account: string
  /** '' when the connection is not encrypted */
  cipher: string
  maxConnections: number
  /** of one account; 0 is no limit */
  maxUserConnections: number
  /** in use now, by whomever */
  connected: number
}

/** @throws DatabaseError */
export async function readServer(database: Database): Promise<Server> {
  const [row] = await selectRows(
    database,
    'SELECT VERSION() AS version, CURRENT_USER() AS account, @@max_connections AS maxConnections, ' +
      '@@max_user_connections AS maxUserConnections',
  )
  return {
    version: String(row?.['version']),
    account: String(row?.['account']),
    cipher: await status(database, 'SESSION', 'Ssl_cipher'),
    maxConnections: Number(row?.['maxConnections']),
    maxUserConnections: Number(row?.['maxUserConnections']),
    connected: Number(await status(database, 'GLOBAL', 'Threads_connected')),
  }
}

async function status(database: Database, scope: 'SESSION' | 'GLOBAL', name: string): Promise<string> {
  const [row] = await selectRows(database, `SHOW ${scope} STATUS LIKE '${name}'`)
  return String(row?.['Value'] ?? '')
}

/** Without TLS there would be no connection where it is required, so it only says which it is, and by whose will. */
export function judgeTls(cipher: string, setting: string | undefined): Link {
  if (cipher !== '') return ok('tls', `encrypted, the certificate verified (${cipher})`)
  return ok('tls', setting === 'off' ? 'off, as MYSQL_SSL says' : 'off: the host is in a private network')
}

/** How many there are, and how many of them are rosters that the brake has stopped. */
interface DeadLetterCounts {
  all: number
  braked: number
}

/** @throws DatabaseError */
export async function countDeadLetters(database: Database): Promise<DeadLetterCounts> {
  const all = await selectCount(database, 'SELECT COUNT(*) AS found FROM dead_letters')
  const sql = 'SELECT COUNT(*) AS found FROM dead_letters WHERE reason LIKE ?'
  return { all, braked: await selectCount(database, sql, [`%${BRAKED} %`]) }
}

const LOOK_WHO =
  'look first whether they have left: npm run replay -- --dead-letters --plan names them, in the VPC {"maintenance":"replay","plan":true}; then docs/operations.md, “When the brake holds”'

/** The chain has kept them, but what they say is in no row until somebody mends what they failed on. */
export function judgeDeadLetters({ all, braked }: DeadLetterCounts): Link {
  const name = 'never stored'
  if (all === 0) return ok(name, 'nothing in dead_letters')
  const found = `${all} ${all === 1 ? 'event' : 'events'} in dead_letters, which could not be stored`
  if (braked > 0) {
    const others = braked < all ? '; the others: npm run replay -- --dead-letters' : ''
    const rosters = `${braked} of them ${braked === 1 ? 'is a roster' : 'are rosters'} that MAX_LEAVERS stopped`
    return wrong(name, `${found}; ${rosters}`, `${LOOK_WHO}${others}`)
  }
  const step =
    'npm run replay -- --dead-letters --plan shows each, with its id and reason; after the fix npm run replay -- --dead-letters, or in the VPC {"maintenance":"replay"}; what can never be stored goes by npm run replay -- --discard ID'
  return wrong(name, found, step)
}

/** While a deployment replaces them, old and new instances have connections. */
const GENERATIONS = 2
/** The rest is for people, migrations and monitoring. */
const SHARE = 0.8

/**
 * An instance has one connection: their number against what the server allows.
 * @param instances reservedConcurrency of s.yaml; undefined where that is not at hand
 */
export function judgeConnections(server: Server, instances: number | undefined): Link {
  const { maxConnections, maxUserConnections, connected } = server
  const allowed = maxUserConnections === 0 ? maxConnections : Math.min(maxConnections, maxUserConnections)
  const most = Math.floor((allowed * SHARE) / GENERATIONS)
  const there = `${allowed} allowed, ${connected} in use now`
  if (instances === undefined) {
    const step = `reservedConcurrency of employees in s.yaml may be ${most} at most`
    return unknown('connections', `${there}; an instance takes 1`, step)
  }
  const taken = `${instances} instances × ${GENERATIONS} = ${instances * GENERATIONS}`
  if (instances <= most) return ok('connections', `${taken}; ${there}`)
  const step = `lower reservedConcurrency in s.yaml (to ${most} at most)`
  return wrong('connections', `${taken}, over 80 % of what is allowed; ${there}`, step)
}
