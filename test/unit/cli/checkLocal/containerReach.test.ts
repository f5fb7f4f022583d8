import { allowBeyond, containerReach } from '../../../../cli/checkLocal/containerReach'
import { readServerlessFile } from '../../../../local/project/serverlessFile'
import { COMPLETE, serverlessText } from '../../../support/serverless'
import { runCli } from '../../../support/stackProcess'

const functions = readServerlessFile(serverlessText)
const reach = (dotEnv: Record<string, string>, shell: Record<string, string> = {}) =>
  containerReach({ functions, environment: { ...dotEnv, ...shell }, dotEnv })

const CLOUD = { ...COMPLETE, AccessKeyID: 'LTAI5tExampleExample' }
/** What `. .local/env` sets, and what a container calls the machine. */
const STACK = {
  AccountID: '123456789012',
  AccessKeyID: 'local',
  AccessKeySecret: 'local-is-not-a-secret',
  MYSQL_HOST: 'host.docker.internal',
  MYSQL_PORT: '21234',
  MYSQL_DATABASE: 'dingtalk',
  EVENTBRIDGE_ENDPOINT: 'http://host.docker.internal:8080',
}

test('what .env of a deployment makes of it: the cloud, with the key of whoever runs it', () => {
  expect(reach(CLOUD)).toEqual({
    lines: [
      'dingtalk-webhook: EventBridge https://1234567890123456.eventbridge.cn-hangzhou.aliyuncs.com, bus dingtalk (EVENTBRIDGE_ENDPOINT is not set)',
      'dingtalk-employees: database hr at rm-example.mysql.rds.aliyuncs.com:3306 (MYSQL_HOST of .env)',
      'both, and whatever they run: the key of AccessKeyID of .env',
    ],
    beyond: [
      'EVENTBRIDGE_ENDPOINT is not set, so events go to the one of the cloud',
      'MYSQL_HOST of .env: it is not this machine',
      'AccessKeyID of .env: it may be a key of the cloud',
    ],
  })
})

test("with the local stack's variables in the shell, which go before .env, nothing is beyond this machine", () => {
  expect(reach(CLOUD, STACK)).toEqual({
    lines: [
      'dingtalk-webhook: EventBridge http://host.docker.internal:8080, bus dingtalk (EVENTBRIDGE_ENDPOINT of the shell)',
      'dingtalk-employees: database dingtalk at host.docker.internal:21234 (MYSQL_HOST of the shell)',
      'both, and whatever they run: the key of AccessKeyID of the shell',
    ],
    beyond: [],
  })
})

test('no value of a key, a password or a token is told', () => {
  const secrets = {
    ...CLOUD,
    WEBHOOK_TOKEN: 'sixteen-letters-x',
    EVENTBRIDGE_ENDPOINT: 'https://name:hidden@e.example/x?y',
    MYSQL_HOST: 'mysql://name:hidden@db.example',
  }
  const text = JSON.stringify([reach(secrets), reach(secrets, { AccountID: '' })])
  for (const secret of ['LTAI5t', 'a-secret', 'a-password', 'sixteen-letters-x', 'hidden'])
    expect(text).not.toContain(secret)
})

test.each<[string, Record<string, string>, string[]]>([
  [
    'an empty variable of the shell, which s takes before .env',
    { EVENTBRIDGE_ENDPOINT: '' },
    ['EVENTBRIDGE_ENDPOINT is not set, so events go to the one of the cloud'],
  ],
  [
    'an EventBridge of the cloud',
    { EVENTBRIDGE_ENDPOINT: 'https://1.eventbridge.cn-hangzhou.aliyuncs.com' },
    ['EVENTBRIDGE_ENDPOINT of the shell: it is not this machine'],
  ],
  [
    'one in the VPC',
    { EVENTBRIDGE_ENDPOINT: 'http://1.eventbridge-vpc.cn-hangzhou.aliyuncs.com' },
    ['EVENTBRIDGE_ENDPOINT of the shell: it is not this machine'],
  ],
  [
    'one that is no URL',
    { EVENTBRIDGE_ENDPOINT: '127.0.0.1:8080' },
    ['EVENTBRIDGE_ENDPOINT of the shell: it is not this machine'],
  ],
  [
    'a name that only looks local',
    { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1.example.com' },
    ['EVENTBRIDGE_ENDPOINT of the shell: it is not this machine'],
  ],
  ['a database elsewhere', { MYSQL_HOST: '203.0.113.8' }, ['MYSQL_HOST of the shell: it is not this machine']],
  ['a database by a name of somebody’s own', { MYSQL_HOST: 'db' }, ['MYSQL_HOST of the shell: it is not this machine']],
  ['no database, which employees refuses itself', { MYSQL_HOST: '' }, []],
  ['loopback', { MYSQL_HOST: '127.0.0.1', EVENTBRIDGE_ENDPOINT: 'http://LOCALHOST:8080' }, []],
  [
    'a key of the cloud',
    { AccessKeyID: 'LTAI5tExampleExample' },
    ['AccessKeyID of .env: it may be a key of the cloud'],
  ],
  [
    'a temporary key',
    { AccessKeyID: 'STS.NSExampleExample' },
    ['AccessKeyID of the shell: it may be a key of the cloud'],
  ],
  ['an old key', { AccessKeyID: 'abcdefghij123456' }, ['AccessKeyID of the shell: it may be a key of the cloud']],
  [
    'a key without its account, where s takes one that it has stored',
    { AccountID: '' },
    ['AccountID: not set, so s takes a key that it has stored'],
  ],
  [
    'a key without its secret',
    { AccessKeySecret: '' },
    ['AccessKeySecret: not set, so s takes a key that it has stored'],
  ],
])('beyond this machine: %s', (_, changes, beyond) => {
  expect(reach(CLOUD, { ...STACK, ...changes }).beyond).toEqual(beyond)
})

describe('what is beyond this machine', () => {
  const beyond = ['MYSQL_HOST of .env: it is not this machine']

  test('is refused, with what to do', () => {
    expect(() => allowBeyond(beyond, {}, {})).toThrow(
      /^This is not on this machine:\n {2}MYSQL_HOST of \.env: it is not this machine\nTake the local stack's .*S_LOCAL_EXTERNAL=1/,
    )
  })

  test.each(['0', 'true', 'yes', ' 1', ''])('is refused with S_LOCAL_EXTERNAL=%j', (S_LOCAL_EXTERNAL) => {
    expect(() => allowBeyond(beyond, { S_LOCAL_EXTERNAL }, {})).toThrow(/^This is not on this machine/)
  })

  test('is taken where the shell asks for it, and .env does not count', () => {
    const asked = { S_LOCAL_EXTERNAL: '1' }
    expect(allowBeyond(beyond, asked, {})).toMatch(/^S_LOCAL_EXTERNAL=1: that is taken/)
    // below `s` the shell has what .env has
    expect(() => allowBeyond(beyond, asked, asked)).toThrow(/^S_LOCAL_EXTERNAL is for one call/)
  })

  test('is nothing where all is here', () => {
    expect(allowBeyond([], {}, { S_LOCAL_EXTERNAL: '1' })).toBeUndefined()
  })
})

test('the command ends with 1 where it refuses, so that s ends, too', async () => {
  const refused = await runCli('checkLocal', [], CLOUD)
  expect(refused.code).toBe(1)
  expect(refused.output).toMatch(/^What s local hands to the containers:\n(.*\n)+This is not on this machine:\n/)
  expect(await runCli('checkLocal', [], STACK)).toMatchObject({ code: 0 })
})
