import fs from 'node:fs'
import type { FakeCloud } from '../../support/fakeCloud'
import { CTRL_U, DOWN, ENTER, ESCAPE } from '../../support/terminal'
import { APP_SECRET, answerAll, answerOf, BEGUN, KEY, keep, LOGS, NETWORK, prepareSetup, SECRET } from './setupRun'

const project = prepareSetup()

test.each([
  ['a key that there is not', 'noid', SECRET, 'access key: refused (InvalidAccessKeyId.NotFound)'],
  ['a secret of another key', 'LTAIexample', 'another', 'access key: refused (SignatureDoesNotMatch)'],
])('%s is wrong, and can be mended at once', async (_, id, secret, found) => {
  const terminal = project.start()
  await answerAll(terminal, [
    ['AccessKeyID', id],
    ['AccessKeySecret', secret],
    ['FC_REGION_ID', ''],
  ])
  await terminal.answer(found, '')
  await terminal.answer('Answer these again?', ENTER)
  await terminal.answer(answerOf('AccessKeyID'), `${CTRL_U}LTAIexample${ENTER}`)
  await terminal.answer(keep('AccessKeySecret'), 'n')
  await answerAll(terminal, KEY.slice(1))
  await terminal.answer('access key: valid, of the account 1234567890123456', '')
  await terminal.answer(answerOf('LOG_PROJECT'), ESCAPE)
  await terminal.ended()
  expect(project.readEnv()).toMatchObject({ AccountID: '1234567890123456', AccessKeySecret: SECRET })
})

test.each([
  ['a project that there is not', 'no-logs', '', 'logs: no project of this name is in the region (ProjectNotExist)'],
  [
    'a logstore that there is not',
    'hr-logs',
    `${CTRL_U}no-store`,
    'logs: no logstore of this name is in the project (LogStoreNotExist)',
  ],
])('%s is wrong, and one may go on', async (_, logProject, logstore, found) => {
  const terminal = project.start()
  await answerAll(terminal, [...KEY, ['LOG_PROJECT', logProject], ['LOG_STORE', logstore]])
  await terminal.answer(found, '')
  await terminal.answer('Answer these again?', 'n')
  await terminal.answer(answerOf('VPC_ID'), ESCAPE)
  expect(await terminal.ended()).toBe(1)
})

test.each<[string, FakeCloud['instead'], string, string]>([
  [
    'a key that is disabled',
    [403, { Code: 'InvalidAccessKeyId.Inactive' }],
    'access key: refused',
    'Answer these again?',
  ],
  ['a clock that is off', [400, { Code: 'InvalidTimeStamp.Expired' }], '(NTP)', 'Answer these again?'],
  [
    'a service that is ill',
    [503, { Code: 'ServiceUnavailable' }],
    'could not be tried (ServiceUnavailable)',
    answerOf('AccountID'),
  ],
  ['somebody else who answers', [502, 'a proxy'], 'could not be tried (HTTP 502)', answerOf('AccountID')],
  ['an answer that is none', [200, 'hello'], 'could not be tried: STS answers otherwise', answerOf('AccountID')],
  [
    "the main account's own key",
    [200, { AccountId: '1', IdentityType: 'Account' }],
    'take a RAM user’s',
    answerOf('LOG_PROJECT'),
  ],
])('%s is said, and then', async (_, instead, found, next) => {
  project.cloud().instead = instead
  const terminal = project.start()
  await answerAll(terminal, KEY)
  await terminal.answer(found, '')
  await terminal.answer(next, ESCAPE)
  expect(await terminal.ended()).toBe(1)
})

test('without a network nothing can be tried, and that is no error; what is left out is named at the end', async () => {
  const terminal = project.start({ ELSEWHERE: '{}' })
  await answerAll(terminal, [...KEY, ['AccountID', '1234567890123456'], ...LOGS, ['VPC_ID', '']])
  await answerAll(terminal, [...NETWORK.slice(1), ...project.database()])
  await terminal.answer('How does the webhook know who calls?', ` ${DOWN}${DOWN} ${ENTER}`)
  await answerAll(terminal, [
    ['DINGTALK_TOKEN', ''],
    ['DINGTALK_AES_KEY', ''],
    ['DINGTALK_OWNER_KEYS', 'dingapp'],
  ])
  await terminal.answer('Client Secret of dingapp', `${APP_SECRET}${ENTER}`)
  await answerAll(terminal, [['EVENTBRIDGE_ENDPOINT', '']])
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', 'n')
  await terminal.answer('may read the address book', 'n')
  expect(await terminal.ended()).toBe(1)
  const output = terminal.output()
  expect(output).toContain('access key: could not be tried: no answer from here (ENOTFOUND)')
  expect(output).toContain('logs: could not be tried: no answer from here (ENOTFOUND)')
  expect(output).toContain('database: not reached from here (ENOTFOUND)')
  expect(output).toContain('DingTalk app: could not be tried: no answer from here (ENOTFOUND)')
  expect(output).toContain('VPC_ID: left for later')
  expect(output).toMatch(
    /Not ready to deploy.*\n {2}VPC_ID: is not set\n\nnpm run setup again asks for what is missing/,
  )
})

