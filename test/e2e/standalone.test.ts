import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { freePort } from '../support/freePort'
import { readEnv, waitFor } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const folder = temporaryFolder()

/** `npm run eventbridge`, when it is ready; `stop` ends it by Ctrl-C and gives its exit code and what it printed. */
async function startEventBridge(args: string[], environment: NodeJS.Dict<string> = {}) {
  const port = await freePort()
  const localDir = fs.mkdtempSync(path.join(folder, 'local-'))
  const emulator = spawn(process.execPath, ['--import', 'tsx', 'cli/eventbridge.ts', ...args], {
    cwd: path.join(__dirname, '../..'),
    env: { PATH: process.env['PATH'], PORT: String(port), LOCAL_DIR: localDir, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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
