import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { startEventBridge } from '../../../../emulator/main'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const dir = path.join(folder, 'kept')
const bin = path.join(__dirname, '../../../../emulator/bin.ts')

beforeAll(async () => {
  const bus = await startEventBridge({ dir })
  await bus.publish({ id: 'e' })
  await bus.stop()
})
/** What it said on stderr, and its exit code. */
function run(...options: string[]): Promise<{ said: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', bin, ...options], (_, __, said) =>
      resolve({ said, code: child.exitCode ?? -1 }),
    )
  })
}

test.each([
  ['a folder that is not there', path.join(folder, 'none', 'state.json'), 'ENOENT'],
  ['a folder', path.join(folder, 'taken'), 'EISDIR'],
])('an export into %s says so in a line, and leaves nothing of it', async (_, file, code) => {
  fs.mkdirSync(path.join(folder, 'taken'), { recursive: true })
  const { said, code: exitCode } = await run('--dir', dir, '--export', file)
  expect(said).toBe(`${file} cannot be written (${code}). See --export.\n`)
  expect(exitCode).toBe(1)
  expect(fs.existsSync(`${file}.new`)).toBe(false)
})

test('an export is for its owner alone', async () => {
  const file = path.join(folder, 'state.json')
  expect(await run('--dir', dir, '--export', file)).toEqual({ said: '', code: 0 })
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  expect(fs.readFileSync(file, 'utf8')).toContain('eventbridge-local')
})
