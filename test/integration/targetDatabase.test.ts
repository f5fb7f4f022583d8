import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { unreadDotEnv, withTargetDatabase } from '../../cli/targetDatabase'
import { mysqlVariables } from '../../local/database/database'
import { writeEnvFile } from '../../shared/envFile'
import { runCli } from '../support/stackProcess'
import { QUICK_TIMERS } from '../support/startProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { openPlayground, type Playground } from './migrate/playground'

const ownEventBridge = {
  EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
}
const nowhere = temporaryFolder()
const killed = temporaryFolder()
let db: Playground

beforeAll(async () => {
  db = await openPlayground()
})

afterAll(() => db.close())

const COMMANDS: [string, string[]][] = [
  ['explain', ['0042']],
  ['replay', ['--dead-letters']],
  ['migrate', ['--purge-left', '90']],
]
const run = (command: string, args: string[], more = {}) =>
  runCli(command, args, { ...mysqlVariables(db.schema), ...ownEventBridge, ...more })

test.each(COMMANDS)('%s: a database that is not there is told in one line', async (command, args) => {
  const { code, output } = await run(command, args, { MYSQL_PORT: '1' })
  expect(code).toBe(1)
  expect(output).toMatch(
    /^-- test_\w+ at 127\.0\.0\.1:1\nThe database server at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)\. .*\n$/m,
  )
})

test('a login that is refused: which variables to look at, and no password', async () => {
  const { code, output } = await run('explain', ['0042'], { MYSQL_PASSWORD: 'not-the-password' })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/refuses the login\. Look at MYSQL_USER and MYSQL_PASSWORD\.\n$/),
  ])
  expect(output).not.toContain('not-the-password')
})

test('a password with a line break at its end is told before the server is asked', async () => {
  const { code, output } = await run('explain', ['0042'], { MYSQL_PASSWORD: 'not-the-password\n' })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/^MYSQL_PASSWORD: has a blank or a line break at its end$/m),
  ])
  expect(output).not.toContain('not-the-password')
})

test('a database that is not on the server', async () => {
  const { code, output } = await run('explain', ['0042'], { MYSQL_DATABASE: 'nowhere' })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/has no database MYSQL_DATABASE that MYSQL_USER may use\. .*\n$/),
  ])
})

test("the database of a local stack that was killed: the stack's to start again", async () => {
  writeEnvFile(path.join(killed, 'env'), { ...mysqlVariables(db.schema), MYSQL_PORT: '1' })
  const { code, output } = await runCli('explain', ['0042'], { LOCAL_DIR: killed })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/The local stack's database does not answer \(ECONNREFUSED\)\. Restart npm start\.\n$/),
  ])
})

test('a server that takes the connection and says nothing: it is said that the command waits', async () => {
  const silent = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as AddressInfo
  const { code, output } = await run('explain', ['0042'], { MYSQL_PORT: String(port), ...QUICK_TIMERS })
  silent.close()
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(
      /\nwaiting for the database …\nThe database server at \S+ does not answer \(ETIMEDOUT\)\. .*\n$/,
    ),
  ])
})

test.each([
  ['explain', ['0042'], 'It needs the tables (npm run migrate), and the account SELECT on them.'],
  [
    'replay',
    ['--dead-letters'],
    'It needs the tables (npm run migrate), and the account SELECT on them, and UPDATE and DELETE on dead_letters.',
  ],
  ['migrate', ['--purge-left', '90'], '--help says which rights the account needs.'],
])('%s: a database that refuses is told in one line, with what it must have', async (command, args, hint) => {
  const { code, output } = await run(command, args)
  expect(code).toBe(1)
  expect(output.endsWith(`\nThe database refused (ER_NO_SUCH_TABLE). ${hint}\n`)).toBe(true)
})

test('explain: neither a database in the shell nor a stack', async () => {
  const { code, output } = await runCli('explain', ['0042'], { LOCAL_DIR: nowhere })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(
      /^No local stack is running in \S+\. Start one in another terminal: npm start\nOr name another database/,
    ),
  ])
})

test('what has nothing to do with rights does not speak of them', async () => {
  const shell = { ...process.env }
  Object.assign(process.env, mysqlVariables(db.schema))
  const said = jest.spyOn(console, 'log').mockImplementation(() => {})
  const bad = withTargetDatabase(
    (connection) => connection.query('SELECT nothing that parses FROM'),
    'It needs rights.',
  )
  await expect(bad).rejects.toThrow(/^The database refused \(ER_PARSE_ERROR\)\.$/)
  said.mockRestore()
  process.env = shell
})

test.each<[string, string | undefined, boolean]>([
  ['no .env', undefined, false],
  ['one without a database', 'MYSQL_HOST=\nMYSQL_PORT=3306\n', false],
  ['one with a database', "MYSQL_HOST='rm-x.mysql.rds.aliyuncs.com'\n", true],
])('%s: whether it is said that it is not read', (title, text, isSaid) => {
  const root = path.join(nowhere, title)
  fs.mkdirSync(root)
  if (text !== undefined) fs.writeFileSync(path.join(root, '.env'), text)
  expect(unreadDotEnv(root)).toEqual(isSaid ? expect.stringMatching(/^\.env names a database, .* set -a; /) : undefined)
})
