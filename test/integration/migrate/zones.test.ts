import mysql from 'mysql2/promise'
import { withTargetDatabase } from '../../../cli/targetDatabase'
import { mysqlVariables, openConnection } from '../../../local/database/database'
import { upgradeTables } from '../../../local/database/upgradeTables'
import { type ControlledServer, controlledServer } from '../../support/controlledServer'
import { shippedMappings } from '../../support/mapping'
import { runCli } from '../../support/stackProcess'
import { ARTICLE_TABLE } from './playground'

/** A server whose own time is eight hours ahead, as RDS's in China is. */
let server: ControlledServer
let connection: mysql.Connection

beforeAll(async () => {
  server = await controlledServer()
  await server.stop()
  await server.start('--default-time-zone=+08:00')
  connection = await mysql.createConnection({ ...server.address, dateStrings: true })
})

afterAll(async () => {
  await connection.end()
  await server.remove()
})

async function dropTables(): Promise<void> {
  for (const table of ['user_info', 'user_info_before', 'dead_letters']) {
    await connection.query(`DROP TABLE IF EXISTS ${table}`)
  }
}

beforeEach(dropTables)

const inUtc = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
const HOUR = 3_600_000

test('a purge counts days from now in UTC, as the function writes times', async () => {
  await upgradeTables(server.address, shippedMappings, () => {})
  const cutoff = Date.now() - 24 * HOUR
  for (const [id, ms] of [
    ['older', cutoff - HOUR],
    ['younger', cutoff + HOUR],
  ] as const) {
    await connection.execute(
      "INSERT INTO dead_letters (digest, source, eventId, reason, event, createdAt) VALUES (?, 's', ?, 'r', '{}', ?)",
      [id, id, inUtc(ms)],
    )
    await connection.execute(
      "INSERT INTO user_info (corpId, userId, name, leftAt, columnVersions) VALUES ('', ?, 'n', ?, '')",
      [id, inUtc(ms)],
    )
  }
  const purge = ['--purge-left', '1', '--yes']
  expect(await runCli('migrate', purge, mysqlVariables(server.address))).toMatchObject({ code: 0 })
  expect((await connection.query('SELECT eventId FROM dead_letters'))[0]).toEqual([{ eventId: 'younger' }])
  expect((await connection.query('SELECT userId FROM user_info WHERE name IS NOT NULL'))[0]).toEqual([
    { userId: 'younger' },
  ])
})

test('rows of a table with another key get their times in UTC, by the printed statements as well', async () => {
  for (const way of ['--yes', '--sql']) {
    await dropTables()
    await connection.query(ARTICLE_TABLE)
    await connection.query("INSERT INTO user_info (userId) VALUES ('u')")
    const before = Date.now()
    const { code, output } = await runCli('migrate', [way], mysqlVariables(server.address))
    expect(code).toBe(0)
    const client = await mysql.createConnection({ ...server.address, multipleStatements: true })
    if (way === '--sql') await client.query(output)
    await client.end()
    const [[row]] = await connection.query<mysql.RowDataPacket[]>('SELECT createdAt FROM user_info')
    const createdAt = Date.parse(`${row?.['createdAt']}Z`)
    expect(createdAt).toBeGreaterThanOrEqual(before)
    expect(createdAt).toBeLessThanOrEqual(Date.now())
  }
})

async function zoneOf(database: mysql.Connection): Promise<unknown> {
  return (await database.query('SELECT @@session.time_zone AS zone'))[0]
}

test('a command has its session in UTC, and so has the local stack', async () => {
  jest.spyOn(console, 'log').mockImplementation(() => {})
  const variables = process.env
  process.env = { ...variables, ...mysqlVariables(server.address) }
  try {
    expect(await withTargetDatabase(zoneOf, '')).toEqual([{ zone: '+00:00' }])
  } finally {
    process.env = variables
  }
  const local = await openConnection(server.address, {})
  expect(await zoneOf(local)).toEqual([{ zone: '+00:00' }])
  await local.end()
})
