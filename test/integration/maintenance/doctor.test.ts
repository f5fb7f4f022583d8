import { reasonOf } from '../../../functions/employees/applyRoster'
import { replayMark, withoutMark } from '../../../functions/employees/maintenance/replay'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { DatabaseAddress } from '../../../local/database/database'
import { freePort } from '../../../shared/freePort'
import type { Mapping } from '../../../shared/mapping/mapping'
import { databaseUser, dropDatabaseUser } from '../../support/databaseUser'
import { deliveredEvent } from '../../support/events'
import { maintainedInstance } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { makeFirstTables } from '../migrate/firstFormat'
import { openPlayground, type Playground, withColumn } from '../migrate/playground'

let db: Playground
const OF_DELIVERIES = ['SELECT, INSERT, UPDATE ON user_info', 'SELECT, INSERT, UPDATE ON dead_letters']
const OF_MAINTENANCE = ['DELETE ON dead_letters', 'CREATE TEMPORARY TABLES ON *']

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
})

afterEach(() => db.close())

async function doctor(address: DatabaseAddress, mapping: Mapping = shippedMapping, variables = {}): Promise<string> {
  const instance = maintainedInstance(address, { mappings: [mapping], variables })
  try {
    return await instance.ask({ maintenance: 'doctor' })
  } finally {
    await instance.database.close()
  }
}

async function withRights<T>(rights: readonly string[], work: (user: DatabaseAddress) => Promise<T>): Promise<T> {
  const user = await databaseUser(db.schema, rights)
  try {
    return await work(user)
  } finally {
    await dropDatabaseUser(db.schema, user)
  }
}

async function buryWith(...reasons: string[]): Promise<void> {
  const sql = "INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES (?, 's', 'e', ?, '{}')"
  for (const [at, reason] of reasons.entries()) await db.connection.execute(sql, [String(at), reason])
}

test('a healthy database, with no more rights than it needs', async () => {
  const text = await withRights([...OF_DELIVERIES, ...OF_MAINTENANCE], (user) => doctor(user))
  const { database, host, port } = db.schema
  const [server] = await db.query('SELECT VERSION() AS version')
  expect(text.split('\n')).toEqual([
    expect.stringMatching(/^ {2}ok +variables +complete$/),
    expect.stringMatching(/^ {2}ok +database /),
    expect.stringMatching(/^ {2}ok +tls +off: the host is in a private network$/),
    expect.stringMatching(/^ {2}ok +grants +all that deliveries and maintenance need \(u_\w+@%\)$/),
    expect.stringMatching(/^ {2}ok +table user_info +as mapping\.yaml wants it, \d+ columns$/),
    expect.stringMatching(/^ {2}ok +table dead_letters +as mapping\.yaml wants it, 8 columns$/),
    expect.stringMatching(/^ {2}ok +never stored +nothing in dead_letters$/),
    expect.stringMatching(/^ {2}unknown +connections +[1-9]\d* allowed, [1-9]\d* in use now; an instance takes 1$/),
    expect.stringMatching(/^ +→ reservedConcurrency of employees in s\.yaml may be \d+ at most$/),
    '7 ok, 0 wrong, 1 unknown',
  ])
  expect(text).toContain(`  ${database} at ${host}:${port} (${server?.['version']})\n`)
  // it left nothing behind
  expect(Object.keys(await db.tables())).toEqual(['dead_letters', 'user_info'])
})

test('a server that is not reached: nothing is known of what is behind it', async () => {
  const text = await doctor({ ...db.schema, port: await freePort() })
  const behind = ['tls', 'grants', 'table user_info', 'table dead_letters', 'never stored', 'connections']
  expect(text.split('\n').filter((line) => !/^ +→/.test(line))).toEqual([
    expect.stringMatching(/^ {2}ok +variables +complete$/),
    expect.stringMatching(/^ {2}wrong +database +.*: ECONNREFUSED$/),
    ...behind.map((name) => expect.stringMatching(new RegExp(`^ {2}unknown +${name} +the database is not reached$`))),
    '1 ok, 1 wrong, 6 unknown',
  ])
})

test('a statement that is refused is told, and the others go on', async () => {
  const instance = maintainedInstance(db.schema)
  const execute = instance.database.execute
  instance.database.execute = (sql, values) =>
    /^SHOW FULL COLUMNS FROM `user_info`|^SELECT COUNT/.test(sql)
      ? Promise.reject(new DatabaseError('STATEMENT_TIMEOUT'))
      : execute(sql, values)
  const text = await instance.ask({ maintenance: 'doctor' })
  await instance.database.close()
  for (const name of ['table user_info', 'never stored'])
    expect(text).toMatch(new RegExp(`^ {2}unknown +${name} +the database refused \\(STATEMENT_TIMEOUT\\)$`, 'm'))
  expect(text).toMatch(/^ {2}ok +table dead_letters /m)
})

test('the rights that it asks for deliveries are enough for them', async () => {
  await withRights(OF_DELIVERIES, async (user) => {
    const instance = maintainedInstance(user)
    const deliver = (userId: string | null) =>
      instance.deliver(Buffer.from(JSON.stringify(deliveredEvent({ syncAction: 'user_add_org', userId }))), {})
    for (const _ of ['new', 'again']) {
      expect(await deliver('a')).toMatchObject({ stored: 1 })
      expect(await deliver(null)).toMatchObject({ deadLettered: 1 })
    }
    await instance.database.close()
  })
})

