import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { seedBody } from '../../fixtures/seedBody'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent, rosterEvent, snapshotEvent } from '../../support/events'
import { shippedMappings } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

let schema: DatabaseAddress
let observer: Connection
let functionDatabase: OpenedDatabase

beforeEach(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  observer = await mysql.createConnection({ host, port, user, password, database, dateStrings: true })
  functionDatabase = openInstanceDatabase(schema)
})

afterEach(async () => {
  await functionDatabase.close()
  await observer.end()
  await dropTestSchema(schema)
})

/** The table that the shipped mapping.yaml makes of these events, delivered one by one. */
async function departmentsOf(events: unknown[], columns: string): Promise<RowDataPacket[]> {
  for (const statement of createTableStatements(...shippedMappings)) await observer.query(statement)
  for (const event of events) await employeesOn(functionDatabase, shippedMappings)(event)
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM departments`)
  return rows
}

const at = (second: number, body: object) =>
  deliveredEvent(body, { id: `e${second}`, time: `2026-01-01T00:00:0${second}+08:00` })

test('departments are of native events and of SyncHTTP pushes; an employee is none', async () => {
  const row = { errcode: 0, corp_id: 'ding1', biz_id: '433885002', biz_type: 14, gmt_modified: 1_700_000_000_000 }
  const created = {
    syncAction: 'org_dept_create',
    id: 433_885_002,
    parentid: 1,
    name: "f'f'f",
    order: 43_388_775_002,
    deptHiding: false,
  }
  const events = [
    at(2, { EventType: 'org_dept_remove', CorpId: 'ding1', deptId: [5, 6], timeStamp: '1767196800000' }),
    at(1, { ...created, ...row }),
    at(3, JSON.parse(seedBody)),
  ]
  const columns = 'corpId, deptId, name, parentId, sortOrder, isHidden, path, source, removedAt'
  const removed = {
    corpId: 'ding1',
    name: null,
    parentId: null,
    sortOrder: null,
    isHidden: null,
    path: null,
    source: 'dingtalk',
  }
  expect(await departmentsOf(events, columns)).toEqual([
    { ...removed, deptId: 5, removedAt: '2025-12-31 16:00:00.000' },
    { ...removed, deptId: 6, removedAt: '2025-12-31 16:00:00.000' },
    {
      corpId: 'ding1',
      deptId: 433_885_002,
      name: "f'f'f",
      parentId: 1,
      sortOrder: 43_388_775_002,
      isHidden: 0,
      path: '1/433885002',
      source: 'dingtalk',
      removedAt: null,
    },
  ])
})

const department = { id: 610_000_447, parentid: 1, name: '平台组', order: 12_345, deptHiding: false, errcode: 0 }
const born = 1_700_000_000_000

test('departments as department/get and listsub tell of them, and a roster of all', async () => {
  const told = { CorpId: 'ding1', EventTime: born, syncAction: 'dept_snapshot' }
  const root = { dept_id: 1, name: '示例公司', auto_add_user: true }
  const events = [
    snapshotEvent({ ...told, deptId: 1, ...root }, { id: 'd1' }),
    snapshotEvent(
      { ...told, deptId: 610_000_447, dept_id: 610_000_447, name: '平台组', parent_id: 1, order: 5, hide_dept: false },
      { id: 'd2' },
    ),
    snapshotEvent({ ...told, deptId: 610_000_448, name: '财务', parent_id: 1 }, { id: 'd3' }),
    rosterEvent({ ...told, syncAction: 'dept_roster', EventTime: born + 1, ids: [1, '610000447'] }, { id: 'r' }),
  ]
  const columns = 'deptId, name, parentId, sortOrder, isHidden, removedAt'
  const unknown = { parentId: null, sortOrder: null, isHidden: null, removedAt: null }
  expect(await departmentsOf(events, columns)).toEqual([
    { ...unknown, deptId: 1, name: '示例公司' },
    { ...unknown, deptId: 610_000_447, name: '平台组', parentId: 1, sortOrder: 5, isHidden: 0 },
    { ...unknown, deptId: 610_000_448, name: '财务', parentId: 1, removedAt: '2023-11-14 22:13:20.001' },
  ])
})

test.each<[string, object]>([
  ['native', { EventType: 'org_dept_remove', EventTime: born, CorpId: 'ding1', deptId: [610_000_447] }],
  [
    'native, as it was',
    { EventType: 'org_dept_remove', TimeStamp: String(born), CorpId: 'ding1', DeptId: [610_000_447] },
  ],
  ['SyncHTTP', { syncAction: 'org_dept_remove', corp_id: 'ding1', biz_id: '610000447', gmt_modified: born }],
  [
    'Stream',
    { eventType: 'org_dept_remove', eventCorpId: 'ding1', eventBornTime: born, data: { deptId: [610_000_447] } },
  ],
  [
    'a third-party app’s Stream',
    {
      eventType: 'org_dept_remove',
      eventCorpId: 'ding1',
      eventBornTime: born,
      data: { ...department, errcode: '50004' },
    },
  ],
  [
    'user/get’s spelling',
    { eventType: 'org_dept_remove', eventCorpId: 'ding1', eventBornTime: born, data: { dept_id: 610_000_447 } },
  ],
  [
    'a Stream frame',
    {
      headers: { eventType: 'org_dept_remove', eventCorpId: 'ding1', eventBornTime: String(born) },
      data: '{"deptId":[610000447]}',
    },
  ],
])('a department that is removed, told in the form %s', async (_, body) => {
  const created = { syncAction: 'org_dept_create', ...department, corp_id: 'ding1', gmt_modified: born - 1000 }
  const columns = 'corpId, deptId, name, removedAt'
  const events = [at(1, created), at(2, body)]
  expect(await departmentsOf(events, columns)).toEqual([
    { corpId: 'ding1', deptId: 610_000_447, name: '平台组', removedAt: '2023-11-14 22:13:20.000' },
  ])
})

test.each(['1.4', '1e2', '0x1', '1 '])('a department id %j is nobody else’s', async (deptId) => {
  const body = { EventType: 'org_dept_create', CorpId: 'ding1', deptId: [1] }
  const rows = await departmentsOf([at(1, body), at(2, { ...body, deptId })], 'deptId')
  expect(rows).toEqual([{ deptId: 1 }])
})
