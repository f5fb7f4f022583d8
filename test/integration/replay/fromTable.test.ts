import { tableDeadLetters } from '../../../cli/replay/fromTable'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { Mapping } from '../../../shared/mapping/mapping'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground, withColumn } from '../migrate/playground'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const MARK = 'replayed 2026-11-24T12:00:00.000Z: '
/** Before somebody mended it, it refused what was no number. */
const strict = withColumn(shippedMapping, { name: 'level', slot: 30, type: 'INT NULL', as: 'integer', bad: 'reject' })
const mended = withColumn(strict, { name: 'level', slot: 30, type: 'INT NULL', as: 'integer', bad: 'keep' })
const REASON = 'the value for level cannot be read as integer'

let db: Playground
let database: OpenedDatabase

beforeAll(async () => {
  db = await openPlayground()
  await db.migrate(strict)
  database = openInstanceDatabase(db.schema)
})

afterAll(async () => {
  await database.close()
  await db.close()
})

beforeEach(async () => {
  await db.query('DELETE FROM dead_letters')
  await db.query('DELETE FROM user_info')
})

const joins = (id: string, more: object = {}, attributes: object = {}) =>
  deliveredEvent({ syncAction: 'user_add_org', userId: id, name: id, level: 'high', ...more }, { id, ...attributes })
const deliver = (event: unknown, mapping = mended) => employeesOn(database, mapping)(event)

async function lettersOf(mapping: Mapping, eventId?: string, now = NOW) {
  return tableDeadLetters(db.connection, { eventId, mappings: [mapping], defaults: { DINGTALK_CORP_ID: '' }, now })
}
const left = async () =>
  (await db.query('SELECT eventId, reason FROM dead_letters ORDER BY id')).map((row) => Object.values(row).join(': '))

test('the oldest first, with the raw event', async () => {
  for (const id of ['a', 'b']) await deliver(joins(id), strict)
  const { letters, unreadable } = await lettersOf(mended)
  expect(letters.map(({ id, source, json }) => [id, source, JSON.parse(json)])).toEqual([
    ['a', 'my.dingtalk', { ...joins('a'), onlytable: 'user_info' }],
    ['b', 'my.dingtalk', { ...joins('b'), onlytable: 'user_info' }],
  ])
  expect(unreadable).toEqual([])
  expect((await lettersOf(mended, 'b')).letters.map(({ id }) => id)).toEqual(['b'])
})

test('one that is published stays until its event is stored, and then goes', async () => {
  for (const id of ['a', 'b']) await deliver(joins(id), strict)
  const [a] = (await lettersOf(mended)).letters
  await a?.begin()
  expect(await a?.fate()).toBeUndefined()
  expect(await left()).toEqual([`a: ${MARK}${REASON}`, `b: ${REASON}`])
  await deliver(joins('a'))
  expect(await a?.fate()).toBe('done')
  expect(await left()).toEqual([`b: ${REASON}`])
})

/** What is in the table when the letter is looked up, and what becomes of the letter. */
test.each<[string, () => Promise<unknown>, 'done' | 'refused' | undefined]>([
  ['nothing', async () => {}, undefined],
  ['its event', () => deliver(joins('a')), 'done'],
  ['something older', () => deliver(joins('a', {}, { id: 'o', time: '2020-01-01T00:00:00Z' })), undefined],
  ['something newer', () => deliver(joins('a', {}, { id: 'n', time: '2026-01-01T00:00:00Z' })), 'done'],
  [
    'something newer about other columns',
    () =>
      deliver(
        deliveredEvent({ syncAction: 'user_active_org', userId: 'a' }, { id: 'n', time: '2026-01-01T00:00:00Z' }),
      ),
    undefined,
  ],
  ['it refused again', () => deliver(joins('a'), strict), 'refused'],
  ['somebody else has removed the letter', () => db.query('DELETE FROM dead_letters'), 'done'],
])('%s', async (_, work, fate) => {
  await deliver(joins('a'), strict)
  const [a] = (await lettersOf(mended)).letters
  await a?.begin()
  await work()
  expect(await a?.fate()).toBe(fate)
  expect(await left()).toEqual(fate === 'done' ? [] : fate === 'refused' ? [`a: ${REASON}`] : [`a: ${MARK}${REASON}`])
})

