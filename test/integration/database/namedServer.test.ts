import net, { type AddressInfo } from 'node:net'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import type { DatabaseAddress } from '../../../local/database/database'
import { startDatabase } from '../../../local/database/startDatabase'
import { freePort } from '../../../shared/freePort'
import { createTestSchema, dropTestSchema, testServer } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'

const { host, port, user, password } = testServer()
const folder = temporaryFolder()

const start = (env: Record<string, string>, external = false) =>
  startDatabase({
    env: { MYSQL_HOST: host, MYSQL_PORT: String(port), MYSQL_USER: user, MYSQL_PASSWORD: password, ...env },
    external,
    dataDir: folder,
    packagesDir: folder,
    report() {},
  })

let schema: DatabaseAddress
let admin: mysql.Connection
beforeAll(async () => {
  schema = await createTestSchema()
  admin = await mysql.createConnection(schema)
  await admin.query(`CREATE USER ${schema.database} IDENTIFIED BY 'its-password'`)
  await admin.query(`GRANT SELECT ON ${schema.database}.* TO ${schema.database}`)
})
afterAll(async () => {
  await admin.query(`DROP USER ${schema.database}`)
  await admin.end()
  await dropTestSchema(schema)
})

test("is used as it is, and never stopped: it is the user's", async () => {
  await admin.query('CREATE TABLE theirs (id INT)')
  const database = await start({ MYSQL_DATABASE: schema.database })
  expect(database).toMatchObject({ host, port, user, password, database: schema.database })
  expect(database.description).toMatch(
    new RegExp(`^(MariaDB|MySQL) \\d+\\.\\d+\\.\\d+ at ${host}:${port} \\(yours\\)$`),
  )
  await database.stop()
  await database.stop()
  expect((await admin.query('SHOW TABLES'))[0]).toHaveLength(1)
})

test('gets the database that is missing, in utf8mb4, whatever its name', async () => {
  const name = `${schema.database} \`x\` 员工`
  await start({ MYSQL_DATABASE: name })
  const [rows] = await admin.query<RowDataPacket[]>(
    'SELECT default_character_set_name AS charset FROM information_schema.schemata WHERE schema_name = ?',
    [name],
  )
  await admin.query(`DROP DATABASE ${admin.escapeId(name)}`)
  expect(rows).toEqual([{ charset: 'utf8mb4' }])
})

test('a user without the right to make databases may use one that exists', async () => {
  const login = { MYSQL_USER: schema.database, MYSQL_PASSWORD: 'its-password' }
  await expect(start({ ...login, MYSQL_DATABASE: schema.database })).resolves.toBeDefined()
})

test.each<[string, Record<string, string>, string]>([
  ['a host elsewhere', { MYSQL_HOST: 'db.example.com' }, '`npm start -- --external`'],
  ['an address elsewhere', { MYSQL_HOST: '10.0.0.1' }, '`npm start -- --external`'],
  ['no port', { MYSQL_PORT: '0' }, 'MYSQL_PORT must be 1 to 65535'],
  ['a port in words', { MYSQL_PORT: 'mysql' }, 'MYSQL_PORT must be 1 to 65535'],
  ['a wrong password', { MYSQL_PASSWORD: 'not-the-password' }, 'MYSQL_USER and MYSQL_PASSWORD'],
  ['an unknown user', { MYSQL_USER: 'nobody-there' }, 'MYSQL_USER and MYSQL_PASSWORD'],
])('%s is refused with what to look at', async (_, env, hint) => {
  const error = await start(env).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'UserError', message: expect.stringContaining(hint) })
  expect(String(error)).not.toContain(env['MYSQL_PASSWORD'] ?? password)
  expect(String(error)).not.toContain('\n')
})

test('a password with a line break at its end is refused by its name alone', async () => {
  await expect(start({ MYSQL_PASSWORD: `${password}planted\n` })).rejects.toThrow(
    /^MYSQL_PASSWORD: has a blank or a line break at its end$/,
  )
})

test('a database that is missing, and that the user may not make, is named by its variable', async () => {
  const login = { MYSQL_USER: schema.database, MYSQL_PASSWORD: 'its-password', MYSQL_DATABASE: `${schema.database}_x` }
  await expect(start(login)).rejects.toThrow(
    /^The database server at \S+ has no database MYSQL_DATABASE that MYSQL_USER/,
  )
})

test('a port where nobody listens', async () => {
  await expect(start({ MYSQL_PORT: String(await freePort()) })).rejects.toThrow(
    /does not answer \(ECONNREFUSED\)\. .* MYSQL_HOST and MYSQL_PORT/,
  )
})

test('a port where someone listens and says nothing', async () => {
  const silent = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const silentPort = (silent.address() as AddressInfo).port
  await expect(start({ MYSQL_PORT: String(silentPort) })).rejects.toThrow(/does not answer \(ETIMEDOUT\)/)
  silent.close()
})

describe('with --external', () => {
  /** leads to this machine, and is yet no loopback address */
  const elsewhere = { MYSQL_HOST: '0.0.0.0' }

  test('a server that offers no TLS is refused', async () => {
    await expect(start({ ...elsewhere, MYSQL_DATABASE: schema.database }, true)).rejects.toThrow(/offers no TLS/)
  })

  test('and used all the same with MYSQL_SSL=off', async () => {
    const env = { ...elsewhere, MYSQL_SSL: 'off', MYSQL_DATABASE: schema.database }
    await expect(start(env, true)).resolves.toMatchObject({ host: '0.0.0.0' })
  })

  test('a CA file that cannot be read is named by its variable', async () => {
    await expect(start({ ...elsewhere, MYSQL_SSL: '/nowhere/ca.pem' }, true)).rejects.toThrow(/^MYSQL_SSL must be/)
  })

  test('a host that does not exist is told', async () => {
    await expect(start({ MYSQL_HOST: 'localhost.invalid' }, true)).rejects.toThrow(/\((ENOTFOUND|EAI_AGAIN)\)/)
  })
})

test('MYSQL_PORT alone names the server on this machine', async () => {
  const env = { MYSQL_PORT: String(port), MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_DATABASE: schema.database }
  const database = await startDatabase({ env, external: false, dataDir: folder, packagesDir: folder, report() {} })
  expect(database).toMatchObject({ host: '127.0.0.1', port })
})
