import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { LIMITS, type OpenedDatabase } from '../../../functions/employees/database'
import { upsertSql } from '../../../functions/employees/upsertSql'
import type { DatabaseAddress } from '../../../local/database/database'
import { selectCount } from '../../../shared/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { VERSION_BYTES } from '../../../shared/mapping/version'
import { databaseInstance } from '../../support/databaseInstance'
import { type DeadLine, deadLine } from '../../support/deadLine'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { otherThreads, threadsWaitingForRows } from '../../support/serverThreads'
import { waitFor } from '../../support/waitFor'

let schema: DatabaseAddress
/** looks at the table, and locks it */
let observer: Connection
let database: OpenedDatabase

beforeAll(async () => {
  schema = await createTestSchema()
  observer = await connectObserver()
})

beforeEach(async () => {
  await observer.query('DROP TABLE IF EXISTS user_info, dead_letters')
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
  database = databaseInstance(schema)
})

afterEach(async () => {
  await observer.query('ROLLBACK')
  await observer.query('UNLOCK TABLES')
  await database.close()
})

afterAll(async () => {
  await observer.end()
  await dropTestSchema(schema)
})

function connectObserver(): Promise<Connection> {
  const { host, port, user, password, database } = schema
  return mysql.createConnection({ host, port, user, password, database, charset: 'utf8mb4', dateStrings: true })
}

let ids = 0
/** An event of its own about a person, newer than those before. */
function modify(userId: string, fields: Record<string, unknown>) {
  const time = new Date(1_700_000_000_000 + ++ids).toISOString()
  return deliveredEvent({ syncAction: 'user_modify_org', userId, ...fields }, { id: `event-${ids}`, time })
}

async function rows(sql: string, values: unknown[] = []): Promise<RowDataPacket[]> {
  const [found] = await observer.query<RowDataPacket[]>(sql, values)
  return found
}

const names = () => rows('SELECT userId, name FROM user_info ORDER BY userId')

/** The numbers of the connections to our database but the observer's. */
async function connectionIds(): Promise<number[]> {
  const threads = await otherThreads(observer)
  return threads.filter((thread) => thread.database === schema.database).map(({ id }) => id)
}

/** When a statement of another connection waits for a row that the observer has locked. */
async function waitForLockWait(): Promise<void> {
  await waitFor(async () => {
    const ours = await connectionIds()
    return (await threadsWaitingForRows(observer)).some((id) => ours.includes(id))
  })
}

/** A person whose row the observer has locked. */
async function lock(userId: string): Promise<void> {
  await employeesOn(database)(modify(userId, { name: 'before' }))
  await observer.query('START TRANSACTION')
  await observer.query("UPDATE user_info SET name = 'of somebody else' WHERE corpId = '' AND userId = ?", [userId])
}

describe('one connection an instance', () => {
  test('is made by initialize, used by the deliveries and closed by preStop', async () => {
    await database.connect()
    const [id] = await connectionIds()
    expect(id).toEqual(expect.any(Number))
    await employeesOn(database)(modify('u', { name: 'first' }))
    await employeesOn(database)(modify('u', { name: 'second' }))
    expect(await connectionIds()).toEqual([id])
    await database.close()
    await waitFor(async () => (await connectionIds()).length === 0)
  })

  test('is replaced when it is killed in the middle of a statement, which runs again', async () => {
    await lock('u')
    const delivery = employeesOn(database)(modify('u', { name: 'after' }))
    await waitForLockWait()
    const [killed] = await connectionIds()
    await observer.query(`KILL ${killed}`)
    await waitFor(async () => (await connectionIds()).some((id) => id !== killed))
    await observer.query('COMMIT')
    expect(await delivery).toMatchObject({ stored: 1 })
    expect(await names()).toEqual([{ userId: 'u', name: 'after' }])
    // the server lists a thread that it kills until its statement is undone
    await waitFor(async () => !(await connectionIds()).includes(killed ?? 0))
  })

  describe('over a line that goes dead without a word', () => {
    let line: DeadLine
    let time: number
    const limits = { ...LIMITS }

    beforeEach(async () => {
      line = await deadLine(schema)
      time = 0
      Object.assign(limits, LIMITS)
      await database.close()
      database = databaseInstance({ ...schema, port: line.port }, { limits, now: () => time })
      await employeesOn(database)(modify('u', { name: 'before' }))
      line.die()
    })
    afterEach(() => line.close())

    test('must answer after an idle time, and is replaced without failing the delivery', async () => {
      time += LIMITS.idleMs
      limits.pingMs = 100
      expect(await employeesOn(database)(modify('u', { name: 'after' }))).toMatchObject({ stored: 1 })
      expect(await names()).toEqual([{ userId: 'u', name: 'after' }])
    })

    test('lets a statement wait for its time only; the next delivery has a new one', async () => {
      limits.statementMs = 100
      await expect(employeesOn(database)(modify('u', { name: 'lost' }))).rejects.toThrow('(STATEMENT_TIMEOUT)')
      limits.statementMs = LIMITS.statementMs
      expect(await employeesOn(database)(modify('u', { name: 'after' }))).toMatchObject({ stored: 1 })
    })
  })
})

