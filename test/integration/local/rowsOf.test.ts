import mysql from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { createRowsOf } from '../../../local/database/rowsOf'
import { freePort } from '../../../shared/freePort'
import { createTableStatements } from '../../../shared/mapping/tables'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

let schema: DatabaseAddress
let functionDatabase: OpenedDatabase

beforeEach(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  const connection = await mysql.createConnection({ host, port, user, password, database })
  for (const statement of createTableStatements(shippedMapping)) await connection.query(statement)
  await connection.end()
  functionDatabase = openInstanceDatabase(schema)
})

afterEach(async () => {
  await functionDatabase.close()
  await dropTestSchema(schema)
})

const rowsOf = (event: object) => createRowsOf(schema, [shippedMapping], {})(JSON.stringify(event))
const store = (event: object) => employeesOn(functionDatabase)(event)

/** The columns that an event has set, row by row. */
async function setBy(event: object): Promise<string[][]> {
  const [found] = await rowsOf(event)
  return (found?.rows ?? []).map(({ columns }) => columns.flatMap(({ name, setByThis }) => (setByThis ? [name] : [])))
}

const joined = deliveredEvent(
  { syncAction: 'user_add_org', userId: '42', name: '小明', active: true, department: [1, 2] },
  { id: 'joined', time: '2026-01-01T00:00:01Z' },
)
const renamed = deliveredEvent(
  { syncAction: 'user_modify_org', userId: '42', name: '小红' },
  { id: 'renamed', time: '2026-01-01T00:00:02Z' },
)

test('the row has its key, its columns as they are mapped, and when it was made and changed', async () => {
  await store(joined)
  const [found] = await rowsOf(joined)
  const values = Object.fromEntries(found?.rows[0]?.columns.map(({ name, value }) => [name, value]) ?? [])
  expect(found?.table).toBe('user_info')
  expect(Object.keys(values)).toEqual([
    ...['corpId', 'userId'],
    ...shippedMapping.columns.map(({ name }) => name),
    ...['createdAt', 'updatedAt'],
  ])
  expect(values).toMatchObject({
    ...{ corpId: '', userId: '42', name: '小明', active: 'true', department: [1, 2], dingId: null, leftAt: null },
    ...{ lastEventId: 'joined', lastEventTime: '2026-01-01T00:00:01Z' },
  })
})

test('each event knows the columns that it has set, until a later one sets them', async () => {
  await store(joined)
  const ofAny = ['lastAction', 'lastEventId', 'lastEventTime', 'syncState']
  expect(await setBy(joined)).toEqual([['active', 'name', 'department', 'leftAt', ...ofAny, 'joinedAt']])
  await store(renamed)
  expect(await setBy(renamed)).toEqual([['name', ...ofAny]])
  expect(await setBy(joined)).toEqual([['active', 'department', 'leftAt', 'joinedAt']])

  const columns = (await rowsOf(renamed))[0]?.rows[0]?.columns
  const setAt = (name: string) => columns?.find((column) => column.name === name)?.setAt
  expect(setAt('name')).toBe(Date.parse('2026-01-01T00:00:02Z'))
  expect(setAt('active')).toBe(Date.parse('2026-01-01T00:00:01Z'))
  expect(setAt('title')).toBeUndefined()
})

test.each<[string, object, string[]]>([
  ['several employees', { EventType: 'user_leave_org', CorpId: 'c', userId: ['1', '2', '3'] }, ['1', '2', '3']],
  ['a user id that is a number', { syncAction: 'user_add_org', corpId: 'c', userId: 141146379001 }, ['141146379001']],
  ['somebody of another corporation', { syncAction: 'user_add_org', corpId: 'other', userId: '1' }, []],
  ['somebody who is unknown', { syncAction: 'user_add_org', corpId: 'c', userId: 'nobody' }, []],
])('an event that names %s', async (_, body, userIds) => {
  const userId = ['1', '2', '3', '141146379001']
  await store(deliveredEvent({ EventType: 'user_add_org', CorpId: 'c', userId }, { id: 'all' }))
  const [found] = await rowsOf(deliveredEvent(body))
  const ids = found?.rows.map(({ columns }) => columns.find(({ name }) => name === 'userId')?.value)
  expect(ids?.sort()).toEqual(userIds)
})

test('an event that names nobody has no row', async () => {
  for (const body of [{ EventType: 'org_dept_create', deptId: [1] }, 'text', null]) {
    expect(await rowsOf(deliveredEvent(body))).toEqual([])
  }
})

test('where an event names no corporation, what the function has been told stands in', async () => {
  await store(deliveredEvent({ syncAction: 'user_add_org', corpId: 'ours', userId: '1' }))
  const json = JSON.stringify(deliveredEvent({ syncAction: 'user_add_org', userId: '1' }))
  const find = createRowsOf(schema, [shippedMapping], { DINGTALK_CORP_ID: 'ours' })
  expect((await find(json))[0]?.rows).toHaveLength(1)
})

test('an event that can never be stored says why', async () => {
  const event = deliveredEvent({ syncAction: 'user_add_org', name: '小明' }, { id: 'never' })
  await store(event)
  expect(await rowsOf(event)).toEqual([
    { table: 'user_info', rows: [], deadLetter: 'the event names no userId that can be read' },
  ])
})

test('a database that is down is an error with its code', async () => {
  const down = createRowsOf({ ...schema, host: '127.0.0.1', port: await freePort() }, [shippedMapping], {})
  await expect(down(JSON.stringify(joined))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
