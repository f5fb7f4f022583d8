import { tableDeadLetters } from '../../../cli/replay/fromTable'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground } from '../migrate/playground'

const NOW = new Date('2026-11-24T12:00:00Z')
let playground: Playground

beforeAll(async () => {
  playground = await openPlayground()
  await playground.migrate(shippedMapping)
})

afterAll(() => playground.close())

beforeEach(async () => {
  await playground.query('DELETE FROM dead_letters')
  for (const id of ['a', 'b']) await bury(id, 'name: is too long')
})

/** What the employees function does with an event that it cannot store. */
async function bury(id: string, reason: string): Promise<void> {
  await playground.connection.execute(
    `INSERT INTO dead_letters (source, eventId, reason, event) VALUES ('s', ?, ?, ?)
     ON DUPLICATE KEY UPDATE reason = VALUES(reason)`,
    [id, reason, JSON.stringify({ id })],
  )
}

const letters = (eventId?: string) => tableDeadLetters(playground.connection, eventId, NOW)
const left = async () =>
  (await playground.query('SELECT eventId, reason FROM dead_letters ORDER BY id')).map((row) => [
    row['eventId'],
    row['reason'],
  ])

test('the oldest first, with the raw event', async () => {
  expect((await letters()).map(({ id, source, json }) => [id, source, json])).toEqual([
    ['a', 's', '{"id":"a"}'],
    ['b', 's', '{"id":"b"}'],
  ])
  expect((await letters('b')).map(({ id }) => id)).toEqual(['b'])
})

test('one that is published is deleted', async () => {
  const [a] = await letters()
  await a?.begin()
  await a?.end(true)
  expect(await left()).toEqual([['b', 'name: is too long']])
})

test('one that is refused by EventBridge stays as it was', async () => {
  const [a] = await letters()
  await a?.begin()
  await a?.end(false)
  expect(await left()).toEqual([
    ['a', 'name: is too long'],
    ['b', 'name: is too long'],
  ])
})

test('one that the function refuses again, before it could be deleted, stays with its new reason', async () => {
  const [a] = await letters()
  await a?.begin()
  await bury('a', 'name: is still too long')
  await a?.end(true)
  expect(await left()).toEqual([
    ['a', 'name: is still too long'],
    ['b', 'name: is too long'],
  ])
})

test('a replay that is broken off in between loses nothing, and the next one finishes it', async () => {
  const [a] = await letters()
  await a?.begin()
  expect(await left()).toEqual([
    ['a', 'replayed 2026-11-24T12:00:00.000Z: name: is too long'],
    ['b', 'name: is too long'],
  ])
  const [again] = await tableDeadLetters(playground.connection, undefined, new Date('2026-11-24T13:00:00Z'))
  await again?.begin()
  expect((await left())[0]).toEqual(['a', 'replayed 2026-11-24T13:00:00.000Z: name: is too long'])
  await again?.end(true)
  expect(await left()).toEqual([['b', 'name: is too long']])
})
