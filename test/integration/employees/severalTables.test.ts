import { createRehearsal } from '../../../cli/reconcile/dryRun'
import { tableDeadLetters } from '../../../cli/replay/fromTable'
import { onlyOnce } from '../../../cli/replay/publish'
import { createRowsOf } from '../../../local/database/rowsOf'
import { readMappings } from '../../../shared/mapping/readMappings'
import { employeesOn } from '../../support/employees'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { type MaintainedInstance, maintainedInstance } from '../../support/maintenance'
import { openPlayground, type Playground } from '../migrate/playground'

/** Badges and doors, and visits, which events of both are. */
const text = `
table: badges
action: .syncAction
time: [.EventTime, $.time]
events:
  badge_made: { set: { lostAt: null } }
  badge_lost: { ends: lostAt }
  visit: {}
roster: { type: Badges, action: badges, absent: badge_lost, after: .after, upTo: .upTo, ids: .ids, limit: 9 }
key: { badge: { type: VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, from: .badge } }
columns:
  name: { slot: 0, type: VARCHAR(10) NULL, from: .name, personal: true }
  door: { slot: 1, type: VARCHAR(10) NULL, from: .door }
  lostAt: { slot: 2, type: DATETIME(3) NULL, as: time }
---
table: doors
action: .syncAction
time: [.EventTime, $.time]
events:
  visit: {}
  door_gone: { ends: goneAt }
roster: { type: Doors, action: doors, absent: door_gone, after: .after, upTo: .upTo, ids: .ids, limit: 9 }
key: { number: { type: BIGINT NOT NULL, from: .door } }
columns:
  name: { slot: 0, type: VARCHAR(10) NULL, from: .doorName }
  badge: { slot: 1, type: INT NULL, as: integer, from: .badge, bad: reject }
  goneAt: { slot: 2, type: DATETIME(3) NULL, as: time }
`
const mappings = readMappings(text, 'mapping.yaml')
const [badges, doors] = mappings
if (badges === undefined || doors === undefined) throw new Error('there are two')

let db: Playground
let instance: MaintainedInstance
const log = keptLog()

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(mappings)
  instance = maintainedInstance(db.schema, { mappings })
  log.lines.splice(0)
})

afterEach(async () => {
  await instance.database.close()
  await db.close()
})

let ids = 0
const event = (body: object, id = `e${++ids}`) => deliveredEvent(body, { id, time: '2026-01-01T00:00:01Z' })
const visit = (badge: unknown, door: unknown, id?: string) => event({ syncAction: 'visit', badge, door }, id)
const deliver = (events: unknown) => employeesOn(instance.database, mappings, log)(events)
const all = async (sql: string) => (await db.query(sql)).map((row) => Object.values(row).join(' '))
const stored = async () => ({
  badges: await all('SELECT badge, door FROM badges ORDER BY badge'),
  doors: await all('SELECT number, badge FROM doors ORDER BY number'),
})
const letters = () => all('SELECT `table`, eventId, reason FROM dead_letters ORDER BY id')

test('an event is written into every table that knows it, and counts once', async () => {
  expect(
    await deliver([visit('1', '7'), event({ syncAction: 'badge_made', badge: '2' }), event({ syncAction: 'x' })]),
  ).toEqual({ received: 3, stored: 2, ignored: 1, deadLettered: 0 })
  expect(await stored()).toEqual({ badges: ['1 7', '2 '], doors: ['7 1'] })
})

test('each refuses by itself: an event is a dead letter of one table, or of both, and stored in the other', async () => {
  const summary = await deliver([
    visit('1', 'no number', 'a'),
    visit('x', '8', 'b'),
    visit('too long a badge', 'x', 'c'),
  ])
  expect(summary).toEqual({ received: 3, stored: 0, ignored: 0, deadLettered: 3 })
  expect(await stored()).toEqual({ badges: ['1 no number', 'x 8'], doors: [] })
  expect(await letters()).toEqual([
    'doors a number is no whole number',
    'doors b the value for badge cannot be read as integer',
    'badges c badge is longer than 8 characters',
    'doors c number is no whole number',
  ])
  // a delivery that comes again makes no more of them
  await deliver(visit('too long a badge', 'x', 'c'))
  expect(await letters()).toHaveLength(4)
})

