import fs from 'node:fs'
import path from 'node:path'
import { requireStack, runningStack } from '../../../cli/runningStack'
import { writeEnvFile } from '../../../local/envFile'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const project = temporaryFolder()

beforeAll(() => {
  for (const name of ['.local', 'of-the-file', 'of-the-shell']) {
    fs.mkdirSync(path.join(project, name))
    writeEnvFile(path.join(project, name, 'env'), { ORIGIN: name })
  }
})

test.each<[string, string, Record<string, string>, string | undefined]>([
  ['neither', '', {}, '.local'],
  ['.env.local', 'LOCAL_DIR=of-the-file', {}, 'of-the-file'],
  ['the shell, which goes first', 'LOCAL_DIR=of-the-file', { LOCAL_DIR: 'of-the-shell' }, 'of-the-shell'],
  ['a folder where no stack runs', '', { LOCAL_DIR: 'nowhere' }, undefined],
  ['a stack that publishes to the cloud', 'EVENTBRIDGE_ENDPOINT=https://1.example.org', {}, '.local'],
])('LOCAL_DIR of %s', (_, file, shell, origin) => {
  fs.writeFileSync(path.join(project, '.env.local'), file)
  expect(runningStack(project, shell)['ORIGIN']).toBe(origin)
})

test('where one is needed and none runs: what to do', () => {
  expect(requireStack(project, { LOCAL_DIR: 'of-the-shell' })['ORIGIN']).toBe('of-the-shell')
  const none = () => requireStack(project, { LOCAL_DIR: 'nowhere' })
  expect(none).toThrow(UserError)
  expect(none).toThrow('No local stack is running. Start one: npm start')
})
