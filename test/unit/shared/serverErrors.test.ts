import {
  errorCodeOn,
  isAccessDenied,
  type ServerKind,
  serverErrorName,
  serverErrorNumber,
  serverKind,
} from '../../../shared/serverErrors'

test.each([
  ['10.11.19-MariaDB-0+deb12u1', 'MariaDB'],
  ['5.5.5-10.11.19-MariaDB', 'MariaDB'],
  ['8.0.36', 'MySQL'],
  ['5.7.44-log', 'MySQL'],
])('a server of version %s is %s', (version, kind) => {
  expect(serverKind(version)).toBe(kind)
})

// what the driver calls the number, MariaDB's name, MySQL's, and that of a server that has not said what it is
test.each<[number, string | undefined, string, string, string]>([
  [1062, 'ER_DUP_ENTRY', 'ER_DUP_ENTRY', 'ER_DUP_ENTRY', 'ER_DUP_ENTRY'],
  [1726, 'ER_UNSUPPORTED_ENGINE', 'ER_VERS_NOT_ALLOWED', 'ER_UNSUPPORTED_ENGINE', 'SERVER_1726'],
  [1927, undefined, 'ER_CONNECTION_KILLED', 'ER_CONNECTION_KILLED', 'ER_CONNECTION_KILLED'],
  // the bounds of what the servers share, and of what is each one's own
  [1900, 'ER_X', 'MARIADB_1900', 'MARIADB_1900', 'MARIADB_1900'],
  [2000, 'ER_X', 'MARIADB_2000', 'ER_X', 'ER_X'],
  [3000, 'ER_X', 'ER_X', 'ER_X', 'ER_X'],
  [3060, 'ER_X', 'ER_X', 'ER_X', 'ER_X'],
  [3060, undefined, 'MARIADB_3060', 'MYSQL_3060', 'MYSQL_3060'],
  [4000, undefined, 'MARIADB_4000', 'MYSQL_4000', 'SERVER_4000'],
  [1999, undefined, 'MARIADB_1999', 'MARIADB_1999', 'MARIADB_1999'],
  [3024, 'ER_QUERY_TIMEOUT', 'ER_QUERY_TIMEOUT', 'ER_QUERY_TIMEOUT', 'ER_QUERY_TIMEOUT'],
  [
    3118,
    'ER_ACCOUNT_HAS_BEEN_LOCKED',
    'ER_ACCOUNT_HAS_BEEN_LOCKED',
    'ER_ACCOUNT_HAS_BEEN_LOCKED',
    'ER_ACCOUNT_HAS_BEEN_LOCKED',
  ],
  [
    4025,
    'ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE',
    'ER_CONSTRAINT_FAILED',
    'ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE',
    'SERVER_4025',
  ],
  [
    4161,
    'ER_INSTALL_COMPONENT_SET_UNUSED_VALUE',
    'ER_UNKNOWN_DATA_TYPE',
    'ER_INSTALL_COMPONENT_SET_UNUSED_VALUE',
    'SERVER_4161',
  ],
  [4031, 'ER_CLIENT_INTERACTION_TIMEOUT', 'MARIADB_4031', 'ER_CLIENT_INTERACTION_TIMEOUT', 'SERVER_4031'],
  [4999, undefined, 'MARIADB_4999', 'MYSQL_4999', 'SERVER_4999'],
])('number %s, %s to the driver, is %s, %s, %s', (errno, driversName, ...names) => {
  const servers: (ServerKind | undefined)[] = ['MariaDB', 'MySQL', undefined]
  expect(servers.map((server) => serverErrorName(errno, driversName, server))).toEqual(names)
})

test.each<[unknown, number | undefined]>([
  [{ errno: 1062 }, 1062],
  [{ errno: -104 }, undefined],
  [{ errno: 0 }, undefined],
  [{ errno: '1062' }, undefined],
  [new Error('a fault of ours'), undefined],
  [null, undefined],
  [undefined, undefined],
  ['errno', undefined],
])('the server’s number of %p is %p', (error, number) => {
  expect(serverErrorNumber(error)).toBe(number)
})

const answering = (version: string) => ({ execute: () => Promise.resolve([[{ version }], []]) })
const gone = { execute: () => Promise.reject(new Error('closed')) }
const UNKNOWN_TYPE = { errno: 4161, code: 'ER_INSTALL_COMPONENT_SET_UNUSED_VALUE' }

test.each<[object, Parameters<typeof errorCodeOn>[0], string | undefined]>([
  [UNKNOWN_TYPE, answering('10.11.19-MariaDB'), 'ER_UNKNOWN_DATA_TYPE'],
  [UNKNOWN_TYPE, answering('8.0.36'), 'ER_INSTALL_COMPONENT_SET_UNUSED_VALUE'],
  [UNKNOWN_TYPE, gone, 'SERVER_4161'],
  [UNKNOWN_TYPE, { execute: () => Promise.resolve([[], []]) }, 'ER_INSTALL_COMPONENT_SET_UNUSED_VALUE'],
  // these ask nobody
  [{ errno: 1064, code: 'ER_PARSE_ERROR' }, gone, 'ER_PARSE_ERROR'],
  [{ errno: 1969 }, gone, 'ER_STATEMENT_TIMEOUT'],
  [{ errno: -104, code: 'ECONNRESET' }, gone, 'ECONNRESET'],
  [new TypeError('a fault of ours'), gone, undefined],
])('the code of %p is its own server’s', async (error, database, code) => {
  expect(await errorCodeOn(database, error)).toBe(code)
})

test.each([
  [true, [1044, 1142, 1143, 1227, 1370, 1410, 1419]],
  // no such login, a bad statement, no such table, an unknown type, read-only, full
  [false, [1045, 1064, 1146, 4161, 1290, 1114, -13]],
])('whether rights are missing is %s for %j', (expected, numbers) => {
  for (const errno of numbers) expect([errno, isAccessDenied({ errno })]).toEqual([errno, expected])
})
