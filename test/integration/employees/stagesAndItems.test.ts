import { tableDeadLetters } from '../../../cli/replay/fromTable'
import { createRowsOf } from '../../../local/database/rowsOf'
import { readMappings } from '../../../shared/mapping/readMappings'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { type MaintainedInstance, maintainedInstance } from '../../support/maintenance'
import { openPlayground, type Playground } from '../migrate/playground'

/** Contracts, whose events have stages and which end, and records, which come as items of a list. */
const mappings = readMappings(
  `
table: contracts
action: .EventType
subtype: .type
time: [.EventTime, $.time]
events:
  contract/drawn: {}
  contract/signed: { stage: 1 }
  contract/over: { stage: 2, ends: endedAt }
key: { id: { type: VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, from: .id } }
columns:
  party: { slot: 0, type: VARCHAR(16) NULL, from: .party, personal: true }
  endedAt: { slot: 1, type: DATETIME(3) NULL, as: time }
---
table: records
action: .EventType
time: ["@.checkTime", $.time]
each: .dataList
events: { record: {} }
key: { id: { type: VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, from: "@.bizId" } }
columns:
  userId: { slot: 0, type: VARCHAR(4) NULL, from: "@.userId" }
`,
  'mapping.yaml',
)

const AT = Date.UTC(2026, 0, 2)
const DAY_MS = 86_400_000
let db: Playground
let instance: MaintainedInstance
const log = keptLog()
let ids = 0
const event = (body: object, id = `e${++ids}`) => deliveredEvent(body, { id, time: '2026-06-01T00:00:00Z' })
const deliver = (...events: object[]) => employeesOn(instance.database, mappings, log)(events)
const contract = (type: string, EventTime: number, more: object = {}) =>
  event({ EventType: 'contract', type, id: 'c1', EventTime, ...more })
const all = async (sql: string) => (await db.query(sql)).map((row) => Object.values(row).join(' '))

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(mappings)
  instance = maintainedInstance(db.schema, { mappings, now: () => AT + 200 * DAY_MS })
})

afterEach(async () => {
  await instance.database.close()
  await db.close()
})

test('explain and the page tell the time of an event, whatever its stage', async () => {
  const signed = contract('signed', AT, { party: 'Ming' })
  await deliver(signed, contract('drawn', AT + DAY_MS, { party: 'Hong' }))
  const told = await instance.ask({ maintenance: 'explain', userId: 'c1' })
  expect(told).toMatch(/^contracts: id c1\n {2}party +Ming +2026-01-02T00:00:00\.000Z\n.*\nnot ended$/m)
  const [found] = await createRowsOf(db.schema, mappings, {})(JSON.stringify(signed))
  expect(found?.rows[0]?.columns).toContainEqual({ name: 'party', value: 'Ming', setAt: AT, setByThis: true })

  await deliver(contract('over', AT + 2 * DAY_MS))
  expect(await instance.ask({ maintenance: 'explain', userId: 'c1' })).toMatch(/^ended: 2026-01-04T00:00:00Z$/m)
})

test('what a purge has erased no event of before brings back, of whatever stage', async () => {
  await deliver(contract('signed', AT, { party: 'Ming' }), contract('over', AT + DAY_MS))
  const first = await instance.ask({ maintenance: 'purge', days: 90 })
  await instance.ask(JSON.parse(/\{.*\}$/.exec(first)?.[0] ?? ''))
  await deliver(
    contract('drawn', AT + 2 * DAY_MS, { party: 'a' }),
    contract('signed', AT + 2 * DAY_MS, { party: 'b' }),
    contract('over', AT + 2 * DAY_MS, { party: 'c' }),
  )
  expect(await all('SELECT party FROM contracts')).toEqual([''])
  expect(await instance.ask({ maintenance: 'purge', days: 90 })).toMatch(/values in party: 0\n/)
})

describe('items', () => {
  const items = [{ bizId: 1, userId: 'a' }, {}, { bizId: 2, userId: 'longer' }, { bizId: 1, userId: 'a' }]
  const list = (of: object[]) => event({ EventType: 'record', dataList: of }, 'list')

  test('a bad one is a dead letter of the event, or a value that is left out; the rest is stored', async () => {
    expect(await deliver(list(items))).toEqual({
      ...{ received: 1, stored: 0, ignored: 0, deadLettered: 1 },
      badValues: 'records.userId',
    })
    expect(await all('SELECT id, userId FROM records ORDER BY id')).toEqual(['1 a', '2 '])
    expect(await all('SELECT `table`, reason FROM dead_letters')).toEqual([
      'records the event names no id that can be read',
    ])
    // it comes again
    await deliver(list(items))
    expect(await all('SELECT COUNT(*) FROM dead_letters')).toEqual(['1'])
    // explain finds it by an id that one of its items has
    expect(await instance.ask({ maintenance: 'explain', userId: '2' })).toMatch(/list .* names no id that can be read/)
  })

  test('the page has the row of each, once', async () => {
    const [, , two, ...ones] = items
    const told = list([two ?? {}, ...ones, ...ones])
    await deliver(told)
    const found = await createRowsOf(db.schema, mappings, {})(JSON.stringify(told))
    expect(found.map(({ table, rows }) => [table, rows.length])).toEqual([['records', 2]])
  })

  test('a letter is done when all of them are there', async () => {
    await deliver(list([{}, { bizId: 3, userId: 'a' }]))
    const mended = list([
      { bizId: 3, userId: 'a' },
      { bizId: 4, userId: 'b' },
    ])
    await db.connection.execute('UPDATE dead_letters SET event = ?', [JSON.stringify(mended)])
    const options = { mappings, eventId: undefined, defaults: { DINGTALK_CORP_ID: '' }, now: Date.now() }
    const [letter] = (await tableDeadLetters(db.connection, options)).letters
    await letter?.begin()
    expect(await letter?.fate()).toBeUndefined()
    await deliver(mended)
    expect(await letter?.fate()).toBe('done')
  })

  test('an event whose list is empty is of no table; one without it is a dead letter', async () => {
    expect(await deliver(list([]))).toMatchObject({ ignored: 1, deadLettered: 0 })
    expect(await deliver(event({ EventType: 'record' }))).toMatchObject({ ignored: 0, deadLettered: 1 })
  })
})
