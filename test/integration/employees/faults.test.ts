import type { Connection, RowDataPacket } from 'mysql2/promise'
import { LIMITS, type OpenedDatabase } from '../../../functions/employees/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { type ControlledServer, controlledServer } from '../../support/controlledServer'
import { databaseInstance } from '../../support/databaseInstance'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { otherThreads } from '../../support/serverThreads'
import { waitFor } from '../../support/waitFor'

let server: ControlledServer
let root: Connection
let database: OpenedDatabase
let time: number
const limits = { ...LIMITS }

beforeAll(async () => {
  server = await controlledServer()
  await startWith()
  await root.query(`USE ${server.address.database}`)
  for (const statement of createTableStatements(shippedMapping)) await root.query(statement)
})

beforeEach(async () => {
  await root.query('DELETE FROM user_info')
  await root.query('DELETE FROM dead_letters')
  Object.assign(limits, LIMITS)
  time = 0
  database = databaseInstance(server.address, { limits, now: () => time })
})

afterEach(() => database.close())

afterAll(async () => {
  root.destroy()
  await server.remove()
})

async function restart(...options: string[]): Promise<void> {
  await server.stop()
  await start(...options)
}

/** Where only the options matter: in order takes MySQL longer. */
async function startWith(...options: string[]): Promise<void> {
  await server.signal('SIGKILL')
  await start(...options)
}

async function start(...options: string[]): Promise<void> {
  root?.destroy()
  await server.start(...options)
  root = await server.root()
  // its end is expected
  root.on('error', () => {})
  await root.query(`USE ${server.address.database}`)
}

let ids = 0
/** An event of its own, newer than those before. */
function modify(fields: Record<string, unknown>, userId = 'u') {
  const moment = new Date(1_700_000_000_000 + ++ids).toISOString()
  return deliveredEvent({ syncAction: 'user_modify_org', userId, ...fields }, { id: `event-${ids}`, time: moment })
}

const deliver = (name: string) => employeesOn(database)(modify({ name }))

/** Now there is a connection, which the instance is frozen with. */
async function freezeInstance(): Promise<void> {
  expect(await deliver('before the freeze')).toMatchObject({ stored: 1 })
  time += LIMITS.idleMs
}

async function names(): Promise<string[]> {
  const [rows] = await root.query<RowDataPacket[]>('SELECT name FROM user_info ORDER BY userId')
  return rows.map(({ name }) => String(name))
}

async function applicationThreads() {
  return (await otherThreads(root)).filter(({ user }) => user === server.address.user)
}

async function connectionIds(): Promise<number[]> {
  return (await applicationThreads()).map(({ id }) => id)
}

describe('while the instance was frozen, the server', () => {
  test('was restarted: the delivery does not notice', async () => {
    await freezeInstance()
    await restart()
    expect(await deliver('after')).toMatchObject({ stored: 1 })
    expect(await names()).toEqual(['after'])
  })

  test('closed the idle connection: the delivery does not notice', async () => {
    await root.query('SET GLOBAL wait_timeout = 1')
    try {
      await freezeInstance()
      await waitFor(async () => (await connectionIds()).length === 0)
      expect(await deliver('after')).toMatchObject({ stored: 1 })
    } finally {
      await root.query('SET GLOBAL wait_timeout = DEFAULT')
    }
  })

  test('went away: the delivery is to be retried, and succeeds when the server is back', async () => {
    await freezeInstance()
    await server.stop()
    await expect(deliver('lost')).rejects.toThrow('(ECONNREFUSED)')
    await expect(deliver('lost')).rejects.toThrow('(ECONNREFUSED)')
    await start()
    expect(await deliver('after')).toMatchObject({ stored: 1 })
    expect(await names()).toEqual(['after'])
  })

  test('froze: the delivery is to be retried, and succeeds when the server goes on', async () => {
    await freezeInstance()
    await server.signal('SIGSTOP')
    try {
      Object.assign(limits, { pingMs: 100, connectMs: 100 })
      await expect(deliver('lost')).rejects.toThrow('(CONNECT_TIMEOUT)')
    } finally {
      await server.signal('SIGCONT')
    }
    Object.assign(limits, LIMITS)
    expect(await deliver('after')).toMatchObject({ stored: 1 })
    expect(await names()).toEqual(['after'])
  })
})

