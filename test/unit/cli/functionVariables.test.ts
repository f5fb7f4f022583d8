import fs from 'node:fs'
import path from 'node:path'
import { functionVariables } from '../../../cli/host/functionVariables'
import { LOCAL_ACCOUNT } from '../../../local/project/account'
import { writeEnvFile } from '../../../shared/envFile'
import { UserError } from '../../../shared/userError'
import { serverlessText } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

const project = temporaryFolder()
const stack = path.join(project, 'stack')
const cloud = 'https://1234.eventbridge.cn-hangzhou.aliyuncs.com'
const cloudKey = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'own-id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'own-secret' }
const localKey = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL_ACCOUNT.credentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL_ACCOUNT.credentials.accessKeySecret,
}

beforeAll(() => {
  fs.writeFileSync(path.join(project, 's.yaml'), serverlessText)
  fs.writeFileSync(path.join(project, '.env.local'), 'WEBHOOK_TOKEN=of the file\n')
  fs.mkdirSync(stack)
  writeEnvFile(path.join(stack, 'env'), {
    ORIGIN: 'http://127.0.0.1:4321',
    EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:4321',
    EVENT_BUS_NAME: 'of-the-stack',
    WEBHOOK_TOKEN: 'of the stack',
    CONNECTOR_API_SECRET: 'of the stack',
    ...localKey,
  })
})

const webhook = (shell: Record<string, string>, external = false) =>
  functionVariables('dingtalk-webhook', project, { EVENT_BUS_NAME: 'own', ...shell }, external)

test.each<[string, Record<string, string>, Record<string, string>]>([
  [
    'no stack: the EventBridge of none',
    { PORT: '4000' },
    { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:4000', ...localKey },
  ],
  [
    'the running stack: the stack’s EventBridge',
    { LOCAL_DIR: stack },
    { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:4321', EVENT_BUS_NAME: 'own', ...localKey },
  ],
  [
    'a key for the cloud: the embedded EventBridge knows its own alone',
    { LOCAL_DIR: stack, ...cloudKey },
    { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:4321', ...localKey },
  ],
  [
    'an EventBridge of one’s own: the key goes with it',
    { LOCAL_DIR: stack, EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:5000', ...cloudKey },
    { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:5000', ...cloudKey },
  ],
  [
    'keys that were changed since the stack began: as `npm run events` signs',
    { LOCAL_DIR: stack, CONNECTOR_API_SECRET: 'of the shell' },
    { WEBHOOK_TOKEN: 'of the stack', CONNECTOR_API_SECRET: 'of the shell' },
  ],
  ['variables that the stack says', { LOCAL_DIR: stack, EVENT_BUS_NAME: '' }, { EVENT_BUS_NAME: 'of-the-stack' }],
])('with %s', (_, shell, expected) => {
  expect(webhook(shell)).toMatchObject(expected)
})

test('with --external: an EventBridge in the cloud, and the key for it', () => {
  expect(webhook({ EVENTBRIDGE_ENDPOINT: cloud, ...cloudKey }, true)).toMatchObject({
    EVENTBRIDGE_ENDPOINT: cloud,
    ...cloudKey,
  })
})

test.each<[string, Record<string, string>, string]>([
  [
    'an EventBridge in the cloud',
    { EVENTBRIDGE_ENDPOINT: cloud },
    'EVENTBRIDGE_ENDPOINT is not on this machine. Unset it, or add --external to publish there.',
  ],
  [
    'a database elsewhere',
    { MYSQL_HOST: 'db.example.org' },
    'MYSQL_HOST is not on this machine. Unset it, or add --external to write there.',
  ],
])('%s is refused', (_, shell, message) => {
  expect(() => webhook(shell)).toThrow(UserError)
  expect(() => webhook(shell)).toThrow(message)
})
