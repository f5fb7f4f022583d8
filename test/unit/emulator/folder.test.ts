import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { lockFolder, type Retype, takeFolder } from '../../../emulator/standalone/folder'
import { openStore } from '../../../emulator/store/store'
import { storeFileIn } from '../../../emulator/store/storeFile'
import { createUndoSteps } from '../../../shared/undoSteps'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const retype: Retype = (other = {}) => `again ${JSON.stringify(other)}`
const take = (place = folder) => lockFolder(place, 'local stack', retype)

/** Holds the lock, and the store, in a process of its own until it is killed. */
async function lockElsewhere(place = folder) {
  const script = `require('./emulator/standalone/folder').lockFolder(${JSON.stringify(place)}, 'local stack', () => '')
    const store = require('./emulator/store/store').openStore(${JSON.stringify(storeFileIn(place))})
    console.log('locked')
    setInterval(() => store.deadLetters.list(), 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: path.join(__dirname, '../../..') })
  await once(child.stdout, 'data')
  return {
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const refusal = (place: string, pid: number | undefined) =>
  `Another local stack (process ${pid}) runs in ${place}. Stop it, or use another folder and port: again {"folder":true,"port":8081}`

test('a second process on the same folder is refused, until the first is gone, even by kill -9', async () => {
  const other = await lockElsewhere()
  expect(() => take()).toThrow(UserError)
  expect(() => take()).toThrow(refusal(folder, other.pid))
  await other.kill()
  take()()
})

test.each<[string, (place: string) => void]>([
  ['removed', (place) => fs.rmSync(path.join(place, 'lock'))],
  ['replaced', (place) => fs.writeFileSync(path.join(place, 'lock.new'), '')],
])('a lock file that was %s by hand lets no second process on the store', async (name, lose) => {
  const place = path.join(folder, name)
  const other = await lockElsewhere(place)
  lose(place)
  if (name === 'replaced') fs.renameSync(path.join(place, 'lock.new'), path.join(place, 'lock'))
  expect(() => take(place)).toThrow(refusal(place, other.pid))
  await other.kill()
  take(place)()
})

test('a lock that was released can be taken again, by the same process, too, which had the store open', () => {
  const place = path.join(folder, 'again')
  for (let round = 0; round < 3; round++) {
    const release = take(place)
    const store = openStore(storeFileIn(place))
    expect(() => take(place)).toThrow(refusal(place, process.pid))
    store.close()
    release()
  }
})

/*
 * SQLite lets go of what one process had open only when the memory of it is reclaimed, and a test file of jest has modules of
 * its own, in the process of the one before it.
 */
test('a store that was closed holds up neither another process, nor other copies of these modules in this one', async () => {
  const place = path.join(folder, 'closed')
  const release = take(place)
  const store = openStore(storeFileIn(place))
  expect(store.traces.list({}, 1)).toEqual([])
  store.close()
  release()
  await jest.isolateModulesAsync(async () => {
    const copy: typeof import('../../../emulator/standalone/folder') = await import(
      '../../../emulator/standalone/folder'
    )
    copy.lockFolder(place, 'local stack', retype)()
  })
  const other = await lockElsewhere(place)
  await other.kill()
  // it is not reclaimed before this
  expect(() => store.traces.list({}, 1)).toThrow()
})

test.each<[string, string, (place: string) => void]>([
  ['a file', 'file', (place) => fs.writeFileSync(place, '')],
  // where Node's recursive mkdir would never return
  ['a folder in one that takes none', '/proc/x/y', () => {}],
  ['a folder below a file', 'other/below', (place) => fs.writeFileSync(path.dirname(place), '')],
  [
    'a folder where no lock can be made',
    'full',
    (place) => fs.mkdirSync(path.join(place, 'lock'), { recursive: true }),
  ],
])('%s cannot be used: one line that says what to do', (_, name, make) => {
  const place = path.resolve(folder, name)
  make(place)
  expect(() => take(place)).toThrow(UserError)
  expect(() => take(place)).toThrow(/ cannot be used \(.+\)\. Choose another folder: again {"folder":true}$/)
})

test.each<[string, string, (file: string) => void]>([
  ['a file env', 'env', (file) => fs.writeFileSync(file, 'SECRET=1\n')],
  ['a folder env, as of Python', 'env', (file) => fs.mkdirSync(file)],
  ['a file pid', 'pid', (file) => fs.writeFileSync(file, 'mine\n')],
])('%s of the user stays as it is: one line that says so', async (name, file, make) => {
  const place = path.join(folder, name.replaceAll(/\W+/g, '-'))
  fs.mkdirSync(place)
  make(path.join(place, file))
  const before = fs.statSync(path.join(place, file))
  const undo = createUndoSteps()
  const refused = () => takeFolder(place, 'EventBridge', retype, undo)
  expect(refused).toThrow(
    `${path.join(place, file)} is yours, and would be replaced. Choose another folder: again {"folder":true}`,
  )
  await undo.run()
  expect(fs.statSync(path.join(place, file))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
})

test('what a kill left of ours is replaced', async () => {
  const place = path.join(folder, 'killed')
  fs.mkdirSync(place)
  fs.writeFileSync(path.join(place, 'env'), 'ORIGIN=http://127.0.0.1:1\n')
  fs.writeFileSync(path.join(place, 'pid'), '1\n')
  const undo = createUndoSteps()
  takeFolder(place, 'EventBridge', retype, undo)
  expect(fs.readFileSync(path.join(place, 'pid'), 'utf8')).toBe(`${process.pid}\n`)
  expect(fs.existsSync(path.join(place, 'env'))).toBe(false)
  await undo.run()
})

test('git sees nothing of a folder that was made; one that was there stays as it is', () => {
  const made = path.join(folder, 'project', 'made')
  take(made)()
  expect(fs.readFileSync(path.join(made, '.gitignore'), 'utf8')).toBe('*\n')
  const there = path.dirname(made)
  take(there)()
  expect(fs.readdirSync(there)).not.toContain('.gitignore')
})
