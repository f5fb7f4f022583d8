import { createHash } from 'node:crypto'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { Summary } from '../../../functions/employees/employees'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { databaseInstance } from '../../support/databaseInstance'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

let schema: DatabaseAddress
let observer: Connection
let database: OpenedDatabase
let deliver: (events: unknown) => Promise<Summary>

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database: name } = schema
  observer = await mysql.createConnection({ host, port, user, password, database: name, dateStrings: true })
  database = databaseInstance(schema)
  deliver = employeesOn(database)
})

beforeEach(async () => {
  await observer.query('DROP TABLE IF EXISTS user_info, dead_letters')
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
})

afterAll(async () => {
  await database.close()
  await observer.end()
  await dropTestSchema(schema)
})

async function people(columns: string): Promise<RowDataPacket[]> {
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM user_info ORDER BY userId`)
  return rows
}

async function letters(columns = 'eventId, reason'): Promise<RowDataPacket[]> {
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM dead_letters ORDER BY id`)
  return rows
}

const SECOND = 1_700_000_000_000
let ids = 0
/** An event of its own, that arrives so many milliseconds after some moment. */
function at(ms: number, body: Record<string, unknown>, id = `event-${++ids}`) {
  return deliveredEvent({ userId: 'u', ...body }, { id, time: new Date(SECOND + ms).toISOString() })
}
const modify = (ms: number, fields: object) => at(ms, { syncAction: 'user_modify_org', ...fields })
const nativeAdd = (ms: number) => at(ms, { EventType: 'user_add_org', EventTime: SECOND + ms, userId: ['u'] })
const nativeLeave = (ms: number) => at(ms, { EventType: 'user_leave_org', EventTime: SECOND + ms, userId: ['u'] })

/** Both orders of two events, each in one delivery and in two. */
const arrivals: [string, (one: unknown, other: unknown) => unknown[]][] = [
  ['in their order', (one, other) => [one, other]],
  ['the other way round', (one, other) => [other, one]],
  ['in one delivery', (one, other) => [[one, other]]],
  ['in one delivery, the other way round', (one, other) => [[other, one]]],
]

describe('a further unique index of the table’s owner', () => {
  beforeEach(() => observer.query('ALTER TABLE user_info ADD UNIQUE KEY badge (jobNumber)'))
  const person = (ms: number, userId: string, fields: object) => modify(ms, { userId, ...fields })

  test('a second person with the same value is a dead letter that names it, and the first stays', async () => {
    await deliver(person(1, 'first', { jobnumber: '7', name: '小明' }))
    expect(await deliver(person(2, 'second', { jobnumber: '7', name: '小红' }))).toMatchObject({ deadLettered: 1 })
    expect(await people('userId, name, jobNumber')).toEqual([{ userId: 'first', name: '小明', jobNumber: '7' }])
    expect((await letters('reason'))[0]?.['reason']).toBe('the table refuses a value (ER_DUP_ENTRY, by badge)')
  })

  test('the same for somebody who is there, for two of one delivery, and without holding up a neighbour', async () => {
    await deliver([person(1, 'a', { jobnumber: '7' }), person(1, 'b', { jobnumber: '8', name: 'before' })])
    const summary = await deliver([
      person(2, 'b', { jobnumber: '7', name: 'after' }),
      person(2, 'c', { jobnumber: '9' }),
      person(2, 'd', { jobnumber: '9' }),
      person(2, 'e', { name: 'neighbour' }),
    ])
    expect(summary).toMatchObject({ received: 4, stored: 2, deadLettered: 2 })
    expect(await people('userId, name, jobNumber')).toEqual([
      { userId: 'a', name: null, jobNumber: '7' },
      { userId: 'b', name: 'before', jobNumber: '8' },
      { userId: 'c', name: null, jobNumber: '9' },
      { userId: 'e', name: 'neighbour', jobNumber: null },
    ])
    expect(new Set((await letters()).map(({ reason }) => reason))).toEqual(
      new Set(['the table refuses a value (ER_DUP_ENTRY, by badge)']),
    )
  })

  test('whoever has it may give it up in the same delivery, before or after', async () => {
    await deliver([person(1, 'a', { jobnumber: '7' }), person(1, 'z', { jobnumber: '8' })])
    const given = [person(2, 'b', { jobnumber: '8' }), person(2, 'z', { jobnumber: '9' })]
    expect(await deliver(given)).toMatchObject({ stored: 2, deadLettered: 0 })
    expect(await people('userId, jobNumber')).toEqual([
      { userId: 'a', jobNumber: '7' },
      { userId: 'b', jobNumber: '8' },
      { userId: 'z', jobNumber: '9' },
    ])
  })

  test('one’s own value is no stranger’s', async () => {
    await deliver(person(1, 'a', { jobnumber: '7', name: 'before' }))
    expect(await deliver(person(2, 'a', { jobnumber: '7', name: 'after' }))).toMatchObject({ stored: 1 })
    expect(await people('name')).toEqual([{ name: 'after' }])
  })
})