describe('time limits', () => {
  test('a statement that takes too long fails, and its late answer is nobody else’s', async () => {
    const limits = { ...LIMITS, statementMs: 100, lockWaitS: 100 }
    await lock('u')
    const slow = databaseInstance(schema, { limits })
    await expect(employeesOn(slow)(modify('u', { name: 'too late' }))).rejects.toThrow('(STATEMENT_TIMEOUT)')
    limits.statementMs = LIMITS.statementMs
    const [refused] = await Promise.allSettled([slow.execute('SELECT nothing', [])])
    expect(refused).toMatchObject({ reason: { errno: 1054 } })
    await slow.close()
  })

  test('the whole delivery has one too, waits for locks and further tries included', async () => {
    let remainingMs = LIMITS.statementMs
    const impatient = databaseInstance(schema, {
      remainingMs: () => remainingMs,
      limits: { ...LIMITS, lockWaitS: 100 },
    })
    await employeesOn(impatient)(modify('other', { name: 'first' }))
    await lock('u')
    remainingMs = 100
    await expect(employeesOn(impatient)(modify('u', { name: 'late' }))).rejects.toThrow('(DELIVERY_TIMEOUT)')
    remainingMs = LIMITS.statementMs
    await employeesOn(impatient)(modify('other', { name: 'second' }))
    expect(await rows("SELECT name FROM user_info WHERE userId = 'other'")).toEqual([{ name: 'second' }])
    await impatient.close()
  })

  test('when it is over nothing is begun any more, and the connection stays as it is', async () => {
    let remainingMs = LIMITS.statementMs
    const late = databaseInstance(schema, { remainingMs: () => remainingMs })
    await employeesOn(late)(modify('u', { name: 'before' }))
    const connections = await connectionIds()
    remainingMs = 0
    await expect(employeesOn(late)(modify('u', { name: 'late' }))).rejects.toThrow('(DELIVERY_TIMEOUT)')
    remainingMs = LIMITS.statementMs
    await employeesOn(late)(modify('u', { name: 'after' }))
    expect(await connectionIds()).toEqual(connections)
    await late.close()
  })
})

