import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { parseExact } from '../../../shared/json'
import { createTableStatements } from '../../../shared/mapping/tables'
import { seededRandom } from '../../../shared/seededRandom'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { keptLog } from '../../support/logs'
import { shippedMappings } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { modelRun } from '../../support/modelRun'
import { CORP, type Life, organisationLife } from '../../support/organisationLife'
import { readRows, rowsOf } from '../../support/walkedRows'

// Hires, moves, renames, leaves, rejoins, departments that are made, moved and removed, callbacks that are dropped, doubled
// or late, and walks in between, which the organisation does not wait for. After every step: a row says of somebody who is in
// the organisation that they have left only with a time before they came, and only until the first event that says
// they are there has arrived. After the last walk the tables equal the organisation.

const { events: EVENTS, seed: SEED } = modelRun({ events: 240, seed: 1 })
const EVENTS_A_ROUND = 60

const TABLES = [
  {
    kind: 'user',
    table: 'user_info',
    id: 'userId',
    left: 'leftAt',
    here: ['user_add_org', 'user_active_org', 'user_snapshot'],
  },
  {
    kind: 'department',
    table: 'departments',
    id: 'deptId',
    left: 'removedAt',
    here: ['org_dept_create', 'dept_snapshot'],
  },
] as const
/** Nothing is braked, so that a roster may do all the harm it can. */
const ALL = { count: 100_000, percent: 100 }

let schema: DatabaseAddress
let observer: Connection
let instance: OpenedDatabase

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  observer = await mysql.createConnection({
    ...{ host, port, user, password, database, dateStrings: true, timezone: 'Z' },
    ...{ supportBigNumbers: true, bigNumberStrings: true, charset: 'utf8mb4' },
  })
  for (const statement of createTableStatements(...shippedMappings)) await observer.query(statement)
  instance = openInstanceDatabase(schema)
})

afterAll(async () => {
  await instance.close()
  await observer.end()
  await dropTestSchema(schema)
})

/** Until when each was heard to be there: by the events that were stored. */
type Heard = Map<string, number>

function hear(heard: Heard, event: Buffer): void {
  const { data } = parseExact(event.toString()) as { data: { body: Record<string, unknown> } }
  const { body } = data
  const action = String(body['syncAction'] ?? body['EventType'])
  for (const { kind, id, here } of TABLES) {
    if (!(here as readonly string[]).includes(action) || 'errcode' in body) continue
    for (const one of [body[id]].flat()) {
      const key = `${kind} ${one}`
      heard.set(key, Math.max(heard.get(key) ?? 0, Number(body['EventTime'])))
    }
  }
}

async function wronglyLeft({ hereSince }: Life, heard: Heard): Promise<object[]> {
  const wrong: object[] = []
  for (const { kind, table, id, left } of TABLES) {
    const [rows] = await observer.query<RowDataPacket[]>(
      `SELECT ${id} AS id, ${left} AS leftAt FROM ${table} WHERE ${left} IS NOT NULL`,
    )
    for (const row of rows) {
      const since = hereSince(kind, String(row['id']))
      if (since === undefined) continue
      const leftAt = Date.parse(`${row['leftAt']}Z`)
      const heardAt = heard.get(`${kind} ${row['id']}`) ?? 0
      if (leftAt >= since || heardAt >= since) wrong.push({ kind, id: row['id'], since, leftAt, heardAt })
    }
  }
  return wrong
}

async function departmentRows() {
  const [rows] = await observer.query<RowDataPacket[]>(
    'SELECT deptId, name, parentId FROM departments WHERE removedAt IS NULL',
  )
  return Object.fromEntries(
    rows.map(({ deptId, name, parentId }) => [String(deptId), [name, parentId === null ? null : String(parentId)]]),
  )
}

test(`${EVENTS} events in the life of an organisation leave the tables as it is, and nobody is marked who is there`, async () => {
  const outcomes = { walked: 0, withheld: 0 }
  for (let round = 0; round * EVENTS_A_ROUND < EVENTS; round++) {
    const random = seededRandom(SEED * 1_000_000 + round)
    await observer.query('DELETE FROM user_info')
    await observer.query('DELETE FROM departments')
    const heard: Heard = new Map()
    const life = organisationLife({
      random,
      people: 13 + random.below(30),
      // in half of the rounds rosters alone tell of those of whom no callback does
      access: random.below(2) === 0 ? { refused: ['Contact.Common.Read'] } : {},
      async store(event, now) {
        const summary = await employeesOn(instance, shippedMappings, keptLog(), () => now, ALL)(event)
        expect(summary.deadLettered).toBe(0)
        hear(heard, event)
      },
      async watch(now) {
        expect({ seed: SEED, round, wrong: await wronglyLeft(now, heard) }).toEqual({ seed: SEED, round, wrong: [] })
      },
    })
    const walk = async (busy: number) => {
      const { outcome } = await life.walk(busy)
      outcomes[outcome]++
      return outcome
    }

    await walk(random.of([0, 5, 20]))
    for (let told = 0; told < EVENTS_A_ROUND; told++) {
      await life.act()
      await life.pass(random.below(30 * 60_000))
      if (random.below(12) === 0) await walk(random.of([0, 2, 5, 20, 50]))
      if (random.below(12) === 0) await life.publishFailed()
    }
    expect({ round, outcome: await walk(0) }).toEqual({ round, outcome: 'walked' })
    await life.end()

    const { people, departments } = life.organisation
    const [rows, expected] = [await readRows(observer, 'leftAt IS NULL'), rowsOf(people.values(), CORP)]
    // what DingTalk leaves out says nothing: whoever is back without a title keeps the one they had
    for (const { userid, title, jobNumber, hiredAt } of people.values()) {
      for (const [column, value] of Object.entries({ title, jobNumber, hiredDate: hiredAt })) {
        if (value === undefined && rows[userid] !== undefined) rows[userid][column] = null
      }
    }
    expect({ seed: SEED, round, rows }).toEqual({ seed: SEED, round, rows: expected })
    expect({ seed: SEED, round, rows: await departmentRows() }).toEqual({
      seed: SEED,
      round,
      rows: Object.fromEntries([...departments].map(([id, { name, parentId }]) => [id, [name, parentId ?? null]])),
    })
    for (const row of Object.values(await readRows(observer, 'leftAt IS NOT NULL'))) {
      expect([row['userId'], row['active'], row['isAdmin']]).toEqual([row['userId'], 'false', 'false'])
    }
  }
  // walks that the changes under way had all held up would prove nothing
  expect(outcomes.walked).toBeGreaterThan(outcomes.withheld)
}, 3_600_000)
