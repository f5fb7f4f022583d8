import { createHash } from 'node:crypto'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { DeadLetter } from '../../../functions/employees/repository'
import { deliveredEvent, rosterEvent, snapshotEvent } from '../../support/events'
import { type MaintainedInstance, maintainedInstance } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground } from '../migrate/playground'

let db: Playground
let instance: MaintainedInstance

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
  instance = maintainedInstance(db.schema)
})

afterEach(async () => {
  await instance.database.close()
  await db.close()
})

async function bury(...letters: Partial<DeadLetter>[]): Promise<void> {
  for (const { source = 'my.dingtalk', eventId = '', reason = 'an old reason', event = '' } of letters) {
    await db.connection.execute(
      'INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES (UNHEX(SHA2(?, 256)), ?, ?, ?, ?)',
      [`${source}${eventId}`, source, eventId, reason, event],
    )
  }
}
const letter = (eventId: string, body: object): Partial<DeadLetter> => ({
  eventId,
  event: JSON.stringify(deliveredEvent(body, { id: eventId })),
})
const joins = (eventId: string, userId = eventId) => letter(eventId, { syncAction: 'user_add_org', userId })
const letters = async () =>
  (await db.query('SELECT eventId, reason FROM dead_letters ORDER BY id')).map((row) => Object.values(row).join(': '))
const users = async () => (await db.query('SELECT userId FROM user_info ORDER BY userId')).map((row) => row['userId'])
const replay = (on = instance) => on.ask({ maintenance: 'replay' })

test('what can be stored by now is stored and deleted; what is refused again stays, with its new reason', async () => {
  await bury(joins('a'), letter('b', { syncAction: 'user_add_org' }), letter('c', { syncAction: 'org_dept_create' }))
  const hash = createHash('sha256').update('not JSON').digest('hex')
  await bury(joins('d'), { source: 'unknown', eventId: hash, event: 'not JSON' })
  expect(await replay()).toBe(
    '5 dead letters: 2 stored, 1 not about their table (these are deleted), 2 refused again, 0 left.',
  )
  expect(await users()).toEqual(['a', 'd'])
  const kept = ['b: the event names no userId that can be read', `${hash}: not JSON`]
  expect(await letters()).toEqual(kept)
  expect(await replay()).toMatch(/^2 dead letters: 0 stored, .* 2 refused again, 0 left\.$/)
  expect(await letters()).toEqual(kept)
})

test('a letter of 0.1.0, whose digest says less, goes in favour of the new one', async () => {
  await bury(letter('b', { syncAction: 'user_add_org' }))
  expect(await replay()).toMatch(/^1 dead letters: 0 stored, .* 1 refused again/)
  await db.query("UPDATE dead_letters SET digest = UNHEX(SHA2(CONCAT(source, X'00', eventId), 256))")
  expect(await replay()).toMatch(/^1 dead letters: 0 stored, .* 1 refused again/)
  expect(await letters()).toEqual(['b: the event names no userId that can be read'])
})

test('none', async () => {
  expect(await replay()).toBe(
    '0 dead letters: 0 stored, 0 not about their table (these are deleted), 0 refused again, 0 left.',
  )
})

test('when the time is up, it says how many are left, and the next invocation goes on', async () => {
  await bury(joins('a'), joins('b'), joins('c'))
  let left = 2
  const hurried = maintainedInstance(db.schema, { remainingMs: () => (left-- > 0 ? 60_000 : 4_999) })
  expect(await replay(hurried)).toMatch(/^3 dead letters: 2 stored, .* 1 left for the next invocation\.$/)
  await hurried.database.close()
  expect(await letters()).toEqual(['c: an old reason'])
  expect(await replay()).toMatch(/^1 dead letters: 1 stored, .* 0 left\.$/)
})

/** The mark of a replay that was broken off; the next one puts its own there. */
const MARKED = 'a: replayed 2026-11-24T12:00:00.000Z: an old reason'

