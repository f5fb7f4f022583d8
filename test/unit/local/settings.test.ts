import fs from 'node:fs'
import path from 'node:path'
import { type Arguments, readSettings } from '../../../local/settings'
import type { Environment } from '../../../shared/config'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()

test('defaults', () => {
  expect(readSettings(folder, {}, {})).toEqual({
    environment: {},
    port: 8080,
    localDir: path.join(folder, '.local'),
    eventBridgeFile: path.join(folder, 'eventbridge.yaml'),
    external: false,
    publicHost: undefined,
  })
})

test('the shell goes before .env.local, and .env is never read', () => {
  fs.writeFileSync(path.join(folder, '.env.local'), 'PORT=1111\nWEBHOOK_TOKEN="from .env.local"\nMYSQL_USER=file\n')
  fs.writeFileSync(path.join(folder, '.env'), 'MYSQL_HOST=rm-production.mysql.rds.aliyuncs.com\n')
  const { port, environment } = readSettings(folder, { PORT: '2222', MYSQL_USER: '' }, {})
  expect(port).toBe(2222)
  expect(environment).toEqual({ PORT: '2222', WEBHOOK_TOKEN: 'from .env.local', MYSQL_USER: 'file' })
  fs.rmSync(path.join(folder, '.env.local'))
})

test.each<[string, Environment, Arguments, RegExp]>([
  ['a port that is no number', { PORT: 'http' }, {}, /PORT must be a number/],
  ['port 0', { PORT: '0' }, {}, /PORT must be a number/],
  ['port 65536', { PORT: '65536' }, {}, /PORT must be a number/],
  ['a tunnel that is no URL', { PUBLIC_ORIGIN: 'example.org' }, {}, /PUBLIC_ORIGIN must be the origin/],
  [
    'an EventBridge in the cloud',
    { EVENTBRIDGE_ENDPOINT: 'https://1.eventbridge.cn-hangzhou.aliyuncs.com' },
    {},
    /--external/,
  ],
])('%s is refused with what to do', (_, environment, args, message) => {
  expect(() => readSettings(folder, environment, args)).toThrow(UserError)
  expect(() => readSettings(folder, environment, args)).toThrow(message)
})

test('an EventBridge in the cloud is allowed with --external', () => {
  const endpoint = 'https://1.eventbridge.cn-hangzhou.aliyuncs.com'
  expect(readSettings(folder, { EVENTBRIDGE_ENDPOINT: endpoint }, { external: true }).external).toBe(true)
})
