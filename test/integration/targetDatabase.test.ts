import { runCli } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { environmentOf, openPlayground, type Playground } from './migrate/playground'

const ownEventBridge = {
  EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
}
const nowhere = temporaryFolder()
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
  runCli(command, args, { ...environmentOf(db.schema), ...ownEventBridge, ...more })

test.each(COMMANDS)('%s: a database that is not there is told in one line', async (command, args) => {
  const { code, output } = await run(command, args, { MYSQL_PORT: '1' })
  expect(code).toBe(1)
  expect(output).toMatch(/^-- test_\w+ at 127\.0\.0\.1:1\nNo connection to the database \(ECONNREFUSED\)\.\n$/m)
})

test.each([
  ['explain', ['0042'], 'It needs the tables (npm run migrate), and the account SELECT on them.'],
  [
    'replay',
    ['--dead-letters'],
    'It needs the table dead_letters (npm run migrate), and the account SELECT, UPDATE and DELETE on it.',
  ],
  ['migrate', ['--purge-left', '90'], '--help says which rights the account needs.'],
])('%s: a database that refuses is told in one line, with what it must have', async (command, args, hint) => {
  const { code, output } = await run(command, args)
  expect(code).toBe(1)
  expect(output.endsWith(`\nThe database refused (ER_NO_SUCH_TABLE). ${hint}\n`)).toBe(true)
})

test('explain: neither a database in the shell nor a stack', async () => {
  const { code, output } = await runCli('explain', ['0042'], { LOCAL_DIR: nowhere })
  expect([code, output]).toEqual([1, expect.stringMatching(/^No local stack is running\. Start one \(npm start\), or/)])
})