/** Which statement is the last that is done before the instance dies. */
test.each<[string, RegExp, string[], string[]]>([
  ['before anything is stored', /^INSERT INTO `user_info`/, [], [MARKED, 'b: an old reason']],
  ['after it is stored, before it is deleted', /^DELETE/, ['a'], [MARKED, 'b: an old reason']],
  ['while looking for the next', /^SELECT id.*/, [], ['a: an old reason', 'b: an old reason']],
])('a crash %s loses nothing', async (_, statement, stored, kept) => {
  await bury(joins('a'), joins('b'))
  const crashing = maintainedInstance(db.schema, { now: () => Date.UTC(2026, 10, 24, 12) })
  const execute = crashing.database.execute
  crashing.database.execute = (sql, values) =>
    statement.test(sql) ? Promise.reject(new Error('killed')) : execute(sql, values)
  expect(await replay(crashing)).toMatch(/^2 dead letters: .* It was stopped: /)
  await crashing.database.close()
  expect(await users()).toEqual(stored)
  expect(await letters()).toEqual(kept)
  expect(await replay()).toMatch(/^2 dead letters: 2 stored, /)
  expect(await users()).toEqual(['a', 'b'])
  expect(await letters()).toEqual([])
})

test('a right that deliveries lack is named', async () => {
  await bury(joins('a'))
  const execute = instance.database.execute
  instance.database.execute = (sql, values) =>
    sql.startsWith('INSERT')
      ? Promise.reject(new DatabaseError('ER_TABLEACCESS_DENIED_ERROR', 1142))
      : execute(sql, values)
  expect(await replay()).toMatch(
    /^1 dead letters: 0 stored, .* 1 left .* It was stopped: MYSQL_USER lacks a right \(ER_TABLEACCESS_DENIED_ERROR\)\. This needs SELECT, INSERT/,
  )
})

test('a letter goes to its own table alone, or to each where it names none; others stay', async () => {
  const mappings = [shippedMapping, { ...shippedMapping, table: 'people' }]
  await db.migrate(mappings)
  const both = maintainedInstance(db.schema, { mappings })
  await bury(joins('all'), joins('own'), joins('stays'))
  await db.query("UPDATE dead_letters SET `table` = 'people' WHERE eventId = 'own'")
  await db.query("UPDATE dead_letters SET `table` = 'gone' WHERE eventId = 'stays'")
  expect(await replay(both)).toMatch(
    /^2 dead letters: 2 stored, .* 0 left\. 1 of tables that mapping\.yaml does not name stay as they are\.$/,
  )
  await both.database.close()
  expect(await users()).toEqual(['all'])
  expect(await db.query('SELECT userId FROM people ORDER BY userId')).toEqual([{ userId: 'all' }, { userId: 'own' }])
  expect(await letters()).toEqual(['stays: an old reason'])
})

test('a reason as long as its column has room for the mark of a replay', async () => {
  await bury({ ...joins('a'), reason: 'r'.repeat(255) })
  expect(await replay()).toMatch(/^1 dead letters: 1 stored, /)
})

test('a letter that asks for maintenance is a letter', async () => {
  await bury(joins('a'), { eventId: 'x', event: '{"maintenance":"purge","days":1}' })
  expect(await replay()).toMatch(/^2 dead letters: 1 stored, .* 1 refused again/)
})