describe('two changes of one second, told by their row ids', () => {
  const row = (id: number | string, fields: object) =>
    at(900, { biz_id: 'u', gmt_modified: SECOND, row_id: id, ...fields }, `sync-corp-${id}`)

  test.each(
    arrivals.flatMap(([order, arrive]) =>
      [
        [1, 2],
        [999, 1000],
        ['9007199254740993', '9007199254740994'],
      ].map(([one = 0, other = 0]) => [order, one, other, arrive] as const),
    ),
  )('%s: %s before %s', async (_, one, other, arrive) => {
    const first = row(one, { syncAction: 'user_modify_org', name: 'older' })
    const second = row(other, { syncAction: 'user_modify_org', name: 'newer' })
    for (const delivery of arrive(first, second)) await deliver(delivery)
    expect(await people('name')).toEqual([{ name: 'newer' }])
  })

  test.each(arrivals)('%s: who leaves and comes back in it is here', async (_, arrive) => {
    const leave = row(5, { syncAction: 'user_leave_org' })
    const add = row(6, { syncAction: 'user_add_org', active: true })
    for (const delivery of arrive(leave, add)) await deliver(delivery)
    expect(await people('active, leftAt')).toEqual([{ active: 'true', leftAt: null }])
  })

  test.each(arrivals)('%s: without them a leave wins', async (_, arrive) => {
    const add = at(1, { syncAction: 'user_add_org', active: true })
    for (const delivery of arrive(add, at(1, { syncAction: 'user_leave_org' }))) await deliver(delivery)
    expect(await people('active, leftAt IS NULL AS isHere')).toEqual([{ active: 'false', isHere: 0 }])
  })
})

describe('who has left and comes back', () => {
  const state = 'active, isAdmin, leftAt'
  test.each(arrivals)('a native add says only that: what the leave set is unknown (%s)', async (_, arrive) => {
    for (const delivery of arrive(nativeLeave(10), nativeAdd(20))) await deliver(delivery)
    expect(await people(state)).toEqual([{ active: null, isAdmin: null, leftAt: null }])
  })

  test.each(arrivals)(
    'they are there since they came back, and a leave says nothing of when they came (%s)',
    async (_, arrive) => {
      const joined = () => people('joinedAt, leftAt').then(([row]) => row)
      for (const events of arrive(nativeAdd(0), nativeLeave(5))) await deliver(events)
      expect(await joined()).toEqual({ joinedAt: '2023-11-14 22:13:20.000', leftAt: '2023-11-14 22:13:20.005' })
      for (const events of arrive(nativeAdd(10), modify(20, { name: '小明' }))) await deliver(events)
      expect(await joined()).toEqual({ joinedAt: '2023-11-14 22:13:20.010', leftAt: null })
    },
  )

  test.each(arrivals)('an add takes nothing from somebody who had not left (%s)', async (_, arrive) => {
    const known = at(10, { syncAction: 'user_add_org', active: true, isAdmin: true })
    for (const delivery of arrive(known, nativeAdd(20))) await deliver(delivery)
    expect(await people(state)).toEqual([{ active: 'true', isAdmin: 'true', leftAt: null }])
  })

  test.each<[string, object]>([
    ['a change that says active', { syncAction: 'user_modify_org', active: true }],
    ['one that says administrator', { syncAction: 'user_role_change', isAdmin: true }],
    ['being made an administrator', { EventType: 'org_admin_add', userId: ['u'] }],
    ['activation', { EventType: 'user_active_org', userId: ['u'] }],
  ])('%s takes the leaving back', async (_, body) => {
    for (const [, arrive] of arrivals) {
      await observer.query('DELETE FROM user_info')
      for (const delivery of arrive(nativeLeave(10), at(20, { ...body }))) await deliver(delivery)
      expect(await people('leftAt')).toEqual([{ leftAt: null }])
    }
  })

  test.each<[string, object]>([
    ['that says nothing of it', { syncAction: 'user_modify_org', position: 'engineer' }],
    ['that says inactive', { syncAction: 'user_modify_org', active: false }],
    ['native', { EventType: 'user_dept_change', userId: ['u'] }],
  ])('a change %s does not', async (_, body) => {
    await deliver(nativeLeave(10))
    await deliver(at(20, { ...body }))
    expect(await people('active, leftAt IS NULL AS isHere')).toEqual([{ active: 'false', isHere: 0 }])
  })
})