describe('in the middle of a statement, the server', () => {
  test('froze: the delivery is to be retried, and the instance can be stopped', async () => {
    await deliver('before')
    await server.signal('SIGSTOP')
    try {
      limits.statementMs = 100
      await expect(deliver('lost')).rejects.toThrow('(STATEMENT_TIMEOUT)')
      await database.close()
    } finally {
      await server.signal('SIGCONT')
    }
  })

  test('was told goodbye before preStop: it counts no aborted client', async () => {
    const aborted = async () => (await root.query("SHOW GLOBAL STATUS LIKE 'Aborted_clients'"))[0]
    // those of the test before, which went while the server was frozen
    await waitFor(async () => (await connectionIds()).length === 0)
    const before = await aborted()
    await deliver('before')
    await database.close()
    await waitFor(async () => (await connectionIds()).length === 0)
    expect(await aborted()).toEqual(before)
  })

  test('froze before preStop: the instance is stopped all the same', async () => {
    await deliver('before')
    await server.signal('SIGSTOP')
    try {
      await database.close()
    } finally {
      await server.signal('SIGCONT')
    }
    await waitFor(async () => (await connectionIds()).length === 0)
  })

  test('was killed: the delivery is to be retried, and nothing is lost by it', async () => {
    await deliver('before')
    await root.query('LOCK TABLES user_info WRITE')
    const event = modify({ name: 'after' })
    const delivery = employeesOn(database)(event).catch((error: unknown) => error)
    await waitFor(async () => {
      return (await applicationThreads()).some(({ state }) => state.startsWith('Waiting for table'))
    })
    await server.signal('SIGKILL')
    const failure = await delivery
    // which it is, is a matter of moments
    const codes = 'ECONNREFUSED|ECONNRESET|EPIPE|PROTOCOL_CONNECTION_LOST'
    await start()
    expect(String(failure)).toMatch(new RegExp(`the employees could not be stored \\((${codes})\\)$`))
    expect(await names()).toEqual(['before'])
    await employeesOn(database)(event)
    expect(await names()).toEqual(['after'])
  })
})

test('a server that takes no more connections is to be retried', async () => {
  const others: Connection[] = []
  await root.query('SET GLOBAL max_connections = 10')
  try {
    await waitFor(async () => {
      others.push(
        ...(await server.connect().then(
          (connection) => [connection],
          () => [],
        )),
      )
      return await deliver('before').then(
        () => database.close().then(() => false),
        () => true,
      )
    })
    await expect(deliver('lost')).rejects.toThrow('(ER_CON_COUNT_ERROR)')
  } finally {
    for (const connection of others) connection.destroy()
    await root.query('SET GLOBAL max_connections = DEFAULT')
  }
  await waitFor(() =>
    deliver('after').then(
      () => true,
      () => false,
    ),
  )
  expect(await names()).toEqual(['after'])
})

describe('a server that takes no writes any more: its connection is not used again', () => {
  test.each([
    ['read_only', 'SET GLOBAL read_only = 1', 'SET GLOBAL read_only = 0', 'ER_OPTION_PREVENTS_STATEMENT'],
    [
      'transactions that only read',
      "SET GLOBAL init_connect = 'SET SESSION TRANSACTION READ ONLY'",
      "SET GLOBAL init_connect = ''",
      'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
    ],
  ])('%s', async (_, sql, undo, code) => {
    await root.query(sql)
    try {
      await database.connect()
      await waitFor(async () => (await connectionIds()).length === 1)
      await expect(deliver('lost')).rejects.toThrow(`(${code})`)
      await waitFor(async () => (await connectionIds()).length === 0)
    } finally {
      await root.query(undo)
    }
    expect(await deliver('after')).toMatchObject({ stored: 1 })
    expect(await names()).toEqual(['after'])
  })

  test('innodb_read_only', async () => {
    // it refuses what needs recovery
    await restart('--innodb-read-only')
    try {
      await expect(deliver('lost')).rejects.toThrow(
        /\((ER_READ_ONLY_MODE|ER_OPEN_AS_READONLY|ER_OPTION_PREVENTS_STATEMENT|ER_CANT_LOCK)\)/,
      )
    } finally {
      await startWith()
    }
    expect(await deliver('after')).toMatchObject({ stored: 1 })
  })
})

