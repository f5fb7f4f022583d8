import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { RowDataPacket } from 'mysql2/promise'
import { freePort } from '../../shared/freePort'
import { connectByEnv, readEnv, type StackProcess, startStack, startStackProcess } from '../support/stackProcess'
import { QUICK_TIMERS } from '../support/startProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const localDir = path.join(temporaryFolder(), 'local')
let running: StackProcess | undefined

afterEach(async () => {
  running?.kill('SIGTERM')
  await running?.ended()
})

async function start(variables = {}): Promise<{ stack: StackProcess; origin: string }> {
  const stack = await startStack(localDir, variables)
  running = stack
  return { stack, origin: stack.origin }
}

/** The servers that run on this stack's data directory. */
function servers(): number[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
  return listing
    .split('\n')
    .filter((line) => line.includes(`--datadir=${localDir}`))
    .map((line) => Number.parseInt(line, 10))
}

async function namesOf(prefix: string): Promise<string[]> {
  const env = readEnv(localDir)
  const connection = await connectByEnv(env)
  const [rows] = await connection.execute<RowDataPacket[]>('SELECT userId FROM user_info WHERE userId LIKE ?', [
    `${prefix}%`,
  ])
  await connection.end()
  return rows.map((row) => String(row['userId'])).sort()
}

const post = (origin: string, userId: string) =>
  fetch(`${origin}/webhook/putEvents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ syncAction: 'user_add_org', userId, name: '小明' }),
  })

test('what was accepted before kill -9 is delivered after the next start, by the database that was left running', async () => {
  const first = await start()
  const [server] = servers()
  expect(server).toBeDefined()
  // A database that answers nobody: whatever is accepted now cannot have been delivered before the kill.
  process.kill(server ?? 0, 'SIGSTOP')
  const ids = Array.from({ length: 5 }, (_, index) => `killed-${index}`)
  for (const id of ids) expect((await post(first.origin, id)).status).toBe(200)
  first.stack.kill('SIGKILL')
  await first.stack.ended()
  process.kill(server ?? 0, 'SIGCONT')

  const second = await start()
  expect(servers()).toEqual([server])
  await waitFor(async () => (await namesOf('killed-')).length === ids.length)
  expect(await namesOf('killed-')).toEqual(ids)
  second.stack.kill('SIGTERM')
  expect(await second.stack.ended()).toBe(0)
  expect(servers()).toEqual([])
})

test('a database of its own that does not answer any more is replaced, with its data', async () => {
  const first = await start()
  await post(first.origin, 'frozen-1')
  await waitFor(async () => (await namesOf('frozen-')).length === 1)
  const [server] = servers()
  first.stack.kill('SIGKILL')
  await first.stack.ended()
  process.kill(server ?? 0, 'SIGSTOP')

  const second = await start()
  expect(servers()).not.toContain(server)
  expect(await namesOf('frozen-')).toEqual(['frozen-1'])
  second.stack.kill('SIGTERM')
  expect(await second.stack.ended()).toBe(0)
})

test('Ctrl-C while the database hangs: it stops all the same, and the next start delivers', async () => {
  const first = await start(QUICK_TIMERS)
  process.kill(servers()[0] ?? 0, 'SIGSTOP')
  expect((await post(first.origin, 'hung-1')).status).toBe(200)
  first.stack.kill('SIGINT')
  expect(await first.stack.ended()).toBe(0)
  expect(servers()).toEqual([])

  await start()
  await waitFor(async () => (await namesOf('hung-')).length === 1)
})

test('SIGTERM and SIGINT may come twice: it ends in order and leaves no process', async () => {
  const { stack } = await start()
  stack.kill('SIGTERM')
  stack.kill('SIGTERM')
  stack.kill('SIGINT')
  expect(await stack.ended()).toBe(0)
  expect(servers()).toEqual([])
  expect(fs.existsSync(path.join(localDir, 'env'))).toBe(false)
})

test('killed while it starts, the next start comes up all the same', async () => {
  const stack = startStackProcess({ PORT: String(await freePort()), LOCAL_DIR: localDir })
  running = stack
  await waitFor(() => /^starting (MariaDB|MySQL) …$/m.test(stack.output()))
  stack.kill('SIGKILL')
  await stack.ended()
  const next = await start()
  expect((await post(next.origin, 'after')).status).toBe(200)
  await waitFor(async () => (await namesOf('after')).length === 1)
})

test('a database that somebody kills is started again, and what waited is delivered; one killed again ends the stack', async () => {
  const { stack, origin } = await start()
  const [server] = servers()
  process.kill(server ?? 0, 'SIGKILL')
  await waitFor(() => stack.output().includes('The database runs again.'))
  expect(stack.output()).toContain(`The database ended, and nobody here asked it to (process ${server}).`)
  expect(stack.output()).toMatch(/^ {2}\d.*\[(Note|System)\] .*(ready for connections|port: \d+)/m)
  expect((await post(origin, 'again-1')).status).toBe(200)
  await waitFor(async () => (await namesOf('again-')).length === 1)

  process.kill(servers()[0] ?? 0, 'SIGKILL')
  expect(await stack.ended()).toBe(1)
  expect(stack.output()).toContain('It had been started again a moment ago, so that does not help. Everything stops;')
  expect(servers()).toEqual([])
  expect(fs.existsSync(path.join(localDir, 'env'))).toBe(false)
})

test('Ctrl-C while a killed database is started again leaves no process', async () => {
  const { stack } = await start()
  process.kill(servers()[0] ?? 0, 'SIGKILL')
  await waitFor(() => stack.output().includes('It is started again'))
  stack.kill('SIGINT')
  expect(await stack.ended()).toBe(0)
  expect(servers()).toEqual([])
})

test('a database whose data were removed is not made anew under the stack: it ends', async () => {
  const { stack } = await start()
  fs.renameSync(path.join(localDir, 'database', 'data'), path.join(localDir, 'database', 'data.old'))
  process.kill(servers()[0] ?? 0, 'SIGKILL')
  expect(await stack.ended()).toBe(1)
  expect(stack.output()).toMatch(/The database cannot be started again: its data in .* are gone\./)
  fs.renameSync(path.join(localDir, 'database', 'data.old'), path.join(localDir, 'database', 'data'))
})
