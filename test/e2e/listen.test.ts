import fs from 'node:fs'
import path from 'node:path'
import { type ReadyStack, runCli, startStack } from '../support/stackProcess'
import { endOf, type StartedProcess, startCli } from '../support/startProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder(async () => {
  for (const process of started) process.kill('SIGKILL')
  await stack?.stop()
})
const localDir = path.join(folder, 'local')
const recording = path.join(folder, 'events.jsonl')
let stack: ReadyStack
let listen: StartedProcess
/** One that is not refused as it should be goes on for ever. */
const started: StartedProcess[] = []

const step = story()

async function control(name: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${stack.origin}/dingtalk/control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect([name, response.status]).toEqual([name, 200])
  return (await response.json()) as Record<string, unknown>
}
async function streamCounts(): Promise<Record<string, number>> {
  const response = await fetch(`${stack.origin}/dingtalk/control/counts`)
  return ((await response.json()) as { stream: Record<string, number> }).stream
}
function startListening(args: string[] = [], variables: Record<string, string> = {}): StartedProcess {
  const listening = startCli('listen', args, { HOME: process.env['HOME'], LOCAL_DIR: localDir, ...variables })
  started.push(listening)
  return listening
}
const refused = (...given: Parameters<typeof startListening>) => endOf(startListening(...given))
const explain = (who: string) => runCli('explain', [who], { LOCAL_DIR: localDir })
const hasRow = async (who: string) => (await explain(who)).code === 0
/** Lines that end so. */
const lines = (end: string) => listen.output().match(new RegExp(`^\\d\\d:\\d\\d:\\d\\d {2}${end}$`, 'gm')) ?? []
const until = (condition: () => boolean | Promise<boolean>) => waitFor(condition, () => listen.output(), 15_000)

step('without a stack, or an app, it says what to do', async () => {
  const { code, output } = await refused([], {
    DINGTALK_APP_KEY: 'ding',
    DINGTALK_APP_SECRET: 'x',
  })
  expect([code, output]).toEqual([1, expect.stringMatching(/^No local stack is running in .*npm start\n$/)])
  const nobody = await refused([])
  expect([nobody.code, nobody.output]).toEqual([
    1,
    expect.stringMatching(/^Set DINGTALK_APP_KEY and DINGTALK_APP_SECRET /),
  ])
})

step('beside npm start -- --dingtalk it is connected', async () => {
  stack = await startStack(localDir, {}, ['--dingtalk', '13'])
  listen = startListening(['--record', recording])
  await until(() => lines('connected\\. If no event comes .*').length === 1)
  expect(listen.output()).toContain(`from ${stack.origin}/dingtalk/api to ${stack.origin}/webhook/putEvents\n`)
})

step('who is hired is in the table, by Stream', async () => {
  await control('hire', { userid: 'stream-0042', name: '林晓满', active: true })
  await until(() => lines('user_add_org {2}1 person {2}200').length === 1)
  expect(await streamCounts()).toMatchObject({ connections: 1, sent: 1 })
  await until(() => hasRow('stream-0042'))
  expect(listen.output()).not.toMatch(/stream-0042|林晓满/)
})

step('an event that comes twice is one row', async () => {
  const headers = {
    topic: '*',
    messageId: 'm',
    eventType: 'user_add_org',
    eventId: 'twice',
    eventCorpId: 'dingcorp',
    eventBornTime: String(Date.now()),
  }
  const text = JSON.stringify({ type: 'EVENT', headers, data: JSON.stringify({ userId: ['stream-0043'] }) })
  for (const _ of [1, 2]) await control('stream', { act: 'send', text })
  await until(() => lines('user_add_org {2}1 person {2}200').length === 3)
  await until(() => hasRow('stream-0043'))
})

step('what is hostile, and a lost connection, do not end it', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  for (const text of ['{', 'null', `{"type":"EVENT","headers":{"eventType":"x"},"data":${deep}}`]) {
    await control('stream', { act: 'send', text })
  }
  await until(() => lines('a message that is no event was left out').length === 3)
  await control('stream', { act: 'drop' })
  await until(() => lines('connected again').length === 1)
})

step('when the stack is started again it is connected again', async () => {
  await stack.stop()
  await until(() => lines('trying again in \\d+ s').length > 1)
  const { origin } = stack
  stack = { ...(await startStack(localDir, { PORT: new URL(origin).port }, ['--dingtalk'])), origin }
  await until(() => lines('connected again').length === 2)
  await control('hire', { userid: 'stream-0044', name: '林小满', active: true })
  await until(() => hasRow('stream-0044'))
})

step('Ctrl-C ends it with 0, and closes its connection', async () => {
  listen.kill('SIGINT')
  expect(await listen.ended()).toBe(0)
  await waitFor(async () => (await streamCounts())['connections'] === 0)
})

step('its recording names nobody, and can be sent', async () => {
  const text = fs.readFileSync(recording, 'utf8')
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { EventType: string; userId: string[] })
  expect(events.map(({ EventType }) => EventType)).toEqual(Array(4).fill('user_add_org'))
  expect(text).not.toMatch(/stream-004|林|twice|dingcorp/)
  const [first = ''] = events[0]?.userId ?? []
  expect(await hasRow(first)).toBe(false)
  const { code, output } = await runCli('send', [recording], { LOCAL_DIR: localDir })
  expect([code, output]).toEqual([0, expect.stringContaining('\n4 accepted\n')])
  await waitFor(() => hasRow(first))
})

step('another recording to the same file is refused', async () => {
  const { code, output } = await refused(['--record', recording])
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/events\.jsonl cannot be made \(EEXIST\): name another file\.\n$/),
  ])
})

step('wrong keys end it with what to do', async () => {
  const { code, output } = await refused([], {
    DINGTALK_APP_KEY: 'dingother',
    DINGTALK_APP_SECRET: 's-e-c-r-e-t',
    DINGTALK_API_ENDPOINT: `${stack.origin}/dingtalk/api`,
  })
  expect([code, output]).toEqual([1, expect.stringMatching(/\nDingTalk’s gateway refuses .*401 authFailed.*is wrong/)])
  expect(output).not.toContain('s-e-c-r-e-t')
})
