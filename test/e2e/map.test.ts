import fs from 'node:fs'
import path from 'node:path'
import { callbackEnvironment, callbackRequest } from '../support/callback'
import { runCli } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const folder = temporaryFolder()
const noStack = { LOCAL_DIR: folder }
const TABLE = `
table: visits
action: .EventType
time: $.time
events: { visit: {} }
key: { visitId: { type: VARCHAR(64) NOT NULL, from: .visitId } }
columns: { name: { slot: 0, type: VARCHAR(64) NULL, from: .name } }
`

function written(name: string, text: string): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, text)
  return file
}

const event = written(
  'event.json',
  '{"syncAction":"user_add_org","userId":"0042","name":"小明","avatar":"x","eventId":"e1"}',
)
const map = (args: string[], variables: Record<string, string> = {}) =>
  runCli('map', args, { ...noStack, ...variables })

test('an event, for a person: the CloudEvent, the rules, the tables and each column', async () => {
  const { code, output } = await map([event], { DINGTALK_CORP_ID: 'ding1' })
  expect([code, output.replace(/\d{4}-\d\d-\d\dT\S+/g, 'T')]).toEqual([0, expect.any(String)])
  expect(output).toMatch(
    /^as it is posted to the webhook\nremoved at the door \(DROP_FIELDS\): avatar\n\nCloudEvent e1 {2}/,
  )
  expect(output).toMatch(/^ {2}employees +matches$/m)
  expect(output).toMatch(/^ {2}enrich +the rule is not made without DINGTALK_APP_KEY$/m)
  expect(output).toMatch(
    /^user_info: corpId ding1, userId 0042\n {2}version \S+Z, when it arrived, as it does not say$/m,
  )
  expect(output).toMatch(/^ {2}name +小明 +\.name$/m)
  expect(output).toMatch(/^ {2}leftAt +NULL +set$/m)
  expect(output).toMatch(/^departments: has no event user_add_org$/m)
})

test('one table, another mapping, another bus, JSON', async () => {
  expect((await map([event, '--table', 'departments'])).output).not.toContain('user_info')
  const mapping = written('visits.yaml', TABLE)
  const visit = written('visit.json', '{"EventType":"visit","visitId":"v1","name":"A"}')
  expect((await map([visit, '--mapping', mapping])).output).toMatch(/^visits: visitId v1$/m)
  const config = written(
    'bus.yaml',
    'EventBusName: b\nRules: [{ RuleName: none, FilterPattern: { source: [other] }, Targets: [] }]\n',
  )
  const { output } = await map([event, '--config', config])
  expect(output).toMatch(/^ {2}none +source does not match \["other"\]\nNo rule brings it to the employees function\./m)
  const asJson = JSON.parse((await map([event, '--json', '--table', 'user_info'])).output)
  expect(asJson).toMatchObject({ form: 'posted', dropped: ['avatar'], events: [{ id: 'e1', isBrought: true }] })
})

test('an encrypted callback is opened with the keys of the shell', async () => {
  const file = written('encrypted.json', String(callbackRequest('{"EventType":"user_leave_org","userId":["7"]}').body))
  const { code, output } = await map([file], callbackEnvironment)
  expect([code, output]).toEqual([0, expect.stringMatching(/^an encrypted callback, opened with DINGTALK_AES_KEY\n/)])
  expect(output).toMatch(/^ {2}leftAt +\S+Z +ends$/m)
})

test('of many events and rows it says how many more there are', async () => {
  const many = written('many.jsonl', '{"syncAction":"user_add_org","userId":"1"}\n'.repeat(22))
  expect((await map([many])).output).toMatch(/^… and 2 events more: --json has them all$/m)
  const userId = Array.from({ length: 23 }, (_, at) => `u${at}`)
  const wide = written('wide.json', JSON.stringify({ EventType: 'user_add_org', userId }))
  expect((await map([wide])).output).toMatch(/^… and 3 rows more: --json has them all$/m)
})

test.each<[string, string[], string]>([
  ['no file', [], 'Name one file: npm run map -- FILE, or - for stdin'],
  ['one that is not there', ['none.json'], 'none.json cannot be read (ENOENT).'],
  ['no event', [written('empty.json', '')], 'empty.json:1:1 holds no event'],
  [
    'a slip in it',
    [written('slip.json', '{\n"a": 1,\n}')],
    'slip.json:3:1 is no JSON: a name in double quotes is missing',
  ],
  [
    'nobody’s key',
    [written('key.json', '{"encrypt":"AAAA"}')],
    'key.json:1:1 is an encrypted callback: set DINGTALK_AES_KEY',
  ],
  [
    'a slip in the mapping',
    [event, '--mapping', written('bad.yaml', 'table: a b\n')],
    'bad.yaml:1:1 table: must be a plain',
  ],
  ['no such table', [event, '--table', 'none'], '--table takes one of user_info, departments'],
  ['no such mapping', [event, '--mapping', 'none.yaml'], 'none.yaml cannot be read (ENOENT).'],
])('%s: what is wrong, and where', async (_, args, message) => {
  const { code, output } = await map(args)
  expect([code, output]).toEqual([1, expect.stringContaining(message)])
})
