import { runCli } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const noStack = { LOCAL_DIR: temporaryFolder() }

test.each<[string, string[], RegExp]>([
  ['explain', ['0042', '0043'], /^Name one employee, not 2 words \(.*\): npm run explain -- <userId or name>$/],
  ['hash', ['0042', '0043'], /^Name one employee, not 2 words \(.*\): npm run hash -- <userId>$/],
  ['send', ['user_add_org', '2'], /^Name one event, not 2 words \(.*\): npm run send -- user_add_org …/],
  ['replay', ['2h'], /^Unexpected argument '2h' \(--help shows the options; npm hands on those after -- alone\)$/],
  ['replay', [], /^Say what to replay: --dead-letters, --event ID or --since T; or what goes: --discard ID$/],
  [
    'replay',
    ['--since', '2h', '--event', 'x'],
    /^Only one of --dead-letters, --event, --since and --discard goes at a time/,
  ],
  ['replay', ['--dead-letters'], /^No local stack is running in \S+\. Start one in another terminal: npm start$/],
])('%s %j: what is wrong in one line', async (command, args, message) => {
  const { code, output } = await runCli(command, args, noStack)
  expect([code, output.trimEnd()]).toEqual([1, expect.stringMatching(message)])
  expect(output.trimEnd()).not.toContain('\n')
})

test('npm start in a shell that has read the env file of another stack would work on that one', async () => {
  const origin = 'http://127.0.0.1:1'
  const sourced = { ...noStack, ORIGIN: origin, EVENTBRIDGE_ENDPOINT: origin, MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '1' }
  const { code, output } = await runCli('start', [], sourced)
  expect(code).toBe(1)
  expect(output).toMatch(
    /^This shell has the variables of a local stack \(\S+; .*\), .*Run npm start in another terminal\.\n$/,
  )
})
