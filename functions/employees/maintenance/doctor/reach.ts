import { type Link, ok, unknown, wrong } from '../../../../shared/links'
import type { EmployeesConfig } from '../../config'
import type { Server } from './server'

/** What each refusal of a connection most likely means. */
const STEPS: ReadonlyMap<string, string> = new Map([
  ['ER_ACCESS_DENIED_ERROR', 'compare MYSQL_USER and MYSQL_PASSWORD with the account of the instance'],
  ['ER_DBACCESS_DENIED_ERROR', 'give MYSQL_USER rights on MYSQL_DATABASE'],
  ['ER_BAD_DB_ERROR', 'make the database, or mend MYSQL_DATABASE'],
  ['ER_HOST_NOT_PRIVILEGED', 'let MYSQL_USER connect from this network'],
  ['ER_ACCOUNT_HAS_BEEN_LOCKED', 'unlock the account MYSQL_USER'],
  ['ER_HOST_IS_BLOCKED', 'the server blocks this host after many broken connections: FLUSH HOSTS'],
  ['ER_CON_COUNT_ERROR', 'all connections are in use: see max_connections and reservedConcurrency in s.yaml'],
  ['ER_TOO_MANY_USER_CONNECTIONS', 'the account has no connection left: see max_user_connections'],
  [
    'HANDSHAKE_SSL_ERROR',
    'the certificate does not hold: name its CA in MYSQL_SSL, and the instance’s domain name in MYSQL_HOST',
  ],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'turn on SSL in RDS, or set MYSQL_SSL=off within a private network'],
])

/** Errors of the network, which a firewall or a VPC in between explains. */
const NETWORK = /^(E[A-Z_]+|CONNECT_TIMEOUT|DELIVERY_TIMEOUT|PROTOCOL_CONNECTION_LOST)$/
export const NETWORK_STEP =
  'check MYSQL_HOST and MYSQL_PORT, VPC_ID and VSWITCH_ID, and let the function’s security group into the whitelist of RDS'
/** It was reached, and it said no. */
const SERVER_STEP =
  'the server answers, and refuses: look at the account MYSQL_USER, and whether MYSQL_HOST is the right server'

/**
 * @param server what it said, or the code of the error
 * @param fromOutside what to do when it may be the network, and this is not the database's
 */
export function judgeReach(server: Server | string, config: EmployeesConfig, fromOutside?: string): Link {
  const { MYSQL_HOST: host, MYSQL_PORT: port, MYSQL_DATABASE: database } = config
  const place = `${database} at ${host}:${port}`
  if (typeof server !== 'string') return ok('database', `${place} (${server.version})`)
  const isNetwork = NETWORK.test(server) && !server.startsWith('ER_')
  if (isNetwork && fromOutside !== undefined)
    return unknown('database', `not reached from here (${server})`, fromOutside)
  return wrong('database', `${place}: ${server}`, STEPS.get(server) ?? (isNetwork ? NETWORK_STEP : SERVER_STEP))
}
