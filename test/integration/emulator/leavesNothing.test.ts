import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from '../../support/temporaryFolder'

const cwd = temporaryFolder()
const ROOT = path.resolve(__dirname, '../../..')

/** A hundred buses that are used and stopped; the process then says what it still holds, and ends by itself. */
const SCRIPT = `
import fs from 'node:fs'
import { manualClock, startEventBridge } from ${JSON.stringify(path.join(ROOT, 'emulator/main'))}

async function live(options) {
  const clock = Math.random() < 0.5 ? manualClock() : undefined
  const bus = await startEventBridge({
    ...(clock && { clock }),
    rules: [{ pattern: {}, targets: ['good', 'bad'] }],
    targets: { good: () => 'done', bad: () => { throw new Error('boom') } },
    ...options,
  })
  await bus.publish([{ data: 1 }, { data: 2 }])
  await bus.settled()
  if (bus.deliveries({ state: 'delivered' }).length !== 2) throw new Error('nothing was delivered')
  await bus.stop()
}

const held = () => {
  const of = (kind) => process.getActiveResourcesInfo().filter((one) => one === kind).length
  const links = fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd) } catch { return '' } })
  return {
    timers: of('Timeout'), servers: of('TCPServerWrap') + of('TCPSocketWrap'), watchers: of('FSEventWrap'),
    files: links.filter((link) => link.startsWith(process.cwd())).length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    listeners: process.eventNames().map((name) => process.listenerCount(name)).reduce((a, b) => a + b, 0),
  }
}

async function main() {
  // what is loaded once for all
  await live({ port: 0 })
  const turn = () => new Promise((resolve) => setTimeout(resolve))
  await turn()
  const before = held()
  fs.writeFileSync('eventbridge.yaml', 'EventBusName: file\\nRules: []\\n')
  for (let at = 0; at < 100; at++) {
    await live(at % 4 === 1 ? { port: 0 } : at % 4 === 2 ? { config: 'eventbridge.yaml', watch: true, rules: [{ bus: 'file', pattern: {}, targets: ['good', 'bad'] }] } : at % 8 === 3 ? { dir: 'kept-' + at } : {})
  }
  for (const name of fs.readdirSync('.')) if (name.startsWith('kept-')) fs.rmSync(name, { recursive: true })
  // what a statement of SQLite holds goes with it, in a turn of its own, which timers may come before
  let turns = 0
  do {
    globalThis.gc()
    await turn()
  } while (held().files > before.files && ++turns < 100)
  console.log(JSON.stringify({ before, after: held(), left: fs.readdirSync('.') }))
}
void main()
`

test('a hundred buses started and stopped leave no timer, no handle, no file and no listener, and the process ends by itself', () => {
  fs.writeFileSync(path.join(cwd, 'script.ts'), SCRIPT)
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', require.resolve('tsx'), 'script.ts'],
    { cwd, encoding: 'utf8', timeout: 120_000 },
  )
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const { before, after, left } = JSON.parse(stdout) as Record<'before' | 'after' | 'left', unknown>
  expect(after).toEqual(before)
  expect(left).toEqual(['eventbridge.yaml', 'script.ts'])
})
