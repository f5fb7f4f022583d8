import path from 'node:path'
import { readDocument, shellLines } from '../support/documents'
import { type ReadyStack, runCli, startStack } from '../support/stackProcess'
import { endOf, startProcess } from '../support/startProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder(() => stack?.stop())
const localDir = path.join(folder, 'local')
let stack: ReadyStack

const step = story()
const keysOf = ({ env }: ReadyStack) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^DINGTALK_(API|OAPI|APP|CORP)/.test(name)))

async function askDingTalk(call: string, args: unknown): Promise<string> {
  const { DINGTALK_API_ENDPOINT: api, DINGTALK_OAPI_ENDPOINT: oapi, DINGTALK_APP_KEY: appKey } = stack.env
  const keys = JSON.stringify({ appKey, appSecret: stack.env['DINGTALK_APP_SECRET'] })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${api}/v1.0/oauth2/accessToken`, { method: 'POST', headers, body: keys })
  const { accessToken } = (await answer.json()) as { accessToken: string }
  const called = await fetch(`${oapi}/${call}?access_token=${accessToken}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(args),
  })
  return called.text()
}

step('npm start -- --dingtalk 30 says in a line what it is, and where', async () => {
  stack = await startStack(localDir, {}, ['--dingtalk', '30'])
  expect(stack.output()).toMatch(
    /^DingTalk: 30 invented people in \d+ departments, app key ding[\da-f]{16}, corpId dingcorp$/m,
  )
  expect(keysOf(stack)).toMatchObject({
    DINGTALK_API_ENDPOINT: `${stack.origin}/dingtalk/api`,
    DINGTALK_OAPI_ENDPOINT: `${stack.origin}/dingtalk/oapi`,
    DINGTALK_CORP_ID: 'dingcorp',
  })
  expect(await askDingTalk('topapi/user/count', { only_active: false })).toContain('"result":{"count":30}')
})

step('who is hired as the document has it is in the table', async () => {
  const [line = ''] = shellLines(readDocument('docs/loopback-dingtalk.md')).filter((text) => text.includes('/hire'))
  const command = line.replaceAll('http://127.0.0.1:8080', stack.origin)
  const { output } = await endOf(startProcess(['bash', '-c', command], { HOME: process.env['HOME'] }))
  expect(output).toMatch(/^HTTP\/1.1 200 /m)
  const userid = /"userid":"([^"]+)"/.exec(output)?.[1] ?? ''
  const explain = () => runCli('explain', [userid], { LOCAL_DIR: localDir })
  await waitFor(
    async () => (await explain()).code === 0,
    () => 'no row',
  )
})

step('the next start has the same organisation and keys, also where the shell names others', async () => {
  const before = keysOf(stack)
  await stack.stop()
  const others = {
    DINGTALK_APP_KEY: 'dingother',
    DINGTALK_APP_SECRET: 'other',
    DINGTALK_API_ENDPOINT: 'https://api.example.org',
  }
  stack = await startStack(localDir, others, ['--dingtalk'])
  const { DINGTALK_API_ENDPOINT: _, DINGTALK_OAPI_ENDPOINT: __, ...keys } = before
  expect(keysOf(stack)).toMatchObject(keys)
  expect(stack.env['DINGTALK_API_ENDPOINT']).toBe(`${stack.origin}/dingtalk/api`)
  expect(stack.output()).toMatch(/^DingTalk: 31 invented people in \d+ departments, as it was left, /m)
  expect(await askDingTalk('topapi/user/count', { only_active: false })).toContain('"result":{"count":31}')
})

step('without --dingtalk there is none', async () => {
  await stack.stop()
  stack = await startStack(localDir)
  expect(keysOf(stack)).toEqual({ DINGTALK_CORP_ID: 'dingcorp' })
  expect((await fetch(`${stack.origin}/dingtalk/control/counts`)).status).toBe(404)
})

test.each<[string[], RegExp]>([
  [['200'], /^Unexpected argument '200' \(--help shows the options/],
  [['--dingtalk', '12'], /^--dingtalk takes a number of people from 13 to 100000, such as --dingtalk 200$/],
  [['--dingtalk', '100001'], /^--dingtalk takes a number of people/],
  [['--dingtalk', '1e3'], /^--dingtalk takes a number of people/],
  [['--dingtalk', 'many'], /^--dingtalk takes a number of people/],
  [['--dingtalk', '20', '30'], /^Unexpected argument '30'/],
  [['--dingtalk', '--external'], /^--dingtalk invents people, and goes with no database or EventBridge elsewhere/],
  [['--dingtalk-fail', 'busy=1%'], /^--dingtalk-fail needs --dingtalk\.$/],
  [['--dingtalk', '--dingtalk-fail', 'bsy=1%'], /^--dingtalk-fail does not know "bsy=1%"/],
])('npm start -- %j is refused in a line', async (args, message) => {
  const { code, output } = await runCli('start', args, { LOCAL_DIR: path.join(folder, 'none') })
  expect([code, output.trimEnd()]).toEqual([1, expect.stringMatching(message)])
  expect(output.trimEnd()).not.toContain('\n')
})
