import fs from 'node:fs'
import path from 'node:path'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { seedBody } from '../../fixtures/seedBody'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { APPENDED, examplesThatEnd } from '../../support/examples'
import { readMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

const folder = path.join(__dirname, '../../../examples')
/** Those that stand in mapping.yaml's place; of those that are appended to it `appended.test.ts` has all. */
const files = examplesThatEnd('.mapping.yaml').filter((file) => !APPENDED.some((name) => file.startsWith(`${name}.`)))

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

/** The table that an example makes of these events, delivered one by one. */
async function tableOf(file: string, events: unknown[], columns: string): Promise<RowDataPacket[]> {
  const mapping = readMapping(fs.readFileSync(path.join(folder, file), 'utf8'), file)
  for (const statement of createTableStatements(mapping)) await observer.query(statement)
  for (const event of events) await employeesOn(functionDatabase, mapping)(event)
  const [rows] = await observer.query<RowDataPacket[]>(`SELECT ${columns} FROM ${mapping.table}`)
  return rows
}

const at = (second: number, body: object) =>
  deliveredEvent(body, { id: `e${second}`, time: `2026-01-01T00:00:0${second}+08:00` })

const cases: Record<string, () => Promise<void>> = {
  'five-columns.mapping.yaml': async () => {
    const events = [
      at(1, JSON.parse(seedBody)),
      at(2, { EventType: 'org_admin_add', userId: ['141146379001246379'] }),
      at(3, { syncAction: 'user_leave_org', userId: '2' }),
    ]
    expect(await tableOf('five-columns.mapping.yaml', events, 'dingId, active, isAdmin, userId, name')).toEqual([
      {
        dingId: '$:LWCP_v1:$5RUxxxxQhPpK4A==',
        active: 'true',
        isAdmin: 'true',
        userId: '141146379001246379',
        name: '小明',
      },
      { dingId: null, active: 'false', isAdmin: 'false', userId: '2', name: null },
    ])
  },
}

test.each(files)('the example %s', async (file) => {
  const run = cases[file]
  if (run === undefined) throw new Error(`${file} has no test here`)
  await run()
})

test('every example is run', () => {
  expect(files.sort()).toEqual(Object.keys(cases).sort())
})