describe('other people’s locks', () => {
  const limits = { ...LIMITS, lockWaitS: 1 }

  test('the victim of a deadlock tries again, and nothing is lost', async () => {
    const pauses: number[] = []
    // so that the observer's transaction weighs more, and ours is the victim
    await employeesOn(database)(Array.from({ length: 50 }, (_, n) => modify(`x${n}`, { name: 'before' })))
    await employeesOn(database)([modify('a', { name: 'before' }), modify('b', { name: 'before' })])
    const patient = databaseInstance(schema, {
      limits: { ...LIMITS, lockWaitS: 100 },
      pause: async (ms) => {
        pauses.push(ms)
        await observer.query('COMMIT')
      },
    })
    await observer.query('START TRANSACTION')
    await observer.query("UPDATE user_info SET title = 'theirs' WHERE corpId = '' AND userId >= 'b'")
    const delivery = employeesOn(patient)([modify('a', { name: 'after' }), modify('b', { name: 'after' })])
    await waitForLockWait()
    await observer.query("UPDATE user_info SET title = 'theirs' WHERE corpId = '' AND userId = 'a'")
    expect(await delivery).toMatchObject({ stored: 2 })
    expect(pauses).toEqual([expect.any(Number)])
    expect(await rows("SELECT userId, name, title FROM user_info WHERE userId IN ('a', 'b') ORDER BY userId")).toEqual([
      { userId: 'a', name: 'after', title: 'theirs' },
      { userId: 'b', name: 'after', title: 'theirs' },
    ])
    await patient.close()
  })

  test.each([
    ['a row', "UPDATE user_info SET title = 'theirs'"],
    ['the table', 'LOCK TABLES user_info WRITE'],
  ])('a lock on %s that is gone in time is waited for', async (_, sql) => {
    await employeesOn(database)(modify('u', { name: 'before' }))
    const pauses: number[] = []
    const patient = databaseInstance(schema, {
      limits,
      pause: async (ms) => {
        pauses.push(ms)
        await observer.query('COMMIT')
        await observer.query('UNLOCK TABLES')
      },
    })
    await observer.query('START TRANSACTION')
    await observer.query(sql)
    expect(await employeesOn(patient)(modify('u', { name: 'after' }))).toMatchObject({ stored: 1 })
    expect(pauses).toHaveLength(1)
    await patient.close()
  })

  test('one that stays is left to EventBridge, after a few tries ever further apart', async () => {
    await lock('u')
    const random = jest.spyOn(Math, 'random').mockReturnValue(1)
    const pauses: number[] = []
    const patient = databaseInstance(schema, { limits, pause: async (ms) => void pauses.push(ms) })
    await expect(employeesOn(patient)(modify('u', { name: 'after' }))).rejects.toThrow('(ER_LOCK_WAIT_TIMEOUT)')
    expect(pauses).toEqual([100, 200, 400])
    random.mockRestore()
    await observer.query('COMMIT')
    expect(await employeesOn(patient)(modify('u', { name: 'after' }))).toMatchObject({ stored: 1 })
    await patient.close()
  })
})