test('what the server refuses in one table is stored in the other', async () => {
  await db.query('ALTER TABLE doors ADD CONSTRAINT seven CHECK (number <> 7)')
  expect(await deliver([visit('1', '7', 'a'), visit('2', '8', 'b')])).toMatchObject({ stored: 1, deadLettered: 1 })
  expect(await stored()).toEqual({ badges: ['1 7', '2 8'], doors: ['8 2'] })
  expect(await letters()).toEqual([expect.stringMatching(/^doors a the table refuses a value \(.*, by seven\)$/)])
})

test('a value that is left out is named with its table', async () => {
  const long = { syncAction: 'visit', badge: '1', door: '7', name: 'longer than ten', doorName: 'longer than ten' }
  expect(await deliver(event(long))).toMatchObject({ stored: 1, badValues: 'badges.name doors.name' })
})

test.each(['badges', 'doors'])(
  'where %s is missing the delivery comes again, and the other has all',
  async (missing) => {
    await db.query(`DROP TABLE ${missing}`)
    await expect(deliver([visit('1', '7', 'a'), visit('2', 'x', 'b')])).rejects.toThrow(
      `(ER_NO_SUCH_TABLE) in ${missing}`,
    )
    expect(log.lines).toEqual([expect.objectContaining({ outcome: 'failed', table: missing })])
    const other = missing === 'badges' ? 'SELECT number, badge FROM doors' : 'SELECT badge, door FROM badges'
    expect(await all(other)).toEqual(missing === 'badges' ? ['7 1'] : ['1 7', '2 x'])
    expect(await letters()).toEqual(['doors b number is no whole number'])
  },
)

test('a roster is of the table whose type it has', async () => {
  await deliver([visit('1', '1'), visit('2', '2')])
  const range = { EventTime: Date.parse('2026-01-02T00:00:00Z') }
  await deliver(rosterEvent({ ...range, syncAction: 'badges', ids: ['1'] }, { type: 'Badges', id: 'r1' }))
  expect(await all('SELECT badge FROM badges WHERE lostAt IS NOT NULL')).toEqual(['2'])
  expect(await all('SELECT number FROM doors WHERE goneAt IS NOT NULL')).toEqual([])
  await deliver(rosterEvent({ ...range, syncAction: 'doors', ids: [2] }, { type: 'Doors', id: 'r2' }))
  expect(await all('SELECT number FROM doors WHERE goneAt IS NOT NULL')).toEqual(['1'])
  expect(await letters()).toEqual([])
})

test('a rehearsal of a walk tells what becomes of each table', async () => {
  await deliver([visit('1', '1'), visit('2', '2')])
  const { publisher, predict } = createRehearsal(mappings, { DINGTALK_CORP_ID: '' }, Date.now)
  const range = { EventTime: Date.parse('2026-01-02T00:00:00Z') }
  const events = [visit('3', '2'), rosterEvent({ ...range, syncAction: 'doors', ids: [2] }, { type: 'Doors', id: 'r' })]
  await publisher.add(events.map((one, at) => ({ id: String(at), json: JSON.stringify(one) })))
  const none = { added: [], addedAsLeft: [], changed: [], leave: [], braked: [] }
  expect(await predict(db.connection, { count: 9, percent: 0 })).toEqual([
    { ...none, table: 'badges', added: ['3'] },
    { ...none, table: 'doors', changed: expect.any(Array), leave: ['1'] },
  ])
})