test('a password that is wrong, and rights that are missing, are told', async () => {
  const reader = await project.allow(['SELECT ON *'])
  const terminal = project.start()
  await answerAll(terminal, [...KEY, ...LOGS, ...NETWORK, ...project.database().slice(0, 3)])
  await answerAll(terminal, [['MYSQL_PASSWORD', 'wrong'], ...project.database().slice(4)])
  await terminal.answer('ER_ACCESS_DENIED_ERROR', '')
  await terminal.answer('Answer these again?', ENTER)
  await answerAll(terminal, [
    ['MYSQL_HOST', ''],
    ['MYSQL_PORT', ''],
    ['MYSQL_USER', ''],
  ])
  await terminal.answer(keep('MYSQL_PASSWORD'), 'n')
  await answerAll(terminal, [
    ['MYSQL_PASSWORD', reader.password],
    ['MYSQL_DATABASE', ''],
    ['MYSQL_SSL', ''],
  ])
  await terminal.answer('grants: missing: INSERT, UPDATE on user_info', '')
  await terminal.answer('Answer these again?', ESCAPE)
  expect(await terminal.ended()).toBe(1)
})

test.each([
  ['LOG_PROJECT', { LOG_PROJECT: 'elsewhere.example.org/' }],
  ['LOG_STORE', { LOG_PROJECT: 'hr-logs', LOG_STORE: '../x' }],
  ['FC_REGION_ID', { FC_REGION_ID: 'x.example.org/', LOG_PROJECT: 'hr-logs' }],
])('a bad %s of the shell leads the key to no other host', async (_, shell) => {
  const terminal = project.start({ LOG_STORE: 'dingtalk-eventbridge', FC_REGION_ID: 'cn-hangzhou', ...shell })
  await answerAll(terminal, KEY.slice(0, 2))
  await terminal.answer('logs: could not be tried: a name is missing, or is none', '')
  await terminal.answer(answerOf('VPC_ID'), ESCAPE)
  await terminal.ended()
  expect(project.cloud().asked).toEqual(['sts.aliyuncs.com POST /'])
})

test.each([
  ['right', APP_SECRET, 'DingTalk app: DingTalk knows dingapp and its secret'],
  ['wrong', 'xQ7nOtTheSecret', 'DingTalk knows no app of this Client ID and secret'],
])('an app for the address book whose secret is %s', async (_, secret, told) => {
  fs.writeFileSync(project.file, 'WEBHOOK_TOKEN=sixteen-letters-x\n')
  const given = Object.fromEntries([...KEY, ...LOGS, ...NETWORK, ...project.database()])
  const shell = {
    ...given,
    FC_REGION_ID: 'cn-hangzhou',
    LOG_STORE: 'dingtalk-eventbridge',
    AccountID: '1234567890123456',
  }
  const terminal = project.start({ ...shell, MYSQL_PORT: String(project.account().port), MYSQL_SSL: 'off' })
  await terminal.answer(BEGUN, 'n')
  await terminal.answer('How does the webhook know who calls?', ENTER)
  await terminal.answer(keep('WEBHOOK_TOKEN'), ENTER)
  await terminal.answer(answerOf('EVENTBRIDGE_ENDPOINT'), ENTER)
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', 'n')
  await terminal.answer('may read the address book', 'y')
  await answerAll(terminal, [
    ['DINGTALK_APP_KEY', 'dingapp'],
    ['DINGTALK_APP_SECRET', secret],
    ['DINGTALK_CORP_ID', 'dingcorp'],
  ])
  if (secret !== APP_SECRET) await terminal.answer('Answer these again?', 'n')
  expect(await terminal.ended()).toBe(0)
  expect(terminal.output()).toContain(told)
  expect(terminal.output()).not.toContain(secret)
  expect(project.readEnv()).toMatchObject({ DINGTALK_APP_KEY: 'dingapp', DINGTALK_APP_SECRET: secret })
})
