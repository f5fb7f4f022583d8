import fs from 'node:fs'
import path from 'node:path'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { eventBridgeProcesses } from '../support/eventBridgeProcess'
import { signedPost } from '../support/signedPost'
import { runCli } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

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
