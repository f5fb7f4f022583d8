import fc from 'fast-check'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

let schema: DatabaseAddress
let observer: Connection
let databases: OpenedDatabase[]

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  observer = await mysql.createConnection({ host, port, user, password, database, dateStrings: true })
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
  databases = Array.from({ length: 3 }, () => openInstanceDatabase(schema))
})

afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()))
  await observer.end()
  await dropTestSchema(schema)
})

type Event = Record<string, unknown>

/** Some fields of a person, as events carry them: some absent, some null, some cleared. */
const fields = fc.record(
  {
    name: fc.constantFrom('小明', '小红', 'O’Brien'),
    active: fc.boolean(),
    isAdmin: fc.boolean(),
    position: fc.constantFrom('engineer', '', null),
    department: fc.constantFrom([1], [2, 3], null),
    dingId: fc.constantFrom('$:LWCP_v1:$a==', '$:LWCP_v1:$b=='),
  },
  { requiredKeys: [] },
)
const action = fc.constantFrom(
  'user_add_org',
  'user_modify_org',
  'user_active_org',
  'user_dept_change',
  'user_role_change',
  'org_admin_add',
  'org_admin_remove',
  'user_leave_org',
)
/** Few users and few moments, so that events meet each other and happen at the same time. */
const history: fc.Arbitrary<Event[]> = fc
  .array(
    fc.record({
      action,
      fields,
      user: fc.constantFrom('u1', 'u2', 'U1'),
      moment: fc.integer({ min: 0, max: 4 }),
      errcode: fc.constantFrom(0, 0, 0, 50_002),
    }),
    {
      minLength: 2,
      maxLength: 7,
    },
  )
  .map((events) =>
    events.map(({ action: syncAction, fields: carried, user: userId, moment, errcode }, index) =>
      deliveredEvent(
        { errcode, syncAction, userId, ...carried },
        { id: `event-${index}`, time: new Date(1_700_000_000_000 + moment).toISOString() },
      ),
    ),
  )

/** A way for a history to arrive: which event comes when, some twice, in deliveries of one or several. */
interface Arrival {
  order: number[]
  again: number[]
  cuts: boolean[]
}
const arrival: fc.Arbitrary<Arrival> = fc.record({
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7, maxLength: 7 }),
  again: fc.array(fc.nat(6), { maxLength: 4 }),
  cuts: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
})

function deliveries(events: readonly Event[], { order, again, cuts }: Arrival): Event[][] {
  const arriving = [...order, ...again].map((index) => events[index]).filter((event) => event !== undefined)
  const batches: Event[][] = [[]]
  arriving.forEach((event, index) => {
    batches.at(-1)?.push(event)
    if (cuts[index]) batches.push([])
  })
  return batches.filter((batch) => batch.length > 0)
}

async function tableAfter(work: () => Promise<unknown>): Promise<RowDataPacket[]> {
  await observer.query('DELETE FROM user_info')
  await work()
  const names = [...shippedMapping.key, ...shippedMapping.columns].map(({ name }) => `\`${name}\``)
  const [rows] = await observer.query<RowDataPacket[]>(
    `SELECT ${names.join(', ')}, HEX(columnVersions) AS versions FROM user_info ORDER BY userId`,
  )
  return rows
}

test('every order of a history, with repetitions, in any batches, from one instance or several at once, ends in the same table', async () => {
  const [one, ...others] = databases.map((database) => employeesOn(database))
  if (one === undefined) throw new Error('no instance')
  await fc.assert(
    fc.asyncProperty(history, arrival, arrival, async (events, first, second) => {
      const expected = await tableAfter(async () => {
        for (const event of events) await one(event)
      })
      const inBatches = await tableAfter(async () => {
        for (const batch of deliveries(events, first)) await one(batch)
      })
      expect(inBatches).toEqual(expected)
      const atOnce = await tableAfter(() =>
        Promise.all(
          [one, ...others].map(async (instance, turn) => {
            for (const batch of deliveries(events, turn === 0 ? first : second)) await instance(batch)
          }),
        ),
      )
      expect(atOnce).toEqual(expected)
    }),
    { numRuns: 150 },
  )
})