test('an event of several people, when all are stored', async () => {
  const both = joins('both', { userId: ['p', 'q'] })
  await deliver(both, strict)
  const [letter] = (await lettersOf(mended)).letters
  await letter?.begin()
  await deliver(joins('p', {}, { time: '2026-01-01T00:00:00Z' }))
  expect(await letter?.fate()).toBeUndefined()
  await deliver(both)
  expect(await letter?.fate()).toBe('done')
})

test('one of which a part can never be stored waits for being set aside again, whatever is stored', async () => {
  const some = joins('some', { userId: ['p', null], level: 1 })
  await deliver(some)
  const [letter] = (await lettersOf(mended)).letters
  await letter?.begin()
  expect(await letter?.fate()).toBeUndefined()
  await deliver(some)
  expect(await letter?.fate()).toBe('refused')
  expect(await left()).toHaveLength(1)
})

test('one of which a value does not fit is stored without it', async () => {
  await deliver(joins('a'), strict)
  const tooLarge = joins('a', { level: 99_999_999_999 })
  await db.connection.execute('UPDATE dead_letters SET event = ?', [JSON.stringify(tooLarge)])
  const [a] = (await lettersOf(mended)).letters
  await a?.begin()
  await deliver(tooLarge)
  expect(await db.query('SELECT name, level FROM user_info')).toEqual([{ name: 'a', level: null }])
  expect(await a?.fate()).toBe('done')
})

test('one that is not about the table goes at once', async () => {
  await deliver(joins('a'), strict)
  const [a] = (await lettersOf({ ...mended, events: {} })).letters
  await a?.begin()
  expect(await a?.fate()).toBe('done')
})

test('one that is refused by EventBridge stays as it was', async () => {
  await deliver(joins('a'), strict)
  const [a] = (await lettersOf(mended)).letters
  await a?.begin()
  await a?.giveUp()
  expect(await left()).toEqual([`a: ${REASON}`])
})

test('a replay that is broken off in between loses nothing, and the next one finishes it', async () => {
  await deliver(joins('a'), strict)
  const [a] = (await lettersOf(mended)).letters
  await a?.begin()
  const [again] = (await lettersOf(mended, undefined, NOW + 3_600_000)).letters
  await again?.begin()
  expect(await left()).toEqual([`a: replayed 2026-11-24T13:00:00.000Z: ${REASON}`])
  await deliver(joins('a'))
  expect(await again?.fate()).toBe('done')
  expect(await left()).toEqual([])
})

test('two events with one id are two letters, each with a fate of its own', async () => {
  const twin = joins('a', { userId: 'twin' })
  await deliver([joins('a'), twin], strict)
  const { letters } = await lettersOf(mended)
  expect(letters).toHaveLength(2)
  for (const letter of letters) await letter.begin()
  await deliver(twin)
  expect([await letters[0]?.fate(), await letters[1]?.fate()]).toEqual([undefined, 'done'])
})

test('a letter of 0.1.0, which its event does not find again, goes in favour of the new one', async () => {
  await deliver(joins('a'), strict)
  await db.query("UPDATE dead_letters SET digest = 'of 0.1.0'")
  const [a] = (await lettersOf(mended)).letters
  await a?.begin()
  await deliver(joins('a', { userId: 'twin' }), strict)
  expect(await a?.fate()).toBeUndefined()
  await deliver(joins('a'), strict)
  expect(await a?.fate()).toBe('refused')
  expect(await left()).toEqual([`a: ${REASON}`, `a: ${REASON}`])
})

test.each(['not JSON', '{"id":"x"', '[]', '{}', '{"id":"x"}', `[${JSON.stringify(joins('x'))}]`, 'null'])(
  'of %s the row is named, and the others are found',
  async (text) => {
    await deliver(joins('a'), strict)
    await db.connection.execute(
      "INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES ('x', 'unknown', 'x', 'r', ?)",
      [text],
    )
    const [row] = await db.query("SELECT id FROM dead_letters WHERE eventId = 'x'")
    const { letters, unreadable } = await lettersOf(mended)
    expect(letters.map(({ id }) => id)).toEqual(['a'])
    expect(unreadable).toEqual([row?.['id']])
  },
)