test('what an end sets is withdrawn in a column that is NOT NULL, too: it has its default then', async () => {
  const columns = shippedMapping.columns.map((one) =>
    one.name === 'active' ? { ...one, type: "VARCHAR(5) NOT NULL DEFAULT '?'" } : one,
  )
  await observer.query("ALTER TABLE user_info MODIFY active VARCHAR(5) NOT NULL DEFAULT '?'")
  const employees = employeesOn(database, { ...shippedMapping, columns })
  for (const [, arrive] of arrivals) {
    await observer.query('DELETE FROM user_info')
    for (const delivery of [nativeAdd(5), ...arrive(nativeLeave(10), nativeAdd(20))]) await employees(delivery)
    expect(await people('active, leftAt')).toEqual([{ active: '?', leftAt: null }])
  }
})

describe('a part about one of several people', () => {
  const native = (userId: string[], diffInfo: unknown) =>
    at(1, { EventType: 'user_modify_org', EventTime: SECOND, userId, diffInfo })
  const names = () => people('userId, name').then((rows) => rows.map(({ userId, name }) => [userId, name]))
  const change = (userid: unknown, name = 'V') => ({ prev: { name: 'before' }, curr: { name }, userid })

  test.each<[string, unknown, unknown[]]>([
    [
      'by userid',
      change('v'),
      [
        ['u', null],
        ['v', 'V'],
      ],
    ],
    [
      'by userId',
      { userId: 'v', curr: { name: 'V' } },
      [
        ['u', null],
        ['v', 'V'],
      ],
    ],
    [
      'by UserId',
      { UserId: ' v', curr: { name: 'V' } },
      [
        ['u', null],
        ['v', 'V'],
      ],
    ],
    [
      'as JSON text',
      JSON.stringify(change('v')),
      [
        ['u', null],
        ['v', 'V'],
      ],
    ],
    [
      'in JSON text',
      { userid: 'v', curr: '{"name":"V"}' },
      [
        ['u', null],
        ['v', 'V'],
      ],
    ],
    [
      'of nobody',
      { curr: { name: 'V' } },
      [
        ['u', null],
        ['v', null],
      ],
    ],
    [
      'of an empty name',
      change(''),
      [
        ['u', null],
        ['v', null],
      ],
    ],
    [
      'of a list, each',
      [change('v'), change('u', 'U')],
      [
        ['u', 'U'],
        ['v', 'V'],
      ],
    ],
    [
      'of a list, one without a name',
      [{ curr: { name: 'X' } }, change('v')],
      [
        ['u', null],
        ['v', 'V'],
      ],
    ],
    [
      'of somebody else',
      change('w'),
      [
        ['u', null],
        ['v', null],
      ],
    ],
  ])('%s', async (_, diffInfo, expected) => {
    await deliver(native(['u', 'v'], diffInfo))
    expect(await names()).toEqual(expected)
  })

  test('one that names nobody is about the only one', async () => {
    await deliver(native(['u'], { curr: { name: 'V' } }))
    expect(await names()).toEqual([['u', 'V']])
  })

  test('two about one person both hold', async () => {
    await deliver(at(1, { syncAction: 'user_modify_org', jobnumber: '7', userId: 'u' }))
    const removed = { prev: { jobNumber: '7' }, curr: {}, userid: 'u' }
    await deliver(at(2, { EventType: 'user_modify_org', userId: ['u'], diffInfo: [change('u'), removed] }))
    expect(await people('name, jobNumber')).toEqual([{ name: 'V', jobNumber: null }])
  })
})