describe('what the table refuses', () => {
  // [what, how the column refuses it, good, bad]
  test.each([
    ['too long', 'MODIFY title VARCHAR(4)', 'good', 'too long'],
    ['too long for a fixed length', 'MODIFY title CHAR(4)', 'good', 'too long'],
    ['too long in bytes', 'MODIFY title VARBINARY(4)', 'good', '小明'],
    ['too long a text', 'MODIFY title TINYTEXT', 'good', 'x'.repeat(256)],
    ['not in the character set', 'MODIFY title VARCHAR(200) CHARACTER SET latin1', 'good', '小明'],
    ['not ASCII', 'MODIFY title VARCHAR(200) CHARACTER SET ascii', 'good', '小明'],
    ['half of a surrogate pair', 'MODIFY title VARCHAR(200)', 'good', 'half \ud842'],
    ['no number', 'MODIFY title INT', '1', 'bad'],
    ['out of range', 'MODIFY title TINYINT', '1', '1000'],
    ['negative', 'MODIFY title INT UNSIGNED', '1', '-1'],
    ['too many digits', 'MODIFY title DECIMAL(4,2)', '1.50', '1000.5'],
    ['no bits', 'MODIFY title BIT(1)', '1', 'bad'],
    ['no date', 'MODIFY title DATE', '2024-02-29', '2023-02-29'],
    ['no time', 'MODIFY title DATETIME', '2024-02-29 08:00:00', '2024-02-29 25:00:00'],
    ['a time beyond the last', 'MODIFY title TIMESTAMP NULL', '2024-02-29 08:00:00', '2999-02-28 08:00:00'],
    ['no year', 'MODIFY title YEAR', '2024', '20240'],
    ['none of the list', "MODIFY title ENUM('good')", 'good', 'bad'],
    ['none of the set', "MODIFY title SET('good')", 'good', 'bad'],
    ['no JSON', 'MODIFY title JSON', '"good"', '{bad'],
    ['JSON with half a character', 'MODIFY title JSON', '"good"', '"\\ud842"'],
  ])('%s: the column keeps what it had, and the rest is stored', async (_, change, good, bad) => {
    await observer.query(`ALTER TABLE user_info ${change}`)
    const log = keptLog()
    const type = change.replace('MODIFY title ', '')
    const columns = shippedMapping.columns.map((one) => (one.name === 'title' ? { ...one, type } : one))
    const employees = employeesOn(database, { ...shippedMapping, columns }, log)
    await employees(['a', 'b'].map((userId) => modify(userId, { position: good, name: 'before' })))
    const before = await rows("SELECT title FROM user_info WHERE userId = 'a'")
    const events = ['a', 'b', 'c'].map((userId) =>
      modify(userId, { position: userId === 'b' ? bad : good, name: 'after' }),
    )
    expect(await employees(events)).toMatchObject({ received: 3, stored: 3, deadLettered: 0 })
    expect(await rows('SELECT userId, name FROM user_info ORDER BY userId')).toEqual([
      { userId: 'a', name: 'after' },
      { userId: 'b', name: 'after' },
      { userId: 'c', name: 'after' },
    ])
    expect(await rows("SELECT title FROM user_info WHERE userId = 'b'")).toEqual(before)
    expect(log.lines.at(-1)).toMatchObject({ outcome: 'done', badValues: 'title' })
    // somebody who leaves has left, whatever else the event holds
    await employees({ ...modify('b', { syncAction: 'user_leave_org', position: bad }), id: 'leaves' })
    expect(await rows("SELECT active, leftAt IS NULL AS isHere FROM user_info WHERE userId = 'b'")).toEqual([
      { active: 'false', isHere: 0 },
    ])
  })

  test('a column that is NOT NULL and has a default has it where no event speaks of it, or one clears it', async () => {
    const columns = shippedMapping.columns.map((one) =>
      one.name === 'title' ? { ...one, type: "VARCHAR(200) NOT NULL DEFAULT 'none'" } : one,
    )
    await observer.query("ALTER TABLE user_info MODIFY title VARCHAR(200) NOT NULL DEFAULT 'none'")
    const employees = employeesOn(database, { ...shippedMapping, columns })
    const titles = async () => (await rows('SELECT title FROM user_info')).map(({ title }) => title)
    await employees(modify('a', { name: 'before' }))
    expect(await titles()).toEqual(['none'])
    await employees(modify('a', { position: 'good' }))
    await employees(modify('a', { name: 'after' }))
    expect(await titles()).toEqual(['good'])
    await employees(modify('a', { position: '' }))
    expect(await titles()).toEqual(['none'])
  })

  // MySQL goes by the character sets of when a statement was prepared
  test.each([
    ['utf8', 'utf8mb4', '工程师😀'],
    ['latin1', 'utf8mb4', '工程师'],
    ['ascii', 'utf8mb4', '工程师'],
  ])('a column whose %s becomes %s under a warm connection takes what it now holds', async (before, after, title) => {
    await observer.query(`ALTER TABLE user_info MODIFY title VARCHAR(200) CHARACTER SET ${before}`)
    const employees = employeesOn(database)
    await employees(modify('a', { position: 'engineer' }))
    await observer.query(`ALTER TABLE user_info MODIFY title VARCHAR(200) CHARACTER SET ${after}`)
    const events = [modify('a', { syncAction: 'user_leave_org', position: title }), modify('b', { position: title })]
    expect(await employees(events)).toMatchObject({ stored: 2, deadLettered: 0 })
    expect(await employees(modify('c', { position: title }))).toMatchObject({ stored: 1 })
    expect(await rows('SELECT userId, title, active FROM user_info ORDER BY userId')).toEqual([
      { userId: 'a', title, active: 'false' },
      { userId: 'b', title, active: null },
      { userId: 'c', title, active: null },
    ])
  })

  test('a rule of the table is told from a value that does not fit, in one event', async () => {
    await observer.query('ALTER TABLE user_info ADD UNIQUE KEY badge (jobNumber), MODIFY title VARCHAR(4)')
    const employees = employeesOn(database)
    await employees(modify('a', { jobnumber: '7' }))
    expect(await employees(modify('b', { jobnumber: '7', position: 'too long' }))).toMatchObject({ deadLettered: 1 })
    expect(await rows('SELECT userId, jobNumber FROM user_info')).toEqual([{ userId: 'a', jobNumber: '7' }])
    expect(await rows('SELECT reason FROM dead_letters')).toEqual([
      { reason: 'the table refuses a value (ER_DUP_ENTRY, by badge)' },
    ])
  })

  test('a CHECK of the table’s owner is a rule, by whatever name', async () => {
    await observer.query("ALTER TABLE user_info ADD CONSTRAINT title CHECK (title <> 'bad')")
    expect(await employeesOn(database)(modify('a', { position: 'bad' }))).toMatchObject({ stored: 0, deadLettered: 1 })
    expect(await rows('SELECT userId FROM user_info')).toEqual([])
    expect((await rows('SELECT reason FROM dead_letters'))[0]?.['reason']).toMatch(/, by title\)$/)
  })

  test('null, where the table of somebody else wants a value: one dead letter, and the neighbours are stored', async () => {
    await observer.query('ALTER TABLE user_info MODIFY title VARCHAR(200) NOT NULL')
    const events = ['a', 'b', 'c'].map((userId) => modify(userId, { position: userId === 'b' ? null : 'good' }))
    expect(await employeesOn(database)(events)).toMatchObject({ received: 3, stored: 2, deadLettered: 1 })
    expect(await rows('SELECT reason FROM dead_letters')).toEqual([
      { reason: 'the table refuses a value (ER_BAD_NULL_ERROR)' },
    ])
  })

  test.each<[string, string, object, object]>([
    ['clear', 'title', { deadLettered: 0 }, { name: 'after', title: null }],
    ['reject', 'title', { deadLettered: 1 }, { name: 'before', title: 'good' }],
  ])('bad: %s', async (bad, column, summary, row) => {
    const columns = shippedMapping.columns.map((one) => (one.name === column ? { ...one, bad: bad as 'clear' } : one))
    await observer.query('ALTER TABLE user_info MODIFY title VARCHAR(4)')
    const employees = employeesOn(database, { ...shippedMapping, columns })
    await employees(modify('a', { position: 'good', name: 'before' }))
    expect(await employees([modify('a', { position: 'too long', name: 'after' })])).toMatchObject(summary)
    expect(await rows('SELECT name, title FROM user_info')).toEqual([row])
  })

  test.each([
    [
      'another person has the value of a unique index',
      'ALTER TABLE user_info ADD UNIQUE KEY own (title)',
      'ER_DUP_ENTRY',
    ],
    [
      'a foreign key',
      'ALTER TABLE user_info ADD CONSTRAINT own FOREIGN KEY (title) REFERENCES titles (title)',
      'ER_NO_REFERENCED_ROW_2',
    ],
    [
      'a trigger',
      "CREATE TRIGGER own BEFORE UPDATE ON user_info FOR EACH ROW BEGIN IF NEW.title = 'bad' THEN SIGNAL SQLSTATE '45000'; END IF; END",
      'ER_SIGNAL_EXCEPTION',
    ],
  ])('%s: the same', async (_, sql, code) => {
    await observer.query(
      'CREATE TABLE titles (title VARCHAR(200) COLLATE utf8mb4_bin PRIMARY KEY) CHARACTER SET utf8mb4',
    )
    try {
      await observer.query("INSERT INTO titles VALUES ('a'), ('b'), ('c'), ('good')")
      await employeesOn(database)(['a', 'b', 'c', 'bad'].map((userId) => modify(userId, { name: userId })))
      await observer.query("UPDATE user_info SET title = userId WHERE userId <> 'bad'")
      if (code === 'ER_DUP_ENTRY') await observer.query("UPDATE user_info SET title = 'bad' WHERE userId = 'bad'")
      await observer.query(sql)
      const events = [modify('a', { position: 'bad' }), modify('b', { position: 'good' })]
      expect(await employeesOn(database)(events)).toMatchObject({ stored: 1, deadLettered: 1 })
      expect(await rows("SELECT userId, title FROM user_info WHERE userId IN ('a', 'b') ORDER BY userId")).toEqual([
        { userId: 'a', title: 'a' },
        { userId: 'b', title: 'good' },
      ])
      expect(await rows('SELECT reason FROM dead_letters')).toEqual([
        { reason: `the table refuses a value (${code}${code === 'ER_SIGNAL_EXCEPTION' ? '' : ', by own'})` },
      ])
    } finally {
      await observer.query('DROP TABLE user_info, titles')
    }
  })

  test('among a thousand events, a few bad ones are found by halves', async () => {
    await observer.query('ALTER TABLE user_info MODIFY title VARCHAR(4)')
    let statements = 0
    const counting: OpenedDatabase = {
      ...database,
      execute(sql, values) {
        statements++
        return database.execute(sql, values)
      },
    }
    const bad = new Set([0, 500, 999])
    const events = Array.from({ length: 1000 }, (_, n) =>
      modify(`u${n}`, { position: bad.has(n) ? 'too long' : 'good' }),
    )
    expect(await employeesOn(counting)(events)).toMatchObject({ stored: 1000, deadLettered: 0 })
    expect(await rows('SELECT COUNT(*) AS count FROM user_info')).toEqual([{ count: 1000 }])
    // one by one it would be a thousand
    expect(statements).toBeLessThan(200)
  })
})

