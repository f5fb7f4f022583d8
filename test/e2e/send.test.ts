import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../../shared/readBody'
import { callbackEnvironment } from '../support/callback'
import { startServer, type TestServer } from '../support/rawHttp'
import { runCli } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { setUpWebhook } from '../support/webhook'

let server: TestServer
/** What of the real webhook's answers goes out. */
let alter: (answer: { status: number; body: string }, request: number) => { status: number; body: string }
let published: string[]
let url: string

const CONNECTOR_API_SECRET = 'a-secret-of-the-test'
const localDir = temporaryFolder()
// the first of a list is sent
const variables = {
  ...callbackEnvironment,
  WEBHOOK_TOKEN: 'right-token-right-token,an-older-token-1',
  LOCAL_DIR: localDir,
}
const send = (...args: string[]) => runCli('send', [...args, '--to', url], variables)

beforeEach(async () => {
  alter = (answer) => answer
  let requests = 0
  const webhook = setUpWebhook({ ...variables, CONNECTOR_API_SECRET, LOCAL_DIR: '' }, undefined, Date.now)
  published = webhook.published
  server = await startServer(async (req: IncomingMessage, res: ServerResponse) => {
    const { searchParams } = new URL(req.url ?? '/', 'http://localhost')
    const passed = ['authorization', 'x-ddpaas-signature', 'x-ddpaas-signature-timestamp'].map(
      (name) => [name, String(req.headers[name] ?? '')] as const,
    )
    const headers = { 'content-type': 'application/json', ...Object.fromEntries(passed) }
    const body = String(await readBody(req, 100_000))
    const answer = await webhook.post({ query: Object.fromEntries(searchParams), headers, body })
    const { status, body: text } = alter({ status: answer.statusCode, body: answer.body }, ++requests)
    res.writeHead(status).end(text)
  })
  url = `http://127.0.0.1:${server.port}/webhook/putEvents`
})

afterEach(() => server.close())

test.each([
  ['stream', '200 {"RequestId"'],
  ['synchttp', 'which says: success\n'],
])('as %s: the webhook takes it, and its answer is shown', async (form, output) => {
  const sent = await send('user_add_org', '--form', form, '--user-id', '0042')
  expect(sent).toEqual({ code: 0, output: expect.stringContaining(output) })
  expect(sent.output).toMatch(new RegExp(`^to ${url}\nuser_add_org as ${form}  userId 0042  corpId dingcorp\n`))
  expect(published).toHaveLength(1)
})

test('a check of the URL is answered with what it asked for', async () => {
  const sent = await send('check_create_suite_url')
  expect(sent).toEqual({ code: 0, output: expect.stringMatching(/\nwhich says: [0-9a-f]{8}\n$/) })
  expect(published).toEqual([])
})

test('many, of which some are refused: counted, and exit code 1', async () => {
  alter = (answer, request) => (request % 5 === 0 ? { status: 503, body: '{}' } : answer)
  const sent = await send('user_add_org', '--count', '20', '--encrypted')
  expect(sent).toEqual({
    code: 1,
    output: expect.stringMatching(/\n16 accepted, 4 refused with 503\nNot every event was accepted\.\n$/),
  })
  const ids = published.map((json) => JSON.parse(json).data.body.userId[0] as string)
  expect(new Set(ids).size).toBe(20)
})

test('an encrypted reply that DingTalk could not read: exit code 1', async () => {
  alter = ({ status, body }) => ({ status, body: body.toLowerCase() })
  const sent = await send('user_add_org', '--encrypted')
  expect(sent).toEqual({ code: 1, output: expect.stringMatching(/its signature or its key is wrong\.\n$/) })
})

test('an event that is refused: the answer, what to do, exit code 1', async () => {
  alter = () => ({ status: 401, body: '{"code":"Unauthorized"}' })
  const sent = await send('user_add_org')
  expect(sent).toEqual({
    code: 1,
    output: expect.stringMatching(
      /\n401 \{"code":"Unauthorized"\}\nThe event was not accepted\. Set WEBHOOK_TOKEN or CONNECTOR_API_SECRET in .*\n$/,
    ),
  })
})

test('many that are refused with 401: what to do is said once', async () => {
  alter = () => ({ status: 401, body: '{"code":"Unauthorized"}' })
  const { code, output } = await send('user_add_org', '--count', '5', '--encrypted')
  expect(code).toBe(1)
  const lines = output.split('\n').filter((line) => !line.startsWith('sending: '))
  expect(lines.slice(2)).toEqual([
    '0 accepted, 5 refused with 401',
    expect.stringMatching(/^Not every event was accepted\. Set DINGTALK_TOKEN, [^.]* to what this webhook has\.$/),
    '',
  ])
})

test.each<[string[], RegExp]>([
  [['user_add_org', '--to', 'ftp://127.0.0.1/x'], /^--to must be an http or https URL/],
  [['user_add_org', '--to', 'http://127.0.0.1:1/'], /\nNothing answers at http:\/\/127\.0\.0\.1:1\./],
  [['user_add_org', '--to', 'https://example.org/'], /\nThis is not your own machine\. Add --yes/],
])('%p: one line and exit code 1', async (args, message) => {
  const { code, output } = await runCli('send', args, variables)
  expect(code).toBe(1)
  expect(output).toMatch(message)
  expect(output).not.toMatch(/\n\s+at /)
})

test.each<[string, Record<string, string>, number, number]>([
  ['the API Secret alone: it signs', { CONNECTOR_API_SECRET }, 0, 1],
  ['another API Secret', { CONNECTOR_API_SECRET: 'another-secret' }, 1, 0],
  ['neither token nor API Secret', {}, 1, 0],
])('as a connector with %s', async (_, secrets, code, count) => {
  const sent = await runCli('send', ['user_add_org', '--to', url], { LOCAL_DIR: localDir, ...secrets })
  expect([sent.code, published.length]).toEqual([code, count])
})

test('an encrypted form with some of the keys', async () => {
  const { code, output } = await runCli('send', ['org_change', '--to', url], {
    LOCAL_DIR: localDir,
    DINGTALK_TOKEN: 'tokenA1',
  })
  expect([code, output]).toEqual([1, expect.stringMatching(/^Set all of DINGTALK_TOKEN, DINGTALK_AES_KEY and/)])
})

test('an encrypted form without keys', async () => {
  const { code, output } = await runCli('send', ['org_change', '--to', url], { LOCAL_DIR: localDir })
  expect([code, output]).toEqual([1, expect.stringMatching(/^Set DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWN/)])
})

test.each(['user_add_org', 'org_change'])('%s without a stack: what to type', async (event) => {
  const { code, output } = await runCli('send', [event], { LOCAL_DIR: localDir })
  expect([code, output]).toEqual([
    1,
    `No local stack is running in ${localDir}. Start one in another terminal: npm start\n`,
  ])
})
