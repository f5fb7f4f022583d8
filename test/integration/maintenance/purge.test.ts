import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { type MaintainedInstance, maintainedInstance } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground } from '../migrate/playground'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 10, 24, 12, 5)
let db: Playground
let instance: MaintainedInstance
let now: number

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
  now = NOW
  instance = maintainedInstance(db.schema, { now: () => now })
  await bury('old', NOW - 91 * DAY_MS)
})

afterEach(async () => {
  await instance.database.close()
  await db.close()
})

async function bury(id: string, ms: number): Promise<void> {
  await db.connection.execute(
    "INSERT INTO dead_letters (digest, source, eventId, reason, event, createdAt) VALUES (?, 's', ?, 'r', '{}', ?)",
    [id, id, new Date(ms).toISOString().replace('T', ' ').replace('Z', '')],
  )
}
const letters = async () => (await db.query('SELECT eventId FROM dead_letters')).length
const purge = (more: object = {}) => instance.ask({ maintenance: 'purge', days: 90, ...more })
/** The payload that the first answer tells. */
const confirmation = async () => JSON.parse(/\{.*\}$/.exec(await purge())?.[0] ?? '') as object

test('the first invocation counts and tells how to go on, the second one erases', async () => {
  const told = await purge()
  const counts = [
    'People who left before 2026-08-26 12:05:00.000 UTC and have values in dingId, name, unionId: 0',
    'Dead letters from before 2026-08-26 12:05:00.000 UTC: 1',
  ]
  expect(told.split('\n')).toEqual([...counts, expect.stringMatching(/^Nothing is erased yet\. Within ten min/)])
  expect(await letters()).toBe(1)

  // what has become old meanwhile was not told, and stays
  await bury('as old by now', NOW - 90 * DAY_MS + 60_000)
  now += 9 * 60_000
  expect(await instance.ask(JSON.parse(/\{.*\}$/.exec(told)?.[0] ?? ''))).toBe([...counts, 'Erased.'].join('\n'))
  expect(await db.query('SELECT eventId FROM dead_letters')).toEqual([{ eventId: 'as old by now' }])
})

const NO_SUCH_CODE =
  'Nothing is erased: this instance of the function has told no such code for 90 days in the last ten minutes. ' +
  'Each has codes of its own: leave confirm out to get one of this one, and use it at once. ' +
  'Where the database is within reach, npm run migrate -- --purge-left 90 needs none.'

test('another instance has another code, and says how to go on', async () => {
  const other = maintainedInstance(db.schema, { now: () => now })
  expect(await other.ask(await confirmation())).toBe(NO_SUCH_CODE)
  await other.database.close()
  expect(await letters()).toBe(1)
})

/** What a stranger could send, when a rule delivers bodies as they came. */
test.each<[string, object]>([
  ['no code', {}],
  ['any code', { confirm: '0'.repeat(24) }],
  ['yes', { confirm: true }],
  ['an empty code', { confirm: '' }],
])('with %s nothing is erased', async (_, more) => {
  await purge()
  await purge(more)
  expect(await letters()).toBe(1)
})

test('an old code, and one for other days, say so', async () => {
  const confirmed = await confirmation()
  expect(await instance.ask({ ...confirmed, days: 1 })).toBe(NO_SUCH_CODE.replaceAll('90', '1'))
  now += 10 * 60_000 + 1
  expect(await instance.ask(confirmed)).toBe(NO_SUCH_CODE)
  expect(await letters()).toBe(1)
})

test('where there is more to erase than was told, the code is not enough', async () => {
  const confirmed = await confirmation()
  await bury('came late', NOW - 92 * DAY_MS)
  const told = await instance.ask(confirmed)
  expect(told.split('\n').slice(1, 3)).toEqual([
    'Dead letters from before 2026-08-26 12:05:00.000 UTC: 2',
    'These are more than were told with that code.',
  ])
  expect(await letters()).toBe(2)
  expect(await instance.ask(JSON.parse(/\{.*\}$/.exec(told)?.[0] ?? ''))).toMatch(/: 2\nErased\.$/)
})

test('when the time is up it says how far it came, and the same invocation goes on', async () => {
  for (let letter = 0; letter < 1_100; letter++) await bury(`${letter}`, NOW - 91 * DAY_MS)
  await db.query(
    "INSERT INTO user_info (corpId, userId, name, leftAt, columnVersions) VALUES ('', '1', '小明', '2020-01-01', '')",
  )
  let left = Number.POSITIVE_INFINITY
  const hurried = maintainedInstance(db.schema, { now: () => now, remainingMs: () => (left-- > 0 ? 60_000 : 4_999) })
  const confirmed = JSON.parse(/\{.*\}$/.exec(await hurried.ask({ maintenance: 'purge', days: 90 }))?.[0] ?? '')
  // a look at the people, and one statement that erases; the same with the letters
  left = 4
  expect(await hurried.ask(confirmed)).toMatch(
    /: 1\n.*: 1101\n501 rows are erased\. The time is up: the same invocation, within ten minutes, goes on\.$/,
  )
  left = Number.POSITIVE_INFINITY
  expect(await hurried.ask(confirmed)).toMatch(/: 0\n.*: 601\nErased\.$/)
  await hurried.database.close()
  expect(await letters()).toBe(0)
})

test('a database that fails halfway: it says how far it came', async () => {
  for (let letter = 0; letter < 600; letter++) await bury(`${letter}`, NOW - 91 * DAY_MS)
  const confirmed = await confirmation()
  const execute = instance.database.execute
  let deletes = 0
  instance.database.execute = (sql, values) =>
    sql.startsWith('DELETE') && ++deletes > 1
      ? Promise.reject(new DatabaseError('STATEMENT_TIMEOUT'))
      : execute(sql, values)
  expect(await instance.ask(confirmed)).toBe(
    '500 rows are erased. The same invocation, within ten minutes, goes on. It was stopped: The database refused (STATEMENT_TIMEOUT). {"maintenance":"doctor"} says more.',
  )
  instance.database.execute = execute
  expect(await instance.ask(confirmed)).toMatch(/: 101\nErased\.$/)
})
