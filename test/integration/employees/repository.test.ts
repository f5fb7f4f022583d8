import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { readConfig } from '../../../functions/employees/config'
import { type OpenedDatabase, openDatabase } from '../../../functions/employees/database'
import { createEmployees, type Summary } from '../../../functions/employees/employees'
import { createRepository } from '../../../functions/employees/repository'
import { slotCount } from '../../../functions/employees/upsertSql'
import { type DatabaseAddress, mysqlVariables } from '../../../local/database/database'
import type { Mapping } from '../../../shared/mapping/mapping'
import { createTableStatements } from '../../../shared/mapping/tables'
import { VERSION_BYTES } from '../../../shared/mapping/version'
import { seedBody } from '../../fixtures/seedBody'
import { deliveredEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { otherThreads } from '../../support/serverThreads'

const seed = JSON.parse(seedBody) as Record<string, unknown>
let schema: DatabaseAddress
let observer: Connection
let database: OpenedDatabase

beforeAll(async () => {
  schema = await createTestSchema()
  observer = await mysql.createConnection({ ...addressOf(schema), dateStrings: true })
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
  database = openDatabase(readConfig(mysqlVariables(schema)))
})

afterAll(async () => {
  await database.close()
  await observer.end()
  await dropTestSchema(schema)
})

beforeEach(async () => {
  await observer.query('DELETE FROM user_info')
  await observer.query('DELETE FROM dead_letters')
})

function addressOf({ host, port, user, password, database }: DatabaseAddress) {
  return { host, port, user, password, database, charset: 'utf8mb4' }
}

/** An instance of the function, on a database of its own or the common one. */
function employees(on: OpenedDatabase = database, mapping = shippedMapping) {
  const repository = createRepository(on)
  const handler = createEmployees({
    mappings: [mapping],
    defaults: { DINGTALK_CORP_ID: '' },
    repository,
    logHashKey: undefined,
    now: Date.now,
    log: keptLog(),
  })
  return (events: unknown) => handler(Buffer.from(JSON.stringify(events)), {}) as Promise<Summary>
}

async function table(columns = 'userId, name'): Promise<RowDataPacket[]> {
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM user_info ORDER BY userId`)
  return rows
}

let ids = 0
/** An event of its own, so many milliseconds after some moment. */
function at(ms: number, body: Record<string, unknown>, id = `event-${++ids}`) {
  return deliveredEvent({ userId: 'u', ...body }, { id, time: new Date(1_700_000_000_000 + ms).toISOString() })
}
const modify = (ms: number, fields: Record<string, unknown>) => at(ms, { syncAction: 'user_modify_org', ...fields })

test("the article's event is the article's row; again, it is still one row", async () => {
  await employees()(deliveredEvent(seed))
  await employees()(deliveredEvent(seed))
  expect(await table('dingId, active, isAdmin, userId, name')).toEqual([
    {
      dingId: '$:LWCP_v1:$5RUxxxxQhPpK4A==',
      active: 'true',
      isAdmin: 'false',
      userId: '141146379001246379',
      name: '小明',
    },
  ])
})

test.each(['小明 🐳', '👩‍👩‍👧‍👦', '𠮷野家', '㐂𪚥', 'O\'Brien\\"; DROP TABLE user_info; --'])(
  'the name %j comes back as it went in',
  async (name) => {
    await employees()(at(1, { syncAction: 'user_add_org', name }))
    expect(await table()).toEqual([{ userId: 'u', name }])
  },
)

test('an older event overwrites nothing newer, and fills what nothing newer has set', async () => {
  await employees()(modify(20, { name: 'new' }))
  await employees()(modify(10, { name: 'old', position: 'engineer' }))
  expect(await table('name, title')).toEqual([{ name: 'new', title: 'engineer' }])
})

test('who leaves is neither active nor an administrator; a late event does not bring them back, a new one does', async () => {
  const state = 'active, isAdmin, leftAt'
  await employees()(at(20, { syncAction: 'user_leave_org' }))
  await employees()(at(10, { syncAction: 'user_add_org', active: true, isAdmin: true }))
  expect(await table(state)).toEqual([{ active: 'false', isAdmin: 'false', leftAt: '2023-11-14 22:13:20.020' }])
  await employees()(at(30, { syncAction: 'user_add_org', active: true }))
  expect(await table(state)).toEqual([{ active: 'true', isAdmin: null, leftAt: null }])
})

test('every order of a history, singly or at once, ends in the same row', async () => {
  const history = [
    at(1, { syncAction: 'user_add_org', name: 'first', active: true }, 'h1'),
    at(2, { syncAction: 'user_modify_org', name: 'second' }, 'h2'),
    at(2, { syncAction: 'user_modify_org', name: 'at the same time', position: 'p' }, 'h3'),
    at(3, { syncAction: 'user_leave_org' }, 'h4'),
  ]
  const all =
    'name, active, isAdmin, title, leftAt, lastAction, lastEventId, lastEventTime, HEX(columnVersions) AS versions'
  const ends = new Set<string>()
  for (const order of permutations(history)) {
    await observer.query('DELETE FROM user_info')
    for (const event of order) await employees()(event)
    ends.add(JSON.stringify(await table(all)))

    await observer.query('DELETE FROM user_info')
    await employees()([...order, ...order.slice(0, 2)])
    ends.add(JSON.stringify(await table(all)))
  }
  expect([...ends]).toHaveLength(1)
})

test('several instances at once lose nothing and end in the same table', async () => {
  const instances = Array.from({ length: 4 }, () => openDatabase(readConfig(mysqlVariables(schema))))
  const users = Array.from({ length: 30 }, (_, index) => `user-${String(index).padStart(2, '0')}`)
  await Promise.all(
    instances.map(async (instance, turn) => {
      for (let round = 0; round < 5; round++) {
        const order = turn % 2 === 0 ? users : users.toReversed()
        const time = round * 4 + turn
        await employees(instance)(order.map((userId) => modify(time, { userId, name: `at ${time}` })))
      }
    }),
  )
  expect(await table()).toEqual(users.map((userId) => ({ userId, name: 'at 19' })))
  await Promise.all(instances.map((instance) => instance.close()))
})

test('a large batch is stored whole, by few statements', async () => {
  const summary = await employees()(
    Array.from({ length: 300 }, (_, n) => modify(1, { userId: `u${1000 + n}`, name: `n${n}` })),
  )
  expect(summary).toEqual({ received: 300, stored: 300, ignored: 0, deadLettered: 0 })
  expect(await table()).toHaveLength(300)
})

test('a row that the table refuses is set aside, and its neighbours are stored', async () => {
  await observer.query("ALTER TABLE user_info ADD CONSTRAINT good_names CHECK (name <> 'refused')")
  try {
    const events = ['a', 'b', 'c'].map((userId, n) => modify(1, { userId, name: n === 1 ? 'refused' : 'good' }))
    expect(await employees()(events)).toEqual({ received: 3, stored: 2, ignored: 0, deadLettered: 1 })
    expect(await table()).toEqual([
      { userId: 'a', name: 'good' },
      { userId: 'c', name: 'good' },
    ])
    const [letters] = await observer.query<RowDataPacket[]>('SELECT reason, event FROM dead_letters')
    expect(letters).toEqual([
      {
        reason: expect.stringMatching(
          /^the table refuses a value \(ER_(CONSTRAINT_FAILED|CHECK_CONSTRAINT_VIOLATED), by good_names\)$/,
        ),
        event: JSON.stringify(events[1]),
      },
    ])
  } finally {
    await observer.query('ALTER TABLE user_info DROP CONSTRAINT good_names')
  }
})

test('a dead letter that comes again is still one', async () => {
  const bad = deliveredEvent({ syncAction: 'user_add_org' })
  await employees()(bad)
  await employees()(bad)
  const [letters] = await observer.query<RowDataPacket[]>('SELECT eventId FROM dead_letters')
  expect(letters).toHaveLength(1)
})

test('a connection that the server has closed is replaced, and the delivery does not notice', async () => {
  await employees()(modify(1, { name: 'before' }))
  for (const { id, database } of await otherThreads(observer)) {
    if (database === schema.database) await observer.query(`KILL ${id}`)
  }
  expect(await employees()(modify(2, { name: 'after' }))).toMatchObject({ stored: 1 })
  expect(await table()).toEqual([{ userId: 'u', name: 'after' }])
})

test('a table that is missing is an error to be retried, told by its code alone', async () => {
  await observer.query('RENAME TABLE user_info TO elsewhere')
  try {
    await expect(employees()(modify(1, { name: '小明' }))).rejects.toThrow(
      /^the employees could not be stored \(ER_NO_SUCH_TABLE\)$/,
    )
  } finally {
    await observer.query('RENAME TABLE elsewhere TO user_info')
  }
})

test('a column that had values before mapping.yaml named it keeps them until an event speaks of it', async () => {
  await employees()(modify(1, { name: 'n' }))
  await observer.query(
    `UPDATE user_info SET title = 'by hand', columnVersions = SUBSTR(columnVersions, 1, ${VERSION_BYTES} * 4)`,
  )
  await employees()(modify(2, { name: 'm' }))
  expect(await table('name, title')).toEqual([{ name: 'm', title: 'by hand' }])
  await employees()(modify(3, { position: 'p' }))
  expect(await table('name, title')).toEqual([{ name: 'm', title: 'p' }])
})

test('a row written before a column existed takes its first value, and slots that are not ours stay', async () => {
  await employees()(modify(1, { name: 'n' }))
  await observer.query(`UPDATE user_info SET columnVersions = SUBSTR(columnVersions, 1, ${VERSION_BYTES} * 4)`)
  await employees()(modify(2, { position: 'p' }))
  expect(await table('title, LENGTH(columnVersions) AS bytes')).toEqual([
    { title: 'p', bytes: slotCount(shippedMapping) * VERSION_BYTES },
  ])

  await observer.query("UPDATE user_info SET columnVersions = CONCAT(columnVersions, 'of a newer version')")
  await employees()(modify(3, { position: 'q' }))
  expect(
    await table(
      `title, SUBSTR(columnVersions, ${slotCount(shippedMapping) * VERSION_BYTES + 1}) = 'of a newer version' AS kept`,
    ),
  ).toEqual([{ title: 'q', kept: 1 }])
})

const TEXTS = ['dingId', 'name', 'unionId', 'jobNumber', 'title']
const say = (ms: number, text: string) =>
  modify(ms, { dingId: text, name: text, unionId: text, jobNumber: text, position: text })

test.each<[string, string[]]>([
  ['the first', ['dingId', 'active']],
  ['some in between', ['name', 'unionId', 'department', 'jobNumber']],
  ['all but one in between', shippedMapping.columns.map(({ name }) => name).filter((name) => name !== 'unionId')],
])('what a row knows of slots that no column has any more, %s, stays', async (_, gone) => {
  const columns = shippedMapping.columns.filter(({ name }) => !gone.includes(name))
  const { roster: _roster, ...others } = shippedMapping
  const fewer: Mapping = { ...others, ended: [], columns }
  const row = (ofGone: string, ofOthers: string) => [
    Object.fromEntries(TEXTS.map((name) => [name, gone.includes(name) ? ofGone : ofOthers])),
  ]
  await employees()(say(20, 'a'))
  await employees(database, fewer)(say(40, 'c'))
  await employees()(say(30, 'b'))
  await employees()(say(10, 'too late'))
  expect(await table(TEXTS.join())).toEqual(row('b', 'c'))

  // of before there were slots
  await observer.query("UPDATE user_info SET columnVersions = ''")
  await employees(database, fewer)(say(60, 'e'))
  await employees()(say(50, 'd'))
  expect(await table(TEXTS.join())).toEqual(row('d', 'e'))
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
