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
  await db.connection.execute(
    "INSERT INTO dead_letters (source, eventId, reason, event, createdAt) VALUES ('s', 'old', 'r', '{}', FROM_UNIXTIME(?))",
    [(NOW - 91 * DAY_MS) / 1000],
  )
})

afterEach(async () => {
  await instance.database.close()
  await db.close()
})

const letters = async () => (await db.query('SELECT eventId FROM dead_letters')).length
const purge = (more: object = {}) => instance.ask({ maintenance: 'purge', days: 90, ...more })
/** The payload that the first answer tells. */
const confirmation = async () => JSON.parse(/\{.*\}$/.exec(await purge())?.[0] ?? '') as object

test('the first invocation counts and tells how to go on, the second one erases', async () => {
  const told = await purge()
  const people = 'People who left before 2026-08-26 12:05:00.000 UTC and have values in dingId, name, unionId: 0'
  expect(told.split('\n').slice(0, 3)).toEqual([
    people,
    'Dead letters from before 2026-08-26T12:05:00.000Z: 1',
    expect.stringMatching(/^Nothing is erased yet\. Within ten min/),
  ])
  expect(await letters()).toBe(1)

  now += 9 * 60_000
  expect(await instance.ask(await confirmation())).toBe(
    `${people.replace('12:05', '12:14')}\nDead letters from before 2026-08-26T12:14:00.000Z: 1\nErased.`,
  )
  expect(await letters()).toBe(0)
})

test('another instance takes the code, too', async () => {
  const other = maintainedInstance(db.schema, { now: () => now })
  expect(await other.ask(await confirmation())).toMatch(/: 1\nErased\.$/)
  await other.database.close()
  expect(await letters()).toBe(0)
})

/** What a stranger could send, when a rule delivers bodies as they came. */
test.each<[string, object]>([
  ['no code', {}],
  ['any code', { confirm: '0'.repeat(24) }],
  ['yes', { confirm: true }],
  ['an empty code', { confirm: '' }],
])('with %s nothing is erased', async (_, more) => {
  await purge(more)
  expect(await letters()).toBe(1)
})

test('an old code, and one for other days, say so', async () => {
  const confirmed = await confirmation()
  const refusal = 'confirm is not, or no longer, the code for this purge. Leave it out to get one.'
  expect(await instance.ask({ ...confirmed, days: 1 })).toBe(refusal)
  now += 20 * 60_000
  expect(await instance.ask(confirmed)).toBe(refusal)
  expect(await letters()).toBe(1)
})
