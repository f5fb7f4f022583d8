import fs from 'node:fs'
import path from 'node:path'
import { walkTarget } from '../../../../cli/reconcile/target'
import { writeEnvFile } from '../../../../shared/envFile'
import { UserError } from '../../../../shared/userError'
import { temporaryFolder } from '../../../support/temporaryFolder'

const project = temporaryFolder()
const dotEnv = path.join(project, '.env')
const localDir = path.join(project, '.local')

const ORIGIN = 'http://127.0.0.1:8080'
const account = (who: string) => ({
  AccountID: `${who}1`,
  AccessKeyID: `${who}-id`,
  AccessKeySecret: `${who}-secret`,
})
const STACK = {
  ORIGIN,
  ...account('0'),
  FC_ACCOUNT_ID: '01',
  FC_REGION_ID: 'cn-local',
  ALIBABA_CLOUD_ACCESS_KEY_ID: '0-id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: '0-secret',
  EVENTBRIDGE_ENDPOINT: ORIGIN,
  EVENT_BUS_NAME: 'stack',
  DINGTALK_CORP_ID: 'dingcorp',
}
const LOOPBACK = {
  DINGTALK_API_ENDPOINT: `${ORIGIN}/dingtalk/api`,
  DINGTALK_OAPI_ENDPOINT: `${ORIGIN}/dingtalk/oapi`,
  DINGTALK_APP_KEY: 'dingstack',
  DINGTALK_APP_SECRET: 'stack-secret',
}
const KEYS = { DINGTALK_APP_KEY: 'dingreal', DINGTALK_APP_SECRET: 'real-secret', DINGTALK_CORP_ID: 'dingrealcorp' }
const CLOUD = 'https://71.eventbridge.cn-hangzhou.aliyuncs.com'

type Variables = Record<string, string>

interface Case {
  stack?: Variables
  file?: Variables
  shell?: Variables
  local?: boolean
}

function targetOf({ stack, file, shell = {}, local = false }: Case) {
  fs.rmSync(dotEnv, { force: true })
  fs.rmSync(localDir, { recursive: true, force: true })
  fs.mkdirSync(localDir)
  if (stack) writeEnvFile(path.join(localDir, 'env'), stack)
  const lines = Object.entries(file ?? {}).map(([name, value]) => `${name}=${value}\n`)
  if (file) fs.writeFileSync(dotEnv, lines.join(''))
  return walkTarget(project, shell, local)
}

const OF_STACK = ['dingstack', 'dingcorp', `${ORIGIN}/dingtalk/oapi`, ORIGIN, 'stack', '0-id']
const REAL_INTO_STACK = ['dingreal', 'dingrealcorp', 'https://oapi.dingtalk.com', ORIGIN, 'stack', '0-id']
const OF_CLOUD = ['dingreal', 'dingrealcorp', 'https://oapi.dingtalk.com', CLOUD, 'dingtalk', '7-id']
const real = { ...KEYS, ...account('7') }

test.each<[string, Case, string[]]>([
  ['a stack with a loopback DingTalk', { stack: { ...STACK, ...LOOPBACK } }, OF_STACK],
  [
    'a shell that has read its env file',
    { stack: { ...STACK, ...LOOPBACK }, shell: { ...STACK, ...LOOPBACK } },
    OF_STACK,
  ],
  ["the shell's keys, into the stack", { stack: { ...STACK, ...LOOPBACK }, shell: KEYS }, REAL_INTO_STACK],
  ["the shell's keys, into a stack without DingTalk", { stack: STACK, shell: KEYS }, REAL_INTO_STACK],
  ['blanks in the shell are nothing', { stack: { ...STACK, ...LOOPBACK }, shell: { DINGTALK_APP_KEY: ' ' } }, OF_STACK],
  [
    'an access key in the shell is none of the stack',
    { stack: { ...STACK, ...LOOPBACK }, shell: { ALIBABA_CLOUD_ACCESS_KEY_ID: '7-id', AccessKeyID: '7-id' } },
    OF_STACK,
  ],
  ['.env', { file: real }, OF_CLOUD],
  ['.env goes before a stack', { file: real, stack: { ...STACK, ...LOOPBACK } }, OF_CLOUD],
  ['--local goes before .env', { file: real, stack: { ...STACK, ...LOOPBACK }, local: true }, OF_STACK],
  ['the shell alone', { shell: real }, OF_CLOUD],
  ['the account of the shell goes before a stack', { shell: real, stack: { ...STACK, ...LOOPBACK } }, OF_CLOUD],
  ['the shell goes before .env', { file: { ...real, DINGTALK_APP_KEY: 'dingfile' }, shell: KEYS }, OF_CLOUD],
  [
    'an endpoint in the VPC is not reached from a desk',
    { file: { ...real, EVENTBRIDGE_ENDPOINT: 'http://71.eventbridge.cn-hangzhou-vpc.aliyuncs.com' } },
    OF_CLOUD,
  ],
])('%s', (_, given, expected) => {
  const { config, endpoint, isLocal } = targetOf(given)
  const found = [
    config.DINGTALK_APP_KEY,
    config.DINGTALK_CORP_ID,
    config.DINGTALK_OAPI_ENDPOINT,
    endpoint.origin,
    config.EVENT_BUS_NAME,
    config.ALIBABA_CLOUD_ACCESS_KEY_ID,
  ]
  expect(found).toEqual(expected)
  expect(isLocal).toBe(endpoint.origin === ORIGIN)
})

test.each<[string, Case, RegExp]>([
  ['nothing is set', {}, /^Set DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_CORP_ID in .+ npm start -- --dingtalk$/],
  ['a stack has no DingTalk', { stack: STACK }, /^Set DINGTALK_APP_KEY, DINGTALK_APP_SECRET in /],
  ['a secret is missing', { file: { ...real, DINGTALK_APP_SECRET: '' } }, /^Set DINGTALK_APP_SECRET in /],
  ['the account is missing', { file: { ...real, AccountID: '' } }, /^Set AccountID in \.env, or start the local stack/],
  ['there is no stack', { file: real, local: true }, /^No local stack is running in /],
  ['the bus has no name that can be', { file: { ...real, EVENT_BUS_NAME: 'a b' } }, /^EVENT_BUS_NAME: /],
  [
    'a rate is none',
    { file: { ...real, DINGTALK_CALLS_PER_S: '0' } },
    /^DINGTALK_CALLS_PER_S: must be between 1 and 60$/,
  ],
  [
    'a limit is none',
    { file: { ...real, MAX_LEAVERS: 'some' } },
    /^MAX_LEAVERS: must be a number, a percentage or both/,
  ],
  [
    'invented people would go to the cloud',
    { file: { ...real, ...LOOPBACK } },
    /^The people of a loopback DingTalk go /,
  ],
  [
    'half of DingTalk is on this machine',
    { file: { ...real, DINGTALK_API_ENDPOINT: 'http://localhost:9' } },
    /^The people of a loopback DingTalk go /,
  ],
  [
    'a key would travel in the open',
    { file: { ...real, EVENTBRIDGE_ENDPOINT: 'http://bus.example.org' } },
    /^The endpoint must be https/,
  ],
])('one sentence when %s', (_, given, message) => {
  const attempt = () => targetOf(given)
  expect(attempt).toThrow(UserError)
  expect(attempt).toThrow(message)
})