test('nothing of a driver’s message goes on: it quotes data', async () => {
  await observer.query('ALTER TABLE user_info ADD UNIQUE KEY own (name)')
  await employeesOn(database)([modify('a', { name: '小明' }), modify('b', { name: '小红' })])
  const sql = 'UPDATE user_info SET name = ? WHERE userId = ?'
  const error = await database.execute(sql, ['小明', 'b']).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'DatabaseError', message: 'ER_DUP_ENTRY', code: 'ER_DUP_ENTRY', errno: 1062 })
  const everything = JSON.stringify(Object.getOwnPropertyNames(error).map((name) => Reflect.get(Object(error), name)))
  expect(everything).toContain('ER_DUP_ENTRY')
  expect(everything).not.toMatch(/小明|Duplicate|user_info/)
})

// EXPLAIN says nothing about an INSERT: no key, no rows. What the server counts while it runs does.
test('the upsert finds its rows by the primary key, and reads no others', async () => {
  const people = Array.from({ length: 500 }, (_, n) => modify(`u${n}`, { name: 'before' }))
  await employeesOn(database)(people)
  const { key, columns } = shippedMapping
  const newer = Buffer.alloc(columns.length * VERSION_BYTES, 255)
  const row = (userId: string) => [
    '',
    userId,
    ...Array.from({ length: key.length + columns.length - 2 }, () => null),
    newer,
  ]
  const session = await connectObserver()
  await session.query('FLUSH STATUS')
  await session.execute(upsertSql(shippedMapping, 2), [...row('u7'), ...row('u400')])
  const [status] = await session.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler%'")
  const counts = new Map(status.map(({ Variable_name: name, Value: value }) => [String(name), Number(value)]))
  expect(counts.get('Handler_update')).toBe(2)
  const reads = [...counts].filter(([name]) => name.startsWith('Handler_read_'))
  expect(reads).toContainEqual(['Handler_read_key', expect.any(Number)])
  for (const [, count] of reads) expect(count).toBeLessThan(people.length)
  await session.end()
})

test('a connection keeps few prepared statements, however many tables there are: the server’s number of them is for all', async () => {
  const found = (sql: string) => selectCount(database, sql)
  for (let at = 0; at < 200; at++) {
    expect(await found(`SELECT ${at} AS found`)).toBe(at)
    expect(await found("SELECT 'the usual one' AS told, -1 AS found")).toBe(-1)
  }
  expect(await found('SELECT 0 AS found')).toBe(0)
  const [status] = (await database.execute("SHOW SESSION STATUS LIKE 'Com_stmt_%'", [])) as [RowDataPacket[]]
  const count = (name: string) => Number(status.find((row) => row['Variable_name'] === name)?.['Value'])
  // each once, but for one that had gone, and this one
  expect(count('Com_stmt_prepare')).toBe(203)
  expect(count('Com_stmt_prepare') - count('Com_stmt_close')).toBeLessThanOrEqual(65)
})
