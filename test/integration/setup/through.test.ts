import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { CTRL_U, DOWN, ENTER } from '../../support/terminal'
import { APP_SECRET, answerAll, answerOf, KEY, LOGS, NETWORK, prepareSetup, SECRET } from './setupRun'

const project = prepareSetup()

test('through once, with a connector and native callbacks: .env is complete, and no secret was printed', async () => {
  const terminal = project.start()
  await answerAll(terminal, [...KEY, ...LOGS, ...NETWORK, ...project.database()])
  await terminal.answer('How does the webhook know who calls?', `${DOWN}${DOWN} ${ENTER}`)
  await answerAll(terminal, [
    ['WEBHOOK_TOKEN', ''],
    ['DINGTALK_TOKEN', ''],
    ['DINGTALK_AES_KEY', ''],
    ['DINGTALK_OWNER_KEYS', 'dingapp'],
  ])
  await terminal.answer('Client Secret of dingapp', `${APP_SECRET}${ENTER}`)
  await answerAll(terminal, [
    ['DINGTALK_CORP_ID', 'dingcorp'],
    ['EVENTBRIDGE_ENDPOINT', ''],
  ])
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', ENTER)
  await answerAll(terminal, [['LOG_HASH_KEY', '']])
  await terminal.answer('may read the address book', 'n')
  expect(await terminal.ended()).toBe(0)

  const output = terminal.output()
  expect(output).toContain('access key: valid, of the account 1234567890123456')
  expect(output).toContain('logs: the project is there, and its logstore')
  expect(output).toMatch(
    new RegExp(
      `database: ${project.account().database} at rm-example.mysql.rds.aliyuncs.com:${project.account().port}`,
    ),
  )
  expect(output).toContain('grants: all that deliveries and maintenance need')
  expect(output).toContain('DingTalk app: DingTalk knows dingapp and its secret')
  expect(output).toMatch(/The environment is complete\.\n[\s\S]*\nNext: .*s deploy/)
  expect(project.cloud().asked).toEqual([
    'sts.aliyuncs.com POST /',
    'hr-logs.cn-hangzhou.log.aliyuncs.com GET /logstores/dingtalk-eventbridge',
    'api.dingtalk.com POST /v1.0/oauth2/accessToken',
  ])

  const written = project.readEnv()
  expect(written).toMatchObject({
    AccountID: '1234567890123456',
    MYSQL_PASSWORD: project.account().password,
    WEBHOOK_TOKEN: expect.stringMatching(/^\w{48}$/),
    DINGTALK_TOKEN: expect.stringMatching(/^[A-Za-z0-9]{3,32}$/),
    DINGTALK_AES_KEY: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
    LOG_HASH_KEY: expect.stringMatching(/^\w{48}$/),
  })
  const text = fs.readFileSync(project.file, 'utf8')
  expect(text).not.toContain(APP_SECRET)
  expect(fs.statSync(project.file).mode & 0o777).toBe(0o600)
  const comments = (of: string) => of.split('\n').filter((line) => line.startsWith('#') && !/^# \w+=/.test(line))
  expect(comments(text)).toEqual(comments(fs.readFileSync(path.join(project.copy, '.env.example'), 'utf8')))
  const { AccessKeySecret, MYSQL_PASSWORD, WEBHOOK_TOKEN, DINGTALK_TOKEN, DINGTALK_AES_KEY, LOG_HASH_KEY } = written
  const secrets = [AccessKeySecret, MYSQL_PASSWORD, WEBHOOK_TOKEN, DINGTALK_TOKEN, DINGTALK_AES_KEY, LOG_HASH_KEY]
  for (const secret of [...secrets, APP_SECRET]) expect(output).not.toContain(secret)
  // nor a part of one
  for (const secret of [SECRET, APP_SECRET, WEBHOOK_TOKEN, DINGTALK_TOKEN, DINGTALK_AES_KEY, LOG_HASH_KEY]) {
    for (const part of secret?.match(/.{5}/g) ?? ['none']) expect(output).not.toContain(part)
  }

  const check = spawnSync('npm', ['run', '--silent', 'check:environment'], { cwd: project.copy, encoding: 'utf8' })
  expect([check.status, check.stdout]).toEqual([0, expect.stringMatching(/^The environment is complete\.\n/)])
})

test('wrong answers are refused as check:environment would, and asked for again', async () => {
  const terminal = project.start()
  const rows: [name: string, wrong: string, message: string, right: string][] = [
    ['FC_REGION_ID', 'hangzhou', 'FC_REGION_ID: must be a region', 'cn-hangzhou'],
    ['LOG_PROJECT', 'HR', 'LOG_PROJECT: must be 3 to 63', 'hr-logs'],
    ['LOG_STORE', 'Logs', 'LOG_STORE: must be 3 to 63', 'dingtalk-eventbridge'],
    ['VPC_ID', 'vsw-1', 'VPC_ID: must be an ID that begins with vpc-', 'vpc-1'],
    ['VSWITCH_ID', 'vsw-1,vsw-2', 'VSWITCH_ID: must be an ID that begins with vsw-', 'vsw-1'],
    ['SECURITY_GROUP_ID', 'default', 'SECURITY_GROUP_ID: must be an ID that begins with sg-', 'sg-1'],
    [
      'MYSQL_HOST',
      'localhost',
      'MYSQL_HOST: must be the instance, not this machine',
      'rm-example.mysql.rds.aliyuncs.com',
    ],
    ['MYSQL_PORT', '0', 'MYSQL_PORT: must be between 1 and 65535', String(project.account().port)],
    ['MYSQL_USER', 'a$b', 'MYSQL_USER: has a $', project.account().user],
    ['MYSQL_PASSWORD', 'pa$word', 'MYSQL_PASSWORD: has a $', ''],
    ['MYSQL_PASSWORD', 'password ', 'MYSQL_PASSWORD: has a blank', ''],
    ['MYSQL_PASSWORD', `'"\``, 'MYSQL_PASSWORD: has quotes', project.account().password],
    ['MYSQL_DATABASE', 'x$', 'MYSQL_DATABASE: has a $', project.account().database],
    ['MYSQL_SSL', 'no-such-file.pem', 'MYSQL_SSL: must be off, required, or the file', 'off'],
  ]
  await answerAll(terminal, KEY.slice(0, 2))
  for (const [at, [name, wrong, message, right]] of rows.entries()) {
    // one that has several is still at its prompt
    if (rows[at - 1]?.[0] !== name) await terminal.answer(answerOf(name), '')
    terminal.write(`${CTRL_U}${wrong}${ENTER}`)
    await terminal.answer(message, CTRL_U)
    if (rows[at + 1]?.[0] !== name) terminal.write(`${right}${ENTER}`)
  }
  await terminal.answer('How does the webhook know who calls?', `${DOWN} ${DOWN} ${ENTER}`)
  const secrets = [
    ['WEBHOOK_TOKEN', 'short', 'WEBHOOK_TOKEN: must have at least 16', ''],
    ['CONNECTOR_API_SECRET', 'short', 'CONNECTOR_API_SECRET: must have at least 8', 'long-enough'],
    ['DINGTALK_TOKEN', 'a-b', 'DINGTALK_TOKEN: must be 3 to 32', ''],
    ['DINGTALK_AES_KEY', 'short', 'DINGTALK_AES_KEY: must be 43', ''],
    ['DINGTALK_OWNER_KEYS', 'ding app', 'DINGTALK_OWNER_KEYS: must be the appKey', 'dingapp'],
  ] as const
  for (const [name, wrong, message, right] of secrets) {
    await terminal.answer(answerOf(name), `${wrong}${ENTER}`)
    await terminal.answer(message, `${CTRL_U}${right}${ENTER}`)
  }
  await terminal.answer('Client Secret of dingapp', `wrong${ENTER}`)
  await terminal.answer('DingTalk knows no app of this Client ID and secret', '')
  await terminal.answer('Answer these again?', `n`)
  await terminal.answer(answerOf('DINGTALK_CORP_ID'), `dingcorp${ENTER}`)
  await terminal.answer(answerOf('EVENTBRIDGE_ENDPOINT'), `http://eb.example.org${ENTER}`)
  await terminal.answer('EVENTBRIDGE_ENDPOINT: must be https', `${CTRL_U}${ENTER}`)
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', 'n')
  await terminal.answer('may read the address book', 'n')
  expect(await terminal.ended()).toBe(0)
})
