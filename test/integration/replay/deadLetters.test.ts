import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OpenedDatabase } from '../../../functions/employees/database'
import { mysqlVariables } from '../../../local/database/database'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent, rosterEvent, snapshotEvent } from '../../support/events'
import { shippedMappings } from '../../support/mapping'
import { runCli } from '../../support/stackProcess'
import { openPlayground, type Playground } from '../migrate/playground'

let db: Playground
let database: OpenedDatabase
let server: http.Server
/** What is behind EventBridge: nothing, where the rule is disabled or the bus is another one. */
let deliver: (events: Record<string, unknown>[]) => Promise<unknown>

beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const events = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>[]
    const tooLarge = events.length > 1 && events.some(({ id }) => id === 'large')
    response.setHeader('content-type', 'application/json')
    if (tooLarge || events[0]?.['id'] === 'large') {
      response.statusCode = 409
      return response.end(JSON.stringify({ code: 'EventSizeExceed', message: 'too large' }))
    }
    const EntryList = events.map(({ id }) => ({ EventId: id, TraceId: 't' }))
    response.end(JSON.stringify({ RequestId: 'r', FailedEntryCount: 0, EntryList }))
    await deliver(events)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMappings)
  database = openInstanceDatabase(db.schema)
  deliver = async () => {}
})

afterEach(async () => {
  await database.close()
  await db.close()
})

async function bury(...events: (Record<string, unknown> | string)[]): Promise<void> {
  for (const [index, event] of events.entries()) {
    const isText = typeof event === 'string'
    const [id, source] = isText ? ['x', 'unknown'] : [String(event['id']), String(event['source'])]
    await db.connection.execute(
      "INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES (?, ?, ?, 'r', ?)",
      [`${index}`, source, id, isText ? event : JSON.stringify(event)],
    )
  }
}
const joins = (id: string) => deliveredEvent({ syncAction: 'user_add_org', userId: id }, { id })
const left = async () => (await db.query('SELECT eventId FROM dead_letters ORDER BY id')).map((row) => row['eventId'])
const replay = (...args: string[]) =>
  runCli('replay', ['--dead-letters', '--wait', '0', ...args], {
    ...mysqlVariables(db.schema),
    EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
  })

test('a rule that is disabled: what was published and nobody stored stays, and is told', async () => {
  await bury(joins('a'), joins('b'))
  const { code, output } = await replay()
  expect(code).toBe(1)
  expect(output).toMatch(/^a is published, not stored yet\nb is published, not stored yet$/m)
  expect(output).toMatch(/^What is not stored yet stays where it was\. Is the rule enabled/m)
  expect(await left()).toEqual(['a', 'b'])
})

test('once it leads to the function, letters go as their events are stored', async () => {
  const store = employeesOn(database)
  deliver = (events) => store(events)
  await bury(joins('a'), joins('b'), deliveredEvent({ syncAction: 'user_add_org' }, { id: 'nobody' }))
  const { code, output } = await replay('--wait', '30')
  expect(output).toMatch(/^3 events replayed, 1 of them set aside again: see their reason\.$/m)
  expect(code).toBe(0)
  expect(await left()).toEqual(['nobody'])
  expect(await db.query('SELECT reason FROM dead_letters')).toEqual([
    { reason: 'the event names no userId that can be read' },
  ])
})

test('a letter that is no JSON, and one that EventBridge refuses, hold up no other, and the database is not blamed', async () => {
  const store = employeesOn(database)
  deliver = (events) => store(events)
  await bury('not JSON', joins('a'), joins('large'), '{"id":"no source"}', joins('b'))
  const rows = await db.query("SELECT id FROM dead_letters WHERE source = 'unknown'")
  const { output } = await replay('--wait', '30')
  for (const row of rows) {
    expect(output).toContain(`Row ${row['id']} of dead_letters holds no CloudEvent, so it cannot be published.`)
  }
  expect(output).toMatch(/^large was refused: EventSizeExceed$/m)
  expect(output).toMatch(/^2 events replayed\.$/m)
  expect(output).not.toContain('The database refused')
  expect(await left()).toEqual(['x', 'large', 'x'])
})

test.each(['soon', '-1', '1.5'])('--wait %s is refused', async (seconds) => {
  expect(await replay(`--wait=${seconds}`)).toMatchObject({
    code: 1,
    output: expect.stringContaining('--wait takes a whole number of seconds.'),
  })
})

test('a roster that the brake has stopped is let through up to a number, and its letter goes once all are marked', async () => {
  const store = employeesOn(database)
  const people = Array.from({ length: 8 }, (_, n) =>
    snapshotEvent({ userId: `u${n}`, EventTime: 1e12 }, { id: `${n}` }),
  )
  await store([...people, rosterEvent({ ids: [], EventTime: 1e12 + 1 }, { id: 'r' })])
  expect(await left()).toEqual(['r'])
  const gone = () => db.query('SELECT userId FROM user_info WHERE leftAt IS NOT NULL')

  // the function has not dealt with it yet
  expect((await replay('--allow-leavers', '8')).output).toMatch(/^r is published, not stored yet$/m)
  deliver = (events) => store(events)
  expect((await replay('--wait', '30')).output).toMatch(/1 of them set aside again/)
  expect((await replay('--wait', '30', '--allow-leavers', '7')).output).toMatch(/1 of them set aside again/)
  expect([await gone(), await left()]).toEqual([[], ['r']])
  expect((await replay('--wait', '30', '--allow-leavers', '8')).output).toMatch(/^1 event replayed\.$/m)
  expect(await gone()).toHaveLength(8)
  expect(await left()).toEqual([])
})

test.each([
  ['--allow-leavers', '0'],
  ['--allow-leavers', 'many'],
])('%s %s is refused', async (...args) => {
  expect((await replay(...args)).output).toMatch(/^--allow-leavers takes a whole number, at least 1/m)
})
