import fs from 'node:fs'
import path from 'node:path'
import { isOnLocalStack, requireStack, runningStack, stackEnvironment } from '../../../cli/localStack'
import { writeEnvFile } from '../../../shared/envFile'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const project = temporaryFolder()

beforeEach(() => {
  fs.rmSync(path.join(project, '.env.local'), { force: true })
  for (const name of ['.local', 'of-the-file', 'of-the-shell']) {
    fs.rmSync(path.join(project, name), { recursive: true, force: true })
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

const server = { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '3307', MYSQL_DATABASE: 'dingtalk' }

test.each<[string, Record<string, string>, boolean]>([
  ['names no database', {}, true],
  ["names the stack's, as after `. .local/env`", server, true],
  ['names a blank', { MYSQL_HOST: ' ' }, true],
  ["names the stack's with blanks", { ...server, MYSQL_HOST: '127.0.0.1\n' }, true],
  ['names another host', { ...server, MYSQL_HOST: 'rds.example.org' }, false],
  ['names another port', { ...server, MYSQL_PORT: '3306' }, false],
  ['names another database', { ...server, MYSQL_DATABASE: 'hr' }, false],
  ['names a host alone', { MYSQL_HOST: '127.0.0.1' }, false],
  ['names one where no stack runs', { ...server, LOCAL_DIR: 'nowhere' }, false],
])('a shell that %s: on the local stack %s', (_, shell, isLocal) => {
  fs.writeFileSync(path.join(project, '.env.local'), '')
  writeEnvFile(path.join(project, '.local', 'env'), { ORIGIN: '.local', ...server })
  expect(isOnLocalStack(project, shell)).toBe(isLocal)
})

test.each<[string, string | undefined, boolean]>([
  ['of this process', String(process.pid), true],
  ['of none that runs', '4194305', false],
  ['that is missing', undefined, true],
  ['of another container, where it is the first', '1', true],
])('a pid file %s: the stack runs: %s', (_, pid, runs) => {
  const file = path.join(project, 'of-the-shell', 'pid')
  if (pid !== undefined) fs.writeFileSync(file, `${pid}\n`)
  expect('ORIGIN' in runningStack(project, { LOCAL_DIR: 'of-the-shell' })).toBe(runs)
})

test('the stack goes before the user, but for the keys that the shell has', () => {
  fs.writeFileSync(path.join(project, '.env.local'), 'ORIGIN=mine\nDINGTALK_TOKEN=mine\nLOG_STORE=mine\n')
  const keys = { DINGTALK_TOKEN: 'test', WEBHOOK_TOKEN: 'test', CONNECTOR_API_SECRET: 'test', DINGTALK_CORP_ID: 'test' }
  writeEnvFile(path.join(project, '.local', 'env'), { ORIGIN: 'o', ...keys })
  expect(stackEnvironment(project, {})).toMatchObject({ ORIGIN: 'o', ...keys, LOG_STORE: 'mine' })
  const shell = { ORIGIN: 'shell', WEBHOOK_TOKEN: 'shell', CONNECTOR_API_SECRET: 'shell', DINGTALK_CORP_ID: ' ' }
  expect(stackEnvironment(project, shell)).toMatchObject({
    ...keys,
    ORIGIN: 'o',
    WEBHOOK_TOKEN: 'shell',
    CONNECTOR_API_SECRET: 'shell',
  })
})

test('where one is needed and none runs: what to do', () => {
  expect(requireStack(project, { LOCAL_DIR: 'of-the-shell' })['ORIGIN']).toBe('of-the-shell')
  const none = () => requireStack(project, { LOCAL_DIR: 'nowhere' })
  expect(none).toThrow(UserError)
  expect(none).toThrow(/^No local stack is running in \S+nowhere\. Start one in another terminal: npm start$/)
})
