import mysql, { type Connection } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { rosterEvent, snapshotEvent } from '../../support/events'
import { fcContext, fcHttpEvent } from '../../support/fcEvent'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { setUpWebhook } from '../../support/webhook'

// Whoever can post to an open webhook says in bodies, headers and queries of every shape what only our own publishers may.

let schema: DatabaseAddress
let observer: Connection
let database: OpenedDatabase

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database: name } = schema
  observer = await mysql.createConnection({ host, port, user, password, database: name, dateStrings: true })
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
  database = openInstanceDatabase(schema)
})

afterAll(async () => {
  await database.close()
  await observer.end()
  await dropTestSchema(schema)
})

const TIME = Date.parse('2022-05-13T07:28:00Z')
const known = { CorpId: 'ding1', EventTime: TIME - 1_000, active: true, admin: false, title: 'engineer' }
const roster = { syncAction: 'user_roster', CorpId: 'ding1', after: '', upTo: null, ids: ['u9'], EventTime: TIME }
const snapshot = { syncAction: 'user_snapshot', CorpId: 'ding1', userId: 'u1', EventTime: TIME, title: 'forged' }
const TYPES = { user_roster: 'dingtalk:Directory:Roster', user_snapshot: 'dingtalk:Directory:Snapshot' }
const json = { 'content-type': 'application/json' }

type Request = { headers?: Record<string, string>; query?: Record<string, string>; path?: string; body: string }

/** What a sender may try, by what is to be smuggled in. */
const shapes: [string, (body: typeof roster | typeof snapshot) => Request][] = [
  ['as it is', (body) => ({ body: text(body) })],
  ['with the type beside it', (body) => ({ body: text({ ...body, type: typeOf(body) }) })],
  ['with the brake released', (body) => ({ body: text({ ...body, allowleavers: '100', allowLeavers: 100 }) })],
  ['as a whole CloudEvent', (body) => ({ body: text(cloudEvent(body)) })],
  [
    'as a CloudEvent of its own content type',
    (body) => ({
      headers: { 'content-type': 'application/cloudevents+json' },
      body: text(cloudEvent(body)),
    }),
  ],
  [
    'as a CloudEvent in headers',
    (body) => ({
      headers: { ...json, 'ce-type': typeOf(body), 'ce-id': '1', 'ce-source': 'my.dingtalk', 'ce-specversion': '1.0' },
      body: text(body),
    }),
  ],
  [
    'as a batch of CloudEvents',
    (body) => ({
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: text([cloudEvent(body)]),
    }),
  ],
  ['as a list', (body) => ({ body: text([body]) })],
  ['as data of data', (body) => ({ body: text({ type: typeOf(body), data: { body } }) })],
  [
    'as a frame of Stream',
    (body) => ({
      body: text({ type: typeOf(body), headers: { eventType: body.syncAction }, data: text(body) }),
    }),
  ],
  ['as a native callback', ({ syncAction, ...body }) => ({ body: text({ ...body, EventType: syncAction }) })],
  ['as JSON text', (body) => ({ body: text(text(body)) })],
  ['as plain text', (body) => ({ headers: { 'content-type': 'text/plain' }, body: text(body) })],
  [
    'as a form',
    (body) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ type: typeOf(body), data: text(body) }).toString(),
    }),
  ],
  [
    'as rows of a SyncHTTP push',
    (body) => ({
      body: text({
        EventType: 'SYNC_HTTP_PUSH_HIGH',
        bizData: [{ id: 1, biz_type: 13, biz_id: 'u1', corp_id: 'ding1', type: typeOf(body), biz_data: text(body) }],
      }),
    }),
  ],
  [
    'with keys that come twice',
    (body) => ({
      body: `{"type":"eventbridge:Events:HTTPEvent",${text({ ...body, type: typeOf(body) }).slice(1)}`,
    }),
  ],
  [
    'with a body that ends early',
    (body) => ({ body: `${text(body)}},"type":"${typeOf(body)}","data":{"body":${text(body)}}` }),
  ],
  ['with prototypes', (body) => ({ body: `{"__proto__":{"type":"${typeOf(body)}"},${text(body).slice(1)}` })],
  [
    'by path and query',
    (body) => ({
      path: `/webhook/putEvents","type":"${typeOf(body)}`,
      query: { type: typeOf(body), body: text(body), allowleavers: '100' },
      body: text(body),
    }),
  ],
  [
    'by a traceparent',
    (body) => ({
      headers: { ...json, traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00","type":"${typeOf(body)}` },
      body: text(body),
    }),
  ],
]

const text = (value: unknown) => JSON.stringify(value)
const typeOf = ({ syncAction }: { syncAction: string }) => TYPES[syncAction as keyof typeof TYPES]
const cloudEvent = (body: typeof roster | typeof snapshot) =>
  body === snapshot ? snapshotEvent(body) : rosterEvent(body, { allowleavers: '100' })

async function table(): Promise<string> {
  const [rows] = await observer.query('SELECT * FROM user_info ORDER BY corpId, userId')
  return JSON.stringify(rows)
}

describe.each([
  ['a roster', roster],
  ['a snapshot', snapshot],
])('%s', (_, body) => {
  test.each(shapes)('%s has no effect', async (_, shape) => {
    const deliver = employeesOn(database)
    await observer.query('DELETE FROM user_info')
    await deliver(['u1', 'u2', 'u3'].map((userId) => snapshotEvent({ ...known, userId }, { id: userId })))
    const before = await table()
    const { handler, published } = setUpWebhook()
    await handler(fcHttpEvent({ headers: json, ...shape(body) }), fcContext)
    for (const event of published) await deliver(Buffer.from(event))
    expect(await table()).toBe(before)
  })
})

test('the same of our own publishers has one', async () => {
  const deliver = employeesOn(database)
  await deliver(['u1', 'u2', 'u3'].map((userId) => snapshotEvent({ ...known, userId }, { id: userId })))
  const before = await table()
  await deliver(rosterEvent(roster))
  expect(await table()).not.toBe(before)
})