describe('an event that reports a failure in a person’s place', () => {
  test('a leave is a leave, and its fields say nothing', async () => {
    await deliver(at(1, { syncAction: 'user_add_org', active: true, name: '小明' }))
    await deliver(at(2, { syncAction: 'user_leave_org', errcode: 50_002, name: '' }))
    expect(await people('active, name, syncState, leftAt IS NULL AS isHere')).toEqual([
      { active: 'false', name: '小明', syncState: 'out_of_scope', isHere: 0 },
    ])
  })
})

describe('when it happened', () => {
  const time = () => people('lastEventTime').then(([row]) => row?.['lastEventTime'])
  const NOW = Date.parse('2026-11-26T00:00:00Z')
  const instance = () => employeesOn(database, shippedMapping, undefined, () => NOW)
  const event = (attributes: object, body: object = {}) => ({
    ...deliveredEvent({ syncAction: 'user_modify_org', userId: 'u', ...body }, { id: `event-${++ids}` }),
    time: undefined,
    aliyunpublishtime: undefined,
    ...attributes,
  })

  test.each<[string, object, object, string]>([
    ['no time at all: now', {}, {}, '2026-11-26 00:00:00.000'],
    ['a time that is none: now', { time: 'soon' }, {}, '2026-11-26 00:00:00.000'],
    ['a number', { time: 1_700_000_000_000 }, {}, '2023-11-14 22:13:20.000'],
    ['published', { aliyunpublishtime: '2020-10-10T08:00:00.000Z' }, {}, '2020-10-10 08:00:00.000'],
    ['in China', { aliyunpublishtime: '2020-10-10T08:00:00.000PRC' }, {}, '2020-10-10 00:00:00.000'],
    ['in Shanghai', { time: '2020-10-10T08:00:00Asia/Shanghai' }, {}, '2020-10-10 00:00:00.000'],
    ['with the offset too', { time: '2020-10-10T08:00:00+08:00[Asia/Shanghai]' }, {}, '2020-10-10 00:00:00.000'],
    ['elsewhere', { time: '2020-07-01T08:00:00Europe/Berlin' }, {}, '2020-07-01 06:00:00.000'],
    ['in no zone that there is: now', { time: '2020-07-01T08:00:00Mars/Olympus' }, {}, '2026-11-26 00:00:00.000'],
    ['the sender’s', {}, { EventTime: SECOND }, '2023-11-14 22:13:20.000'],
    ['the sender’s is 0: now', {}, { EventTime: 0 }, '2026-11-26 00:00:00.000'],
    ['the sender’s is of 1970: now', {}, { EventTime: '1970-01-05T00:00:00Z' }, '2026-11-26 00:00:00.000'],
    ['in a zone of two meanings: now', { aliyunpublishtime: '2020-10-10T08:00:00CST' }, {}, '2026-11-26 00:00:00.000'],
    ['the sender’s is none, another is', {}, { EventTime: 'x', timeStamp: String(SECOND) }, '2023-11-14 22:13:20.000'],
    ['far ahead of the arrival', { time: '2026-01-01T00:00:00Z' }, { EventTime: NOW }, '2026-01-01 00:00:00.000'],
    ['far ahead of now', {}, { EventTime: 8_700_000_000_000 }, '2026-11-26 00:00:00.000'],
    [
      'arrival and sender far ahead',
      { time: '2200-01-01T00:00:00Z' },
      { EventTime: 7_258_118_400_000 },
      '2026-11-26 00:00:00.000',
    ],
  ])('%s', async (_, attributes, body, expected) => {
    expect(await instance()(event(attributes, body))).toMatchObject({ stored: 1, deadLettered: 0 })
    expect(await time()).toBe(expected)
  })

  test('a far future keeps no column from what comes later', async () => {
    await instance()(event({ time: '2200-01-01T00:00:00Z' }, { EventTime: 8_700_000_000_000, name: 'far' }))
    await employeesOn(database, shippedMapping, undefined, () => NOW + 1)(event({}, { name: 'later' }))
    expect(await people('name')).toEqual([{ name: 'later' }])
  })
})

