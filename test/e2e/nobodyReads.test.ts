import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../../shared/freePort'
import { prepareStackDatabase } from '../support/mariadb'
import { temporaryFolder } from '../support/temporaryFolder'
import { startInTerminal } from '../support/terminal'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder()
const root = path.join(__dirname, '../..')
const READY_MS = 120_000

async function prepare(name: string) {
  const localDir = path.join(folder, name)
  await prepareStackDatabase(localDir)
  const port = String(await freePort())
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], LOCAL_DIR: localDir, PORT: port }
  return { localDir, environment, origin: `http://127.0.0.1:${port}` }
}

/** What a stack leaves only where it was not stopped in order. */
function leftBehind(localDir: string): string[] {
  return ['pid', 'env', 'database/server.pid'].filter((file) => fs.existsSync(path.join(localDir, file)))
}

function spawnStack(command: string, environment: NodeJS.Dict<string>) {
  const args = ['--require', './cli/withPackages.cjs', `cli/${command}.ts`]
  const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  return { child, ended }
}

const post = (origin: string) =>
  fetch(`${origin}/webhook/putEvents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"syncAction":"user_add_org","userId":"0042"}',
  }).catch(() => undefined)

test('`npm start | head`, whose reader goes while it starts: it stops in order', async () => {
  const { localDir, environment } = await prepare('head')
  const { child, ended } = spawnStack('start', environment)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect(await ended).toBe(0)
  expect(leftBehind(localDir)).toEqual([])
})

test('a reader of stdout that goes while the stack runs: it stops in order; one of stderr alone is not missed', async () => {
  const { localDir, environment, origin } = await prepare('running')
  const { child, ended } = spawnStack('start', environment)
  await waitForReady(child)
  child.stderr.destroy()
  expect((await post(origin))?.status).toBe(200)
  child.stdout.destroy()
  // the next line that is printed
  await post(origin)
  expect(await ended).toBe(0)
  expect(leftBehind(localDir)).toEqual([])
})

async function waitForReady({ stdout }: { stdout: NodeJS.ReadableStream }): Promise<void> {
  let output = ''
  stdout.on('data', (chunk: Buffer) => (output += chunk))
  await waitFor(
    () => /^Ready in /m.test(output),
    () => output,
    READY_MS,
  )
}

test.each([
  ['start', '.'],
  ['eventbridge', 'eventbridge-alone'],
])('a terminal that is closed: npm run %s stops in order', async (command, folder) => {
  const { localDir, environment } = await prepare(`terminal-${command}`)
  const terminal = startInTerminal(
    `exec ${process.execPath} --require ./cli/withPackages.cjs cli/${command}.ts`,
    root,
    environment,
  )
  await waitFor(
    () => /^Ready in /m.test(terminal.output()),
    () => terminal.output(),
    READY_MS,
  )
  const pid = Number(fs.readFileSync(path.join(localDir, folder, 'pid'), 'utf8'))
  await terminal.close()
  await waitFor(() => !isAlive(pid))
  expect(leftBehind(path.join(localDir, folder))).toEqual([])
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