test.each([
  [
    'cannot keep another prepared statement',
    'SET GLOBAL max_prepared_stmt_count = 0',
    'SET GLOBAL max_prepared_stmt_count = DEFAULT',
    'ER_MAX_PREPARED_STMT_COUNT_REACHED',
  ],
  [
    'has no such table',
    'RENAME TABLE user_info TO elsewhere',
    'RENAME TABLE elsewhere TO user_info',
    'ER_NO_SUCH_TABLE',
  ],
  [
    'lacks a column',
    'ALTER TABLE user_info CHANGE title elsewhere VARCHAR(200)',
    'ALTER TABLE user_info CHANGE elsewhere title VARCHAR(200)',
    'ER_BAD_FIELD_ERROR',
  ],
])('a server that %s is to be retried', async (_, sql, undo, code) => {
  await root.query(sql)
  try {
    await expect(deliver('lost')).rejects.toThrow(`(${code})`)
  } finally {
    await root.query(undo)
  }
  expect(await deliver('after')).toMatchObject({ stored: 1 })
})

test('a full server is to be retried, and takes the event when there is space again', async () => {
  // all tables in one file, which may grow to 16 MB
  await startWith('--innodb-data-file-path=ibdata1:12M:autoextend:max:16M', '--innodb-file-per-table=0')
  await root.query('CREATE TABLE small LIKE user_info')
  await root.query('RENAME TABLE user_info TO elsewhere, small TO user_info')
  try {
    const fill = () =>
      employeesOn(database)(
        Array.from({ length: 100 }, (_, n) =>
          modify({ name: '满'.repeat(250), position: '满'.repeat(200) }, `u${ids}-${n}`),
        ),
      ).then(
        () => false,
        (error: unknown) => error,
      )
    let refusal: unknown = false
    await waitFor(async () => {
      refusal = await fill()
      return refusal !== false
    })
    expect(refusal).toMatchObject({ message: 'the employees could not be stored (ER_RECORD_FILE_FULL)' })
    await root.query('TRUNCATE TABLE user_info')
    expect(await deliver('after')).toMatchObject({ stored: 1 })
    expect(await names()).toEqual(['after'])
  } finally {
    await root.query('DROP TABLE user_info')
    await root.query('RENAME TABLE elsewhere TO user_info')
    await startWith()
  }
})

describe('whatever the server’s own settings are', () => {
  test.each([
    ['plain', '小明'],
    ['outside the basic plane', '𠮷野家 㐂𪚥 𰻞𱁬'],
    ['an emoji', '小明 🐳'],
    ['emojis joined to one', '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽'],
    ['combining marks, right to left', 'Zoë محمد שלום'],
  ])('a name with 4 bytes a character comes back as it went in: %s', async (_, name) => {
    await root.query("SET GLOBAL init_connect = 'SET NAMES latin1'")
    try {
      await deliver(name)
      expect(await names()).toEqual([name])
    } finally {
      await root.query("SET GLOBAL init_connect = ''")
    }
  })

  test('a value that does not fit is refused and not cut, without a strict mode', async () => {
    await root.query("SET GLOBAL sql_mode = ''")
    await root.query('ALTER TABLE user_info MODIFY name VARCHAR(4)')
    try {
      expect(await deliver('too long')).toMatchObject({ stored: 1, deadLettered: 0 })
      expect(await names()).toEqual(['null'])
    } finally {
      await root.query('SET GLOBAL sql_mode = DEFAULT')
      await root.query('ALTER TABLE user_info MODIFY name VARCHAR(256)')
    }
  })

  test('what was stored is stored, without autocommit', async () => {
    await root.query('SET GLOBAL autocommit = 0')
    try {
      await deliver('after')
      expect(await names()).toEqual(['after'])
    } finally {
      await root.query('SET GLOBAL autocommit = 1')
    }
  })

  test('times are in UTC', async () => {
    await root.query("SET GLOBAL time_zone = '+08:00'")
    try {
      await deliver('after')
      const sql = 'SELECT ABS(TIMESTAMPDIFF(MINUTE, createdAt, UTC_TIMESTAMP())) < 60 AS isUtc FROM user_info'
      expect((await root.query(sql))[0]).toEqual([{ isUtc: 1 }])
    } finally {
      await root.query("SET GLOBAL time_zone = '+00:00'")
    }
  })

  test('a batch larger than the server takes in one statement is stored by several', async () => {
    await root.query('SET GLOBAL max_allowed_packet = 4 * 1024 * 1024')
    try {
      const department = Array.from({ length: 8000 }, (_, n) => n)
      const events = Array.from({ length: 128 }, (_, n) => modify({ department }, `u${n}`))
      expect(await employeesOn(database)(events)).toMatchObject({ stored: 128 })
      expect(await names()).toHaveLength(128)
    } finally {
      await root.query('SET GLOBAL max_allowed_packet = DEFAULT')
    }
  })
})
