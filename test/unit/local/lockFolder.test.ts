import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { lockFolder } from '../../../local/stack/ground'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()

/** Holds the lock in a process of its own until it is killed. */
async function lockElsewhere() {
  const script = `require('./local/stack/ground').lockFolder(${JSON.stringify(folder)}, 'npm start'); console.log('locked'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: path.join(__dirname, '../../..') })
  await once(child.stdout, 'data')
  return child
}

test('a second stack on the same folder is refused, until the first is gone, even by kill -9', async () => {
  const other = await lockElsewhere()
  expect(() => lockFolder(folder, 'npm run eventbridge')).toThrow(UserError)
  expect(() => lockFolder(folder, 'npm run eventbridge')).toThrow(
    `Another local stack (process ${other.pid}) runs in ${folder}. Stop it, or use another folder and port: LOCAL_DIR=.local-2 PORT=8081 npm run eventbridge`,
  )
  other.kill('SIGKILL')
  await once(other, 'exit')
  lockFolder(folder, 'npm run eventbridge')()
})

test('a lock that was released can be taken again', () => {
  lockFolder(folder, 'npm run eventbridge')()
  lockFolder(folder, 'npm run eventbridge')()
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
  expect(() => lockFolder(place, 'npm run eventbridge')).toThrow(UserError)
  expect(() => lockFolder(place, 'npm run eventbridge')).toThrow(
    / cannot be used \(.+\)\. Choose another folder: LOCAL_DIR=.local-2 npm run eventbridge$/,
  )
})
