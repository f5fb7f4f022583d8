import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../support/freePort'
import { readEnv, waitFor } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const localDir = temporaryFolder()

test('npm run eventbridge starts where EVENTBRIDGE_ENDPOINT names the cloud, and is its own', async () => {
  const port = await freePort()
  const emulator = spawn(process.execPath, ['--import', 'tsx', 'cli/eventbridge.ts'], {
    cwd: path.join(__dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      LOCAL_DIR: localDir,
      EVENTBRIDGE_ENDPOINT: 'https://1234.eventbridge.cn-hangzhou.aliyuncs.com',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(emulator, 'exit')
  await waitFor(() => {
    if (emulator.exitCode !== null) throw new Error('it ended')
    return fs.existsSync(path.join(localDir, 'env'))
  })
  expect(readEnv(localDir)).toMatchObject({ EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${port}` })
  emulator.kill('SIGINT')
  expect(await exit).toEqual([0, null])
})
