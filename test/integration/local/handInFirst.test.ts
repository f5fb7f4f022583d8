import mysql from 'mysql2/promise'
import type { DatabaseAddress } from '../../../local/database/database'
import { handInFirst } from '../../../local/stack/localDingTalk'
import { readMappings } from '../../../shared/mapping/readMappings'
import { createTableStatements, quote } from '../../../shared/mapping/tables'
import { readExample } from '../../support/examples'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

const mappings = readMappings(readExample('approvals.mapping.yaml'), 'approvals.mapping.yaml')
let schema: DatabaseAddress
let connection: mysql.Connection

beforeEach(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  connection = await mysql.createConnection({ host, port, user, password, database })
  for (const statement of mappings.flatMap((mapping) => createTableStatements(mapping)))
    await connection.query(statement)
})

afterEach(async () => {
  await connection.end()
  await dropTestSchema(schema)
})

test.each<[string, string[], number]>([
  ['nothing', [], 1],
  ['approvals of another organisation, as the example is', ['dinganother'], 1],
  ['approvals of this one', ['dingcorp'], 0],
  ['approvals of both', ['dinganother', 'dingcorp'], 0],
])('where the table has %s', async (_, corporations, times) => {
  for (const corpId of corporations)
    await connection.query(
      `INSERT INTO ${quote('approvals')} (corpId, processInstanceId, columnVersions) VALUES (?, 'p1', '')`,
      [corpId],
    )
  const handInApprovals = jest.fn(() => 60)
  const lines: string[] = []
  const dingtalk = { handInApprovals, variables: { DINGTALK_CORP_ID: 'dingcorp' } }
  await handInFirst(dingtalk, schema, mappings, (line) => lines.push(line))
  expect(handInApprovals).toHaveBeenCalledTimes(times)
  expect(lines).toHaveLength(times)
})
