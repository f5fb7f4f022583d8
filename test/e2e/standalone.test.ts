import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { LOCAL_ACCOUNT } from '../../local/account'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { freePort } from '../support/freePort'
import { signedPost } from '../support/signedPost'
import { readEnv, runCli, waitFor } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const folder = temporaryFolder()
const started: ChildProcess[] = []

// those of a test that failed
afterAll(() => {
  for (const emulator of started) emulator.kill('SIGKILL')
})

/** `npm run eventbridge`, when it is ready; `stop` ends it by Ctrl-C and gives its exit code and what it printed. */
async function startEventBridge(args: string[], environment: NodeJS.Dict<string> = {}) {
  const port = await freePort()
  const localDir = fs.mkdtempSync(path.join(folder, 'local-'))
  const emulator = spawn(process.execPath, ['--import', 'tsx', 'cli/eventbridge.ts', ...args], {
    cwd: path.join(__dirname, '../..'),
    env: { PATH: process.env['PATH'], PORT: String(port), LOCAL_DIR: localDir, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(emulator)
  const output: Buffer[] = []
  emulator.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  const exit = once(emulator, 'exit')
  await waitFor(() => {
    if (emulator.exitCode !== null) throw new Error('it ended')
    return fs.existsSync(path.join(localDir, 'env'))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    env: readEnv(localDir),
    async stop() {
      emulator.kill('SIGINT')
      const [code] = await exit
      return { code, output: Buffer.concat(output).toString() }
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