describe('a roster that the brake has stopped', () => {
  const START = 1_700_000_000_000
  const REASON = /^r: the roster would mark 8 of 8 as left, and no more than 5 may be \(MAX_LEAVERS\)/
  const gone = async () =>
    (await db.query('SELECT userId FROM user_info WHERE leftAt IS NOT NULL')).map((row) => row['userId'])
  const codeIn = (text: string) => /"confirm":"([0-9a-f]+)"/.exec(text)?.[1]

  beforeEach(async () => {
    const people = Array.from({ length: 8 }, (_, n) =>
      snapshotEvent({ userId: `u${n}`, EventTime: START }, { id: `${n}` }),
    )
    await instance.deliver(Buffer.from(JSON.stringify(people)), {})
    await instance.deliver(Buffer.from(JSON.stringify(rosterEvent({ ids: [], EventTime: START + 1 }, { id: 'r' }))), {})
  })

  test('is stopped again, and let through with the code that only the answer tells', async () => {
    expect(await replay()).toMatch(/^1 dead letters: 0 stored, .* 1 refused again/)
    const told = await instance.ask({ maintenance: 'replay', allowLeavers: 8 })
    expect(told).toMatch(
      /^the roster would mark 8 of 8 as left.*\nWho they are.*"plan":true}\nNothing is replayed yet\./,
    )
    expect(told).not.toMatch(/u0/)
    expect(await gone()).toEqual([])
    expect(await letters()).toEqual([expect.stringMatching(REASON)])

    const confirm = codeIn(told)
    expect(await instance.ask({ maintenance: 'replay', allowLeavers: 8, confirm })).toMatch(/^1 dead letters: 1 stored/)
    expect(await gone()).toHaveLength(8)
    expect(await letters()).toEqual([])
  })

  test('plan names whom it would mark, and replays nothing', async () => {
    const ids = Array.from({ length: 8 }, (_, n) => `u${n}`).join(' ')
    const reason = 'the roster would mark 8 of 8 as left, and no more than 5 may be (MAX_LEAVERS). '
    const lines = (await instance.ask({ maintenance: 'replay', plan: true })).split('\n')
    expect(lines).toEqual([expect.stringContaining(reason), 'It would mark:', `  ${ids}`])
    // one who has been heard of since has not left
    const back = { userId: 'u3', EventTime: START + 2 }
    await instance.deliver(Buffer.from(JSON.stringify(snapshotEvent(back, { id: 'back' }))), {})
    expect(await instance.ask({ maintenance: 'replay', plan: true })).toMatch(/\n {2}u0 u1 u2 u4 u5 u6 u7$/)
    expect(await gone()).toEqual([])
    expect(await letters()).toEqual([expect.stringMatching(REASON)])
    expect(instance.log.text()).not.toMatch(/u0/)
  })

  test('plan looks at the rows of its corporation, and of its table', async () => {
    const people = { ...shippedMapping, table: 'people' }
    await db.migrate([shippedMapping, people])
    await db.query("INSERT INTO people (corpId, userId, columnVersions) VALUES ('', 'other', '')")
    const planned = async (options: Parameters<typeof maintainedInstance>[1]) => {
      const other = maintainedInstance(db.schema, options)
      const text = await other.ask({ maintenance: 'replay', plan: true })
      await other.database.close()
      return text.split('\n').slice(1).join('\n')
    }
    expect(await planned({ variables: { DINGTALK_CORP_ID: 'another' } })).toBe('It would mark nobody by now.')
    const mappings = [people, shippedMapping]
    const [own, all] = ['u0 u1 u2 u3 u4 u5 u6 u7', 'other u0 u1 u2 u3 u4 u5 u6 u7']
    expect(await planned({ mappings })).toBe(`It would mark:\n  ${own}`)
    // one of a delivery to every table
    await db.query("UPDATE dead_letters SET `table` = ''")
    expect(await planned({ mappings })).toBe(`It would mark:\n  ${all}`)
  })

  test('plan with another key, or another value, is refused', async () => {
    for (const more of [
      { plan: true, allowLeavers: 8 },
      { plan: true, confirm: 'x' },
      { plan: 'yes' },
      { plan: false },
    ]) {
      expect(await instance.ask({ maintenance: 'replay', ...more })).toBe('plan takes true, and nothing beside it.')
    }
    expect(await gone()).toEqual([])
  })

  test('nothing to confirm where none waits', async () => {
    await db.query('DELETE FROM dead_letters')
    await bury(letter('b', { syncAction: 'user_add_org' }))
    const none = 'No roster waits in dead_letters: there is nothing to let through.'
    expect(await instance.ask({ maintenance: 'replay', allowLeavers: 8 })).toBe(none)
    expect(await instance.ask({ maintenance: 'replay', plan: true })).toBe(none)
  })

  test.each<[string, object, RegExp]>([
    [
      'a made-up code',
      { allowLeavers: 8, confirm: '0'.repeat(24) },
      /^Nothing is replayed: .* no such code for 8 leavers in .*: leave confirm out to get one of this one, and use it at once\.$/,
    ],
    ['the code for another number', { allowLeavers: 9 }, /^Nothing is replayed: .* no such code for 9 leavers /],
    ['no number', { allowLeavers: '' }, /^allowLeavers takes a whole number, at least 1/],
    ['less than one', { allowLeavers: 0 }, /^allowLeavers takes a whole number, at least 1/],
    ['a code without a number', {}, /^confirm goes with allowLeavers\.$/],
  ])('stays with %s', async (_, request, said) => {
    const confirm = codeIn(await instance.ask({ maintenance: 'replay', allowLeavers: 8 }))
    const text = await instance.ask({ maintenance: 'replay', confirm, ...request })
    expect(text).toMatch(said)
    expect(await gone()).toEqual([])
    expect(await letters()).toEqual([expect.stringMatching(REASON)])
  })

  test('stays where more have gone than are let through', async () => {
    const confirm = codeIn(await instance.ask({ maintenance: 'replay', allowLeavers: 7 }))
    expect(await instance.ask({ maintenance: 'replay', allowLeavers: 7, confirm })).toMatch(/1 refused again/)
    expect(await gone()).toEqual([])
    expect(await letters()).toEqual([expect.stringMatching(/no more than 7 may be \(--allow-leavers\)/)])
  })
})
