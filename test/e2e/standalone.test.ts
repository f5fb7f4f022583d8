import fs from 'node:fs'
import path from 'node:path'
import { lockFolder } from '../../emulator/standalone/folder'
import { openStore } from '../../emulator/store/store'
import { storeFileIn } from '../../emulator/store/storeFile'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { freePort } from '../../shared/freePort'
import { eventBridgeProcesses } from '../support/eventBridgeProcess'
import { signedPost } from '../support/signedPost'
import { runCli } from '../support/stackProcess'
import { acceptedEvent, pendingDeliveries } from '../support/store'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder()
const start = eventBridgeProcesses()

/** `npm run eventbridge`, when it is ready; `stop` ends it by Ctrl-C and gives its exit code and what it printed. */
async function startEventBridge(args: string[], variables: NodeJS.Dict<string> = {}) {
  const { url, env, kill, ended, output } = await start(fs.mkdtempSync(path.join(folder, 'local-')), args, variables)
  return {
    url,
    env,
    async stop() {
      kill('SIGINT')
      return { code: await ended(), output: output() }
    },
  }
}

test('npm run eventbridge starts where EVENTBRIDGE_ENDPOINT names the cloud, and is its own', async () => {
  const { url, env, stop } = await startEventBridge([], {
    EVENTBRIDGE_ENDPOINT: 'https://1234.eventbridge.cn-hangzhou.aliyuncs.com',
  })
  expect(env).toMatchObject({ EVENTBRIDGE_ENDPOINT: url })
  expect(await stop()).toMatchObject({ code: 0 })
})

test('--fail is told, and events then fail', async () => {
  const { url, env, stop } = await startEventBridge(['--fail', 'throttle=100%'])
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret = '' } = env
  const client = createEventBridgeClient(new URL(url))
  const event = '{"id":"1","source":"my.dingtalk","specversion":"1.0","type":"t","aliyuneventbusname":"dingtalk"}'
  await expect(
    client.putEvents([event], {
      credentials: { accessKeyId, accessKeySecret },
      deadline: performance.now() + 10_000,
    }),
  ).rejects.toMatchObject({ code: 'TooManyRequests' })
  client.close()
  expect((await stop()).output).toContain('EventBridge fails on purpose: throttle=100%')
})

test('a request whose clock is further off than MAX_CLOCK_SKEW_S is refused', async () => {
  const { url, stop } = await startEventBridge([], { MAX_CLOCK_SKEW_S: '900' })
  const statusAt = async (time: number) => {
    const headers = { 'content-type': 'application/json', date: new Date(time).toUTCString() }
    const port = Number(new URL(url).port)
    return (await signedPost(port, '/openapi/listEventBuses', headers, '{}', LOCAL_ACCOUNT.credentials)).status
  }
  expect([await statusAt(Date.now()), await statusAt(Date.now() - 3_600_000)]).toEqual([200, 400])
  await stop()
})

test('a port that is taken: another one, for this command', async () => {
  const { url, stop } = await startEventBridge([])
  const port = Number(new URL(url).port)
  const { code, output } = await runCli('eventbridge', [], {
    PORT: String(port),
    LOCAL_DIR: path.join(folder, 'other'),
  })
  expect(code).toBe(1)
  expect(output).toContain(`choose another: PORT=${port + 1} npm run eventbridge`)
  await stop()
})

test('npm run replay finds it, and demands no database', async () => {
  const localDir = fs.mkdtempSync(path.join(folder, 'local-'))
  const port = String(await freePort())
  const config = path.join(localDir, 'rules.yaml')
  // to where nobody answers
  fs.writeFileSync(
    config,
    `EventBusName: dingtalk
Rules:
  - RuleName: all
    FilterPattern: {}
    Targets:
      - Id: nobody
        Type: http
        Endpoint: http://127.0.0.1:${port}/nobody
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`,
  )
  const eventBridge = await start(localDir, ['--config', config])
  const store = openStore(storeFileIn(path.join(localDir, 'eventbridge-alone')))
  const json = (id: string) =>
    `{"id":"${id}","source":"s","specversion":"1.0","type":"t","aliyuneventbusname":"dingtalk"}`
  // of a rule that is gone, so that only this test says what becomes of its delivery
  const deliveries = [{ rule: 'gone', target: 'gone' }]
  await store.accept([
    acceptedEvent({
      id: 'old',
      bus: 'dingtalk',
      receivedAt: Date.now() - 7_200_000,
      json: json('old'),
      deliveries: [],
    }),
    acceptedEvent({ id: 'new', bus: 'dingtalk', receivedAt: Date.now(), json: json('new'), deliveries: [] }),
    acceptedEvent({ id: 'dead', bus: 'dingtalk', receivedAt: Date.now() - 7_200_000, json: json('dead'), deliveries }),
  ])
  for (const delivery of pendingDeliveries(store)) {
    await store.record(
      delivery,
      { startedAt: Date.now(), ms: 1, error: 'HTTP 500' },
      { state: 'dead-lettered', queue: 'acs:mns:cn-hangzhou:123456789012:/queues/q' },
    )
  }
  const replay = (...args: string[]) => runCli('replay', [...args, '--wait', '0'], { LOCAL_DIR: localDir })
  const since = await replay('--since', '1h')
  expect(since).toMatchObject({ code: 0, output: expect.stringContaining(`to ${eventBridge.url}`) })
  expect(since.output).toContain('1 event replayed.')
  expect(store.traces.list({ id: 'new' }, 10).filter(({ id }) => id === 'new')).toHaveLength(2)
  expect(await replay('--event', 'old')).toMatchObject({ code: 0 })
  expect((await replay('--event', 'none')).output).toContain('No entry of the event trace has an event of this id.')
  expect((await replay('--dead-letters', '--plan')).output).toMatch(/^ *dead .*HTTP 500\n1 event to replay\.$/m)
  expect(await replay('--discard', 'dead', '--yes')).toMatchObject({ code: 0 })
  expect(store.deadLetters.list()).toEqual([])
  // one line, though several deliveries failed
  await waitFor(() => /fail: /.test(eventBridge.output()))
  expect(eventBridge.output().match(/^Deliveries to target nobody of rule all \(bus dingtalk\) fail: .+$/gm)).toEqual([
    'Deliveries to target nobody of rule all (bus dingtalk) fail: no answer: ECONNREFUSED',
  ])
  store.close()
})

test('beside it npm start has a folder of its own, and the lock of one is not that of the other', async () => {
  const localDir = fs.mkdtempSync(path.join(folder, 'local-'))
  const one = await start(localDir)
  const other = await runCli('eventbridge', [], { LOCAL_DIR: localDir, PORT: String(await freePort()) })
  expect(other.output).toMatch(/^Another EventBridge \(process \d+\) runs in .*eventbridge-alone\. Stop it, or use/)
  expect(() => lockFolder(localDir, 'local stack', () => '')()).not.toThrow()
  one.kill('SIGINT')
  await one.ended()
})
