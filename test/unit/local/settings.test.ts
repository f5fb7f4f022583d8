import fs from 'node:fs'
import path from 'node:path'
import { type Arguments, readSettings } from '../../../local/project/settings'
import type { Environment } from '../../../shared/config'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()

test('defaults', () => {
  expect(readSettings(folder, {}, {})).toEqual({
    environment: {},
    warnings: [],
    fromFile: new Set(),
    port: 8080,
    localDir: path.join(folder, '.local'),
    eventBridgeFile: path.join(folder, 'eventbridge.yaml'),
    external: false,
    publicHost: undefined,
    allowedHosts: [],
    faults: undefined,
    retention: { maxAgeMs: 7 * 86_400_000, maxBytes: 256 * 1024 * 1024 },
    maxClockSkewMs: undefined,
  })
})

test('the shell goes before .env.local, and .env is never read', () => {
  fs.writeFileSync(path.join(folder, '.env.local'), 'PORT=1111\nWEBHOOK_TOKEN="from .env.local"\nMYSQL_USER=file\n')
  fs.writeFileSync(path.join(folder, '.env'), 'MYSQL_HOST=rm-production.mysql.rds.aliyuncs.com\n')
  const { port, environment, fromFile } = readSettings(folder, { PORT: '2222', MYSQL_USER: '' }, {})
  expect(port).toBe(2222)
  expect(environment).toEqual({ PORT: '2222', WEBHOOK_TOKEN: 'from .env.local', MYSQL_USER: 'file' })
  expect(fromFile).toEqual(new Set(['WEBHOOK_TOKEN', 'MYSQL_USER']))
  fs.rmSync(path.join(folder, '.env.local'))
})

test.each<[string, Environment, Arguments, RegExp]>([
  ['a port that is no number', { PORT: 'http' }, {}, /^PORT must be a number from 1 to 65535, such as 8081\.$/],
  ['port 0', { PORT: '0' }, {}, /PORT must be a number/],
  ['port 65536', { PORT: '65536' }, {}, /PORT must be a number/],
  ['a tunnel that is no URL', { PUBLIC_ORIGIN: 'example.org' }, {}, /PUBLIC_ORIGIN must be the origin/],
  [
    'an EventBridge in the cloud',
    { EVENTBRIDGE_ENDPOINT: 'https://1.eventbridge.cn-hangzhou.aliyuncs.com' },
    {},
    /^EVENTBRIDGE_ENDPOINT is not on this machine\. Unset it, or add --external to publish there\.$/,
  ],
  ['a fault that nobody knows', {}, { fail: 'flood=1%' }, /--fail does not know "flood=1%"/],
  ['an allowed host that is a URL', {}, { 'allow-host': ['https://example.org'] }, /--allow-host takes the name/],
  ['an allowed host with a port', {}, { 'allow-host': ['example.org:443'] }, /--allow-host takes the name/],
  ['an event trace of no days', { TRACE_DAYS: '0' }, {}, /TRACE_DAYS must be a whole number/],
  ['no clock skew', { MAX_CLOCK_SKEW_S: '0' }, {}, /MAX_CLOCK_SKEW_S must be a whole number/],
  ['a clock skew with a unit', { MAX_CLOCK_SKEW_S: '15m' }, {}, /MAX_CLOCK_SKEW_S must be a whole number/],
  ['an event trace of half a megabyte', { TRACE_MAX_MB: '0.5' }, {}, /TRACE_MAX_MB must be a whole number/],
])('%s is refused with what to do', (_, environment, args, message) => {
  expect(() => readSettings(folder, environment, args)).toThrow(UserError)
  expect(() => readSettings(folder, environment, args)).toThrow(message)
})

test('an EventBridge in the cloud is allowed with --external', () => {
  const endpoint = 'https://1.eventbridge.cn-hangzhou.aliyuncs.com'
  expect(readSettings(folder, { EVENTBRIDGE_ENDPOINT: endpoint }, { external: true }).external).toBe(true)
})

test('how far the event trace goes back', () => {
  const { retention } = readSettings(folder, { TRACE_DAYS: '2', TRACE_MAX_MB: '10' }, {})
  expect(retention).toEqual({ maxAgeMs: 2 * 86_400_000, maxBytes: 10 * 1024 * 1024 })
})

test('how far the clock of a request may be off', () => {
  expect(readSettings(folder, { MAX_CLOCK_SKEW_S: '900' }, {}).maxClockSkewMs).toBe(900_000)
})

test.each([
  ['Hooks.Example.com', 'hooks.example.com'],
  ['[2001:DB8::1]', '2001:db8::1'],
  ['10.0.0.1', '10.0.0.1'],
])('an allowed host %s is %s', (text, host) => {
  expect(readSettings(folder, {}, { 'allow-host': [text] }).allowedHosts).toEqual([host])
})