describe('ids', () => {
  const add = (userId: unknown, more: object = {}) => at(1, { syncAction: 'user_add_org', userId, ...more })
  const found = () => people('userId').then((rows) => rows.map(({ userId }) => userId))

  test.each<[string, unknown, string[]]>([
    ['a newline behind it', 'zhang\n', ['zhang']],
    ['blanks around it', '\u3000 zhang\t ', ['zhang']],
    ['a list', ['p1', 'p2'], ['p1', 'p2']],
    ['a list as JSON text', '["p4","p5"]', ['p4', 'p5']],
    ['a list with one twice', ['p1', ' p1'], ['p1']],
    ['a number', 42, ['42']],
    ['blanks beside another spelling', ' ', ['other']],
  ])('%s', async (_, userId, expected) => {
    expect(await deliver(add(userId, { userid: 'other' }))).toMatchObject({ stored: 1, deadLettered: 0 })
    expect(await found()).toEqual(expected)
  })

  test.each<[string, unknown]>([
    ['true', true],
    ['JSON text of a text', '"p1"'],
    ['JSON text of a text of a list', '"[\\"p4\\"]"'],
    ['an object', { id: 'x' }],
    ['an object as JSON text', '{"id":"x"}'],
    ['a list in a list', [['x']]],
    ['blanks alone', ' \n'],
    ['an empty list as JSON text', '[]'],
    ['a control character within', 'zh\u0000ang'],
    ['half of a surrogate pair', 'zhang\ud842'],
    ['other characters than ASCII', '张三'],
    ['a number beyond 2^53', 141_146_379_001_246_380],
    ['65 characters', 'x'.repeat(65)],
  ])('no id: %s', async (_, userId) => {
    expect(await deliver(add(userId))).toMatchObject({ stored: 0, deadLettered: 1 })
    expect(await found()).toEqual([])
  })

  test.each<[string, unknown[]]>([
    ['null', ['p1', null, 'p2']],
    ['a flag', [true, 'p1', 'p2']],
    ['a number beyond 2^53', ['p1', 141_146_379_001_246_380, 'p2']],
    ['one that is too long', ['p1', 'p2', 'x'.repeat(65)]],
  ])('one that cannot be read, %s, takes none of the others along, and is not lost', async (_, userId) => {
    expect(await deliver(add(userId))).toEqual({ received: 1, stored: 0, ignored: 0, deadLettered: 1 })
    expect(await found()).toEqual(['p1', 'p2'])
    expect(await letters('eventId')).toHaveLength(1)
  })

  test('of the corporation too', async () => {
    await deliver([add('u', { CorpId: ' ding1\n' }), add('u', { CorpId: 'ding1' })])
    expect(await people('corpId, userId')).toEqual([{ corpId: 'ding1', userId: 'u' }])
  })
})