describe('dead letters', () => {
  const insert = (table: string, id: string, one: object) =>
    db.connection.execute(
      'INSERT INTO dead_letters (digest, `table`, source, eventId, reason, event) VALUES (UNHEX(SHA2(?, 256)), ?, ?, ?, ?, ?)',
      [`${table} ${id}`, table, 'my.dingtalk', id, 'old', JSON.stringify(one)],
    )

  test('are replayed into their own table alone; one of none, as before there were several, into all', async () => {
    await insert('doors', 'a', visit('1', '7', 'a'))
    await insert('', 'b', visit('2', '8', 'b'))
    await insert('rooms', 'c', visit('3', '9', 'c'))
    expect(await instance.ask({ maintenance: 'replay' })).toBe(
      '2 dead letters: 2 stored, 0 not about their table (these are deleted), 0 refused again, 0 left. 1 of tables that mapping.yaml does not name stay as they are.',
    )
    expect(await stored()).toEqual({ badges: ['2 8'], doors: ['7 1', '8 2'] })
    expect(await letters()).toEqual(['rooms c old'])
  })

  test('are published for their own table, once for each, and go when that has them', async () => {
    for (const table of ['badges', 'doors', 'rooms']) await insert(table, 'a', visit('1', '7', 'a'))
    const options = { mappings, eventId: undefined, defaults: { DINGTALK_CORP_ID: '' }, now: Date.now() }
    const found = await tableDeadLetters(db.connection, options)
    expect(found.ofOthers).toEqual([{ id: expect.any(Number), table: 'rooms' }])
    const recorded = { ...found.letters[0], json: JSON.stringify(visit('1', '7', 'a')) } as (typeof found.letters)[0]
    const events = onlyOnce([...found.letters, recorded])
    expect(events.map(({ json, reason }) => [JSON.parse(json).onlytable, reason])).toEqual([
      ['badges', 'badges: old'],
      ['doors', 'doors: old'],
    ])
    const [first, second] = events
    for (const one of events) await one.begin()
    await deliver(JSON.parse(second?.json ?? ''))
    expect(await stored()).toEqual({ badges: [], doors: ['7 1'] })
    expect([await first?.fate(), await second?.fate()]).toEqual([undefined, 'done'])
    await deliver(JSON.parse(first?.json ?? ''))
    expect(await first?.fate()).toBe('done')
    expect(await letters()).toEqual(['rooms a old'])
  })

  test('that one table refuses again say nothing of the other’s', async () => {
    for (const table of ['badges', 'doors']) await insert(table, 'a', visit('1', 'x', 'a'))
    const options = { mappings, eventId: undefined, defaults: { DINGTALK_CORP_ID: '' }, now: Date.now() }
    const { letters: found } = await tableDeadLetters(db.connection, options)
    for (const one of found) await one.begin()
    for (const one of found) await deliver(JSON.parse(one.json))
    const fates = []
    for (const one of found) fates.push(await one.fate())
    expect(fates).toEqual(['done', 'refused'])
  })
})

test('the page has the rows of each table that knows the event, and each one’s dead letter', async () => {
  const rowsOf = createRowsOf(db.schema, mappings, {})
  const both = visit('1', 'x', 'a')
  await deliver([both, event({ syncAction: 'badge_made', badge: '2', door: '8' }, 'b'), visit('5', '8', 'c')])
  const found = await rowsOf(JSON.stringify(both))
  expect(found.map(({ table, rows, deadLetter }) => [table, rows.length, deadLetter])).toEqual([
    ['badges', 1, undefined],
    ['doors', 0, 'number is no whole number'],
  ])
  const one = await rowsOf(JSON.stringify(event({ syncAction: 'badge_made', badge: '2', door: '8' }, 'b')))
  expect(one.map(({ table }) => table)).toEqual(['badges'])
})

test('explain tells of all tables that have the id, or of the one that is named', async () => {
  await deliver([visit('7', '7', 'a'), visit('8', 'x', 'b')])
  const explain = (more: object) => instance.ask({ maintenance: 'explain', ...more })
  const titles = (answer: string) => answer.split('\n').filter((line) => /^(badges|doors): /.test(line))
  expect(titles(await explain({ userId: '7' }))).toEqual(['badges: badge 7', 'doors: number 7'])
  expect(titles(await explain({ userId: '7', table: 'doors' }))).toEqual(['doors: number 7'])
  expect(await explain({ userId: '8', table: 'badges' })).not.toContain('is no whole number')
  // no number, which a server would take for 0
  expect(await explain({ userId: 'x', table: 'badges' })).toContain('Neither badges nor dead_letters')
  expect(await explain({ userId: 'x' })).toMatch(/^doors: no row\ndead letters[\s\S]* number is no whole number/)
  expect(await explain({ userId: '7', table: 'rooms' })).toBe(
    'table takes one of badges, doors, as mapping.yaml has them.',
  )
})

test('the doctor looks at all of them', async () => {
  await db.query('DROP TABLE doors')
  const text = await instance.ask({ maintenance: 'doctor' })
  expect(text).toMatch(/ok +table badges/)
  expect(text).toMatch(/wrong +table doors +there is none/)
})
