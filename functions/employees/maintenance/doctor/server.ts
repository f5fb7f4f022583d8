import { type Executing, selectRows } from '../rows'

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
export async function readServer(database: Executing): Promise<Server> {
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

async function status(database: Executing, scope: 'SESSION' | 'GLOBAL', name: string): Promise<string> {
  const [row] = await selectRows(database, `SHOW ${scope} STATUS LIKE '${name}'`)
  return String(row?.['Value'] ?? '')
}
