import type { EmployeesConfig } from '../../../functions/employees/config'
import { judgeGrants } from '../../../functions/employees/maintenance/doctor/grants'
import { judgeReach } from '../../../functions/employees/maintenance/doctor/reach'
import { judgeConnections, judgeTls } from '../../../functions/employees/maintenance/doctor/server'
import type { Link } from '../../../shared/links'

const config = { MYSQL_HOST: 'h', MYSQL_PORT: 3306, MYSQL_DATABASE: 'd' } as EmployeesConfig
const server = {
  version: '8.0.36',
  account: "o'neil@%",
  cipher: '',
  maxConnections: 300,
  maxUserConnections: 0,
  connected: 7,
}
const granted = (code: string | undefined, right: 'UPDATE' | 'DELETE' = 'UPDATE') =>
  judgeGrants([{ table: 'dead_letters', right, code }], server, config)

test.each<[string, () => Link, Link['state'], RegExp]>([
  ['reached', () => judgeReach(server, config), 'ok', /^database d at h:3306 \(8\.0\.36\)/],
  [
    'not reached',
    () => judgeReach('CONNECT_TIMEOUT', config),
    'wrong',
    /^database d at h:3306: CONNECT_TIMEOUT.*whitelist of RDS/,
  ],
  [
    'not reached from outside',
    () => judgeReach('ETIMEDOUT', config, 'ask inside'),
    'unknown',
    /^database not reached from here \(ETIMEDOUT\).*ask inside/,
  ],
  [
    'a name that only the VPC knows',
    () => judgeReach('ENOTFOUND', config, 'ask inside'),
    'unknown',
    /ENOTFOUND.*ask inside/,
  ],
  [
    'another password, from outside',
    () => judgeReach('ER_ACCESS_DENIED_ERROR', config, 'ask inside'),
    'wrong',
    /MYSQL_PASSWORD/,
  ],
  [
    'a bad certificate, from outside',
    () => judgeReach('HANDSHAKE_SSL_ERROR', config, 'ask inside'),
    'wrong',
    /MYSQL_SSL/,
  ],
  ['no TLS at all', () => judgeReach('HANDSHAKE_NO_SSL_SUPPORT', config), 'wrong', /turn on SSL in RDS/],
  ['too many connections', () => judgeReach('ER_CON_COUNT_ERROR', config), 'wrong', /max_connections/],
  ['whatever else', () => judgeReach('ER_UNKNOWN', config), 'wrong', /ER_UNKNOWN.*MYSQL_HOST/],
  ['encrypted', () => judgeTls('TLS_AES_256_GCM_SHA384', undefined), 'ok', /verified \(TLS_AES_256_GCM_SHA384\)/],
  ['off by will', () => judgeTls('', 'off'), 'ok', /MYSQL_SSL says/],
  ['off in private', () => judgeTls('', undefined), 'ok', /private network/],
  ['granted', () => granted(undefined), 'ok', /all that deliveries and maintenance need/],
  ['not granted', () => granted('ER_TABLEACCESS_DENIED_ERROR'), 'wrong', /UPDATE on dead_letters.*TO 'o''neil'@'%'/],
  ['not granted for a column', () => granted('ER_COLUMNACCESS_DENIED_ERROR'), 'wrong', /missing: UPDATE/],
  [
    'not granted, for maintenance',
    () => granted('ER_TABLEACCESS_DENIED_ERROR', 'DELETE'),
    'ok',
    /^grants as .* there is no DELETE on dead_letters/,
  ],
  ['read-only', () => granted('ER_OPTION_PREVENTS_STATEMENT'), 'wrong', /takes no writes.*primary instance/],
  ['a table that is not there', () => granted('ER_NO_SUCH_TABLE'), 'unknown', /a table is missing/],
  [
    'four fifths of what there is',
    () => judgeConnections(server, 120),
    'ok',
    /120 instances × 2 = 240; 300 allowed, 7 in use/,
  ],
  [
    'one more',
    () => judgeConnections(server, 121),
    'wrong',
    /242, over 80 %.*lower reservedConcurrency.*to 120 at most/,
  ],
  [
    'more than the account may',
    () => judgeConnections({ ...server, maxUserConnections: 24 }, 10),
    'wrong',
    /24 allowed.*to 9 /,
  ],
  ['instances that are not known', () => judgeConnections(server, undefined), 'unknown', /may be 120 at most/],
])('%s', (_, judge, expected, text) => {
  const { name, state, found, next } = judge()
  expect(state).toBe(expected)
  expect(`${name} ${found}${next === undefined ? '' : ` → ${next}`}`).toMatch(text)
})