/** What is broken, what the doctor says of which link, and the step it names. */
test.each<[string, () => Promise<string>, string, RegExp]>([
  [
    'nobody listens there',
    async () => doctor({ ...db.schema, port: await freePort() }),
    'wrong database',
    /ECONNREFUSED\n.*→ check MYSQL_HOST and MYSQL_PORT/,
  ],
  [
    'no such host',
    () => doctor({ ...db.schema, host: 'no-such-host.invalid' }),
    'wrong database',
    /(ENOTFOUND|EAI_AGAIN)\n.*→ check MYSQL_HOST/,
  ],
  [
    'another password',
    () => doctor({ ...db.schema, password: 'wrong' }),
    'wrong database',
    /ER_ACCESS_DENIED_ERROR\n.*→ compare MYSQL_USER and MYSQL_PASSWORD/,
  ],
  [
    'no such database',
    () => doctor({ ...db.schema, database: 'no_such_database' }),
    'wrong database',
    /ER_BAD_DB_ERROR\n.*→ make the database, or mend MYSQL_DATABASE/,
  ],
  [
    'TLS is wanted of a server that has none',
    () => doctor({ ...db.schema, host: 'localhost' }, shippedMapping, { MYSQL_SSL: 'required' }),
    'wrong database',
    /HANDSHAKE_(NO_SSL_SUPPORT\n.*→ turn on SSL in RDS|SSL_ERROR\n.*→ the certificate does not hold)/,
  ],
  [
    'a right is missing',
    () => withRights(['SELECT, INSERT ON user_info', 'SELECT, INSERT, UPDATE ON dead_letters'], doctor),
    'wrong grants',
    /missing: UPDATE on user_info\n.*→ GRANT UPDATE ON `\w+`\.`user_info` TO 'u_\w+'@'%'; GRANT DELETE ON `\w+`\.`dead_letters` TO/,
  ],
  [
    'a right of maintenance is missing',
    () => withRights(OF_DELIVERIES, doctor),
    'ok grants',
    /for maintenance there is no DELETE on dead_letters/,
  ],
  [
    'the account may not make temporary tables',
    () => withRights(OF_DELIVERIES, doctor),
    'unknown table user_info',
    /has all columns; their types are not known \(ER_\w+\)\n.*→ with CREATE TEMPORARY TABLES/,
  ],
  [
    'no table',
    async () => {
      await db.query('DROP TABLE user_info')
      return doctor(db.schema)
    },
    'wrong table user_info',
    /there is none\n.*→ npm run migrate/,
  ],
  [
    'no dead letters',
    async () => {
      await db.query('DROP TABLE dead_letters')
      return doctor(db.schema)
    },
    'wrong table dead_letters',
    /there is none\n.*→ npm run migrate/,
  ],
  [
    'a column that mapping.yaml has and the table has not',
    () => doctor(db.schema, withColumn(shippedMapping, { name: 'nickname', type: 'VARCHAR(32) NULL' })),
    'wrong table user_info',
    /nickname is missing\n/,
  ],
  [
    'an event that could not be stored',
    async () => {
      await db.query(
        "INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES ('d', 's', 'e', 'r', '{}')",
      )
      return doctor(db.schema)
    },
    'wrong never stored',
    /1 event in dead_letters, which could not be stored\n.*→ npm run replay -- --dead-letters --plan .*npm run replay -- --discard ID/,
  ],
  [
    'a roster that the brake stopped',
    async () => {
      await buryWith(reasonOf({ leavers: 8, range: 201, most: 5, by: 'MAX_LEAVERS' }))
      return doctor(db.schema)
    },
    'wrong never stored',
    /1 event in dead_letters, .*; 1 of them is a roster that MAX_LEAVERS stopped\n +→ look first whether .*--plan .*"plan":true}; then docs\/operations\.md, “When the brake holds”\n/,
  ],
  [
    'rosters that it stopped, one of them under way, and another event',
    async () => {
      const reason = reasonOf({ leavers: 8, range: 201, most: 5, by: 'MAX_LEAVERS' })
      await buryWith('r', reason, replayMark(reason, Date.now()))
      return doctor(db.schema)
    },
    'wrong never stored',
    /3 events in dead_letters, .*; 2 of them are rosters that MAX_LEAVERS stopped\n +→ .*; the others: npm run replay -- --dead-letters\n/,
  ],
  [
    'a table of 0.1.0',
    async () => {
      await db.query('DROP TABLE user_info')
      await db.query('DROP TABLE dead_letters')
      await makeFirstTables(db)
      return doctor(db.schema)
    },
    'wrong table user_info',
    /it is as 0\.1\.0 made it\n.*→ npm run migrate[\s\S]*dead_letters +digest is missing\n/,
  ],
])('%s', async (_, ask, link, text) => {
  const report = await ask()
  const [state = '', ...name] = link.split(' ')
  expect(report).toMatch(new RegExp(`^ {2}${state} +${name.join(' ')} {2}`, 'm'))
  expect(report).toMatch(text)
})

test('the reason of the largest roster fits its column whole, also with the mark of a replay', () => {
  const reason = reasonOf({ leavers: 100_000, range: 100_000, most: 99_999, by: 'limit in mapping.yaml' })
  expect(withoutMark(replayMark(reason, Date.now()))).toBe(reason)
})