describe('events that are hard to tell apart', () => {
  const hash = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 5)
  /** Two ids whose hashes share 20 bits. */
  function twins(): [string, string] {
    const known = new Map<string, string>()
    for (let n = 0; ; n++) {
      const other = known.get(hash(`id-${n}`))
      if (other !== undefined) return [other, `id-${n}`]
      known.set(hash(`id-${n}`), `id-${n}`)
    }
  }

  test.each<[string, [string, string]]>([
    ['ids with like hashes', twins()],
    ['one id, two contents', ['same', 'same']],
  ])('%s: every order ends in the same row', async (_, [one, other]) => {
    const rows: unknown[] = []
    for (const [, arrive] of arrivals) {
      await observer.query('DELETE FROM user_info')
      const pair = [at(1, { syncAction: 'user_modify_org', name: 'a', position: 'a' }, one)] as unknown[]
      pair.push(at(1, { syncAction: 'user_modify_org', name: 'b', position: 'b' }, other))
      for (const delivery of arrive(pair[0], pair[1])) await deliver(delivery)
      rows.push(...(await people('name, title, lastEventId')))
    }
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(1)
    const [row] = rows as { name: string; title: string }[]
    expect(row?.name).toBe(row?.title)
  })

  const bad = (id: string, name = 'x') => at(1, { syncAction: 'user_add_org', userId: true, name }, id)
  test.each<[string, unknown[]]>([
    ['ids that share 128 characters', [bad(`${'x'.repeat(128)}1`), bad(`${'x'.repeat(128)}2`)]],
    ['ids that differ in a blank at the end', [bad('x'), bad('x ')]],
    ['ids that differ in case', [bad('x'), bad('X')]],
    ['two bad events with one id', [bad('x', 'a'), bad('x', 'b')]],
  ])('%s: two dead letters, together and one after the other', async (_, [one, other]) => {
    expect(await deliver([one, other])).toEqual({ received: 2, stored: 0, ignored: 0, deadLettered: 2 })
    expect(await letters()).toHaveLength(2)
    await observer.query('DELETE FROM dead_letters')
    await deliver(one)
    await deliver(other)
    expect(await letters()).toHaveLength(2)
    await deliver([other, one])
    expect(await letters()).toHaveLength(2)
  })

  test('the same event twice in a delivery is counted twice, and kept once', async () => {
    expect(await deliver([bad('x'), bad('x')])).toEqual({ received: 2, stored: 0, ignored: 0, deadLettered: 2 })
    expect(await letters()).toHaveLength(1)
  })
})

describe('poison', () => {
  function counting(): { deliver: (text: string) => Promise<Summary>; statements: () => number } {
    let statements = 0
    const counted: OpenedDatabase = {
      ...database,
      execute: (sql, values) => {
        statements++
        return database.execute(sql, values)
      },
      rehearse: (sql, values) => {
        statements++
        return database.rehearse(sql, values)
      },
    }
    const employees = employeesOn(counted)
    return { deliver: (text) => employees(JSON.parse(text)), statements: () => statements }
  }

  test('1,200 bad events are 1,200 dead letters, by few statements', async () => {
    const { deliver, statements } = counting()
    const events = Array.from({ length: 1200 }, (_, n) => at(1, { syncAction: 'user_add_org', userId: {} }, `bad-${n}`))
    expect(await deliver(JSON.stringify(events))).toMatchObject({ received: 1200, deadLettered: 1200 })
    expect(await people('userId')).toEqual([])
    expect((await letters()).length).toBe(1200)
    expect(statements()).toBeLessThan(100)
  })

  test.each<[string, (good: string) => string]>([
    [
      'deep under a duplicate key',
      (good) => good.replace('"data"', `"data":${'['.repeat(9000)}${']'.repeat(9000)},"data"`),
    ],
    ['deep', (good) => good.replace('"data"', `"more":${'['.repeat(9000)}${']'.repeat(9000)},"data"`)],
    ['no JSON', (good) => good.replace('"data":', '"data":bad,"also":')],
    ['no event', () => '7'],
    ['nothing', () => ''],
  ])('an item that is %s leaves its neighbours alone', async (_, poison) => {
    const good = JSON.stringify(modify(1, { userId: 'good', name: '小"]},[{明\\' }))
    const also = JSON.stringify(modify(1, { userId: 'also' }))
    const summary = await deliver(Buffer.from(`[${good}, ${poison(good)} ,${also}]`))
    expect(summary).toEqual({ received: 3, stored: 2, ignored: 0, deadLettered: 1 })
    expect(await people('userId, name')).toEqual([
      { userId: 'also', name: null },
      { userId: 'good', name: '小"]},[{明\\' },
    ])
    expect(await letters('source')).toEqual([{ source: 'unknown' }])
  })
})

test('100 departments fit, with ids and orders of their full length', async () => {
  const order = Array.from(
    { length: 100 },
    (_, n) => `${BigInt(9_000_000_000) + BigInt(n)}:${176_292_748_870n + BigInt(n)}660512`,
  )
  expect(await deliver(modify(1, { orderInDepts: `{${order.join(',')}}` }))).toMatchObject({ stored: 1 })
  expect(await people('orderInDepts')).toEqual([{ orderInDepts: `{${order.join(',')}}` }])
})
