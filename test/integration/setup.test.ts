import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { databaseUser, dropDatabaseUser } from '../support/databaseUser'
import { type FakeCloud, startFakeCloud } from '../support/fakeCloud'
import { shippedMapping } from '../support/mapping'
import { temporaryFolder } from '../support/temporaryFolder'
import { CTRL_C, CTRL_U, DOWN, ENTER, ESCAPE, startInTerminal, type Terminal } from '../support/terminal'
import { openPlayground, type Playground } from './migrate/playground'

const PROJECT = path.join(__dirname, '../..')
const FILES = ['cli', 'emulator', 'functions', 'local', 'shared', 'package.json', 'tsconfig.json', '.npmrc']
const WRITTEN = ['.env.example', 's.yaml', 'mapping.yaml', 'eventbridge.yaml']
/** A copy of this project, with an .env of its own. */
const copy = path.join(temporaryFolder(), 'project')
const file = path.join(copy, '.env')
const readEnv = () => parseEnv(fs.readFileSync(file, 'utf8'))

const HOST = 'rm-example.mysql.rds.aliyuncs.com'
const RIGHTS = ['SELECT, INSERT, UPDATE, CREATE TEMPORARY TABLES ON *', 'DELETE ON dead_letters']
const SECRET = 'kE9vQx27LmPz04TrWyUi81'
const APP_SECRET = 'aP3sBn65HdJc12FoXqRe97'
let cloud: FakeCloud
let db: Playground
let account: Playground['schema']
let started: Terminal | undefined

beforeAll(async () => {
  for (const name of [...FILES, ...WRITTEN])
    fs.cpSync(path.join(PROJECT, name), path.join(copy, name), { recursive: true })
  fs.symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'))
  cloud = await startFakeCloud({
    keys: { 'an-id': SECRET },
    accountId: '1234567890123456',
    identityType: 'RAMUser',
    project: 'hr-logs',
    logstore: 'dingtalk-eventbridge',
    apps: { dingapp: APP_SECRET },
  })
  db = await openPlayground()
  await db.migrate(shippedMapping)
  account = await databaseUser(db.schema, RIGHTS)
})

beforeEach(() => {
  fs.rmSync(file, { force: true })
  cloud.asked = []
  cloud.instead = undefined
})

afterEach(() => started?.close())

afterAll(async () => {
  await dropDatabaseUser(db.schema, account)
  await db.close()
  await cloud.close()
})

function setup(shell: Record<string, string> = {}): Terminal {
  started = startInTerminal('npm run --silent setup', copy, { ...cloud.variables(HOST), ...shell })
  return started
}

const answerOf = (name: string) => `◆  ${name}\n`
const keep = (name: string) => `◆  ${name} is set. Keep it?`

/** Types an answer to each prompt, in this order. */
async function answerAll(terminal: Terminal, answers: readonly (readonly [name: string, answer: string])[]) {
  for (const [name, answer] of answers) await terminal.answer(answerOf(name), `${answer}${ENTER}`)
}

const KEY = [
  ['AccessKeyID', 'an-id'],
  ['AccessKeySecret', SECRET],
  ['FC_REGION_ID', ''],
] as const
const LOGS = [
  ['LOG_PROJECT', 'hr-logs'],
  ['LOG_STORE', ''],
] as const
const NETWORK = [
  ['VPC_ID', 'vpc-1'],
  ['VSWITCH_ID', 'vsw-1'],
  ['SECURITY_GROUP_ID', 'sg-1'],
] as const
const database = () =>
  [
    ['MYSQL_HOST', HOST],
    ['MYSQL_PORT', `${CTRL_U}${account.port}`],
    ['MYSQL_USER', account.user],
    ['MYSQL_PASSWORD', account.password],
    ['MYSQL_DATABASE', account.database],
    ['MYSQL_SSL', ''],
  ] as const

test('through once, with a connector and native callbacks: .env is complete, and no secret was printed', async () => {
  const terminal = setup()
  await answerAll(terminal, [...KEY, ...LOGS, ...NETWORK, ...database()])
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
  expect(await terminal.ended()).toBe(0)

  const output = terminal.output()
  expect(output).toContain('access key: valid, of the account 1234567890123456')
  expect(output).toContain('logs: the project is there, and its logstore')
  expect(output).toMatch(new RegExp(`database: ${account.database} at ${HOST}:${account.port}`))
  expect(output).toContain('grants: all that deliveries and maintenance need')
  expect(output).toContain('DingTalk app: DingTalk knows dingapp and its secret')
  expect(output).toMatch(/The environment is complete\.\n[\s\S]*\nNext: .*s deploy/)
  expect(cloud.asked).toEqual([
    'sts.aliyuncs.com POST /',
    'hr-logs.cn-hangzhou.log.aliyuncs.com GET /logstores/dingtalk-eventbridge',
    'api.dingtalk.com POST /v1.0/oauth2/accessToken',
  ])

  const written = readEnv()
  expect(written).toMatchObject({
    AccountID: '1234567890123456',
    MYSQL_PASSWORD: account.password,
    WEBHOOK_TOKEN: expect.stringMatching(/^\w{48}$/),
    DINGTALK_TOKEN: expect.stringMatching(/^[A-Za-z0-9]{3,32}$/),
    DINGTALK_AES_KEY: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
    LOG_HASH_KEY: expect.stringMatching(/^\w{48}$/),
  })
  const text = fs.readFileSync(file, 'utf8')
  expect(text).not.toContain(APP_SECRET)
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  const comments = (of: string) => of.split('\n').filter((line) => line.startsWith('#') && !/^# \w+=/.test(line))
  expect(comments(text)).toEqual(comments(fs.readFileSync(path.join(copy, '.env.example'), 'utf8')))
  const { AccessKeySecret, MYSQL_PASSWORD, WEBHOOK_TOKEN, DINGTALK_TOKEN, DINGTALK_AES_KEY, LOG_HASH_KEY } = written
  const secrets = [AccessKeySecret, MYSQL_PASSWORD, WEBHOOK_TOKEN, DINGTALK_TOKEN, DINGTALK_AES_KEY, LOG_HASH_KEY]
  for (const secret of [...secrets, APP_SECRET]) expect(output).not.toContain(secret)
  // nor a part of one
  for (const secret of [SECRET, APP_SECRET, WEBHOOK_TOKEN, DINGTALK_TOKEN, DINGTALK_AES_KEY, LOG_HASH_KEY]) {
    for (const part of secret?.match(/.{5}/g) ?? ['none']) expect(output).not.toContain(part)
  }

  const check = spawnSync('npm', ['run', '--silent', 'check:environment'], { cwd: copy, encoding: 'utf8' })
  expect([check.status, check.stdout]).toEqual([0, expect.stringMatching(/^The environment is complete\.\n/)])
})

test.each([
  ['Ctrl-C', CTRL_C],
  ['Esc', ESCAPE],
])('left by %s in the middle, and taken up again: what was answered is offered', async (_, key) => {
  const first = setup()
  await answerAll(first, [...KEY, ...LOGS, ['VPC_ID', 'vpc-1']])
  await first.answer(answerOf('VSWITCH_ID'), `vsw${key}`)
  expect(await first.ended()).toBe(1)
  expect(first.output()).toMatch(/Left\. What was answered is in \.env; npm run setup goes on from there\.\n$/)
  const { AccessKeySecret, VPC_ID, VSWITCH_ID } = readEnv()
  expect({ AccessKeySecret, VPC_ID, VSWITCH_ID }).toEqual({ AccessKeySecret: SECRET, VPC_ID: 'vpc-1', VSWITCH_ID: '' })
  fs.appendFileSync(file, '# of my own\nMINE=1\n')

  const second = setup()
  await second.answer(answerOf('AccessKeyID'), ENTER)
  await second.answer(keep('AccessKeySecret'), ENTER)
  await answerAll(second, [
    ['FC_REGION_ID', ''],
    ['LOG_PROJECT', ''],
    ['LOG_STORE', ''],
    ['VPC_ID', `${CTRL_U}vpc-2`],
    ['VSWITCH_ID', 'vsw-2'],
  ])
  await second.answer(answerOf('SECURITY_GROUP_ID'), key)
  expect(await second.ended()).toBe(1)
  expect(second.output()).toContain('access key: valid')
  expect(second.output()).not.toContain(SECRET)
  expect(readEnv()).toMatchObject({ AccessKeySecret: SECRET, VPC_ID: 'vpc-2', VSWITCH_ID: 'vsw-2', MINE: '1' })
  expect(fs.readFileSync(file, 'utf8')).toMatch(/# of my own\nMINE=1\n$/)
})

test('left at once: nothing is written', async () => {
  const terminal = setup()
  await terminal.answer(answerOf('AccessKeyID'), CTRL_C)
  expect(await terminal.ended()).toBe(1)
  expect(terminal.output()).toMatch(/Left\. Nothing was written\.\n$/)
  expect(fs.existsSync(file)).toBe(false)
})

test('left by Ctrl-C while it waits for an answer of others: not as if all were done', async () => {
  cloud.instead = 'never'
  const terminal = setup()
  await answerAll(terminal, KEY)
  await terminal.answer('asking STS whose key it is', CTRL_C)
  expect(await terminal.ended()).toBe(1)
  expect(readEnv()['AccessKeySecret']).toBe(SECRET)
})

test('wrong answers are refused as check:environment would, and asked for again', async () => {
  const terminal = setup()
  const rows: [name: string, wrong: string, message: string, right: string][] = [
    ['FC_REGION_ID', 'hangzhou', 'FC_REGION_ID: must be a region', 'cn-hangzhou'],
    ['LOG_PROJECT', 'HR', 'LOG_PROJECT: must be 3 to 63', 'hr-logs'],
    ['LOG_STORE', 'Logs', 'LOG_STORE: must be 3 to 63', 'dingtalk-eventbridge'],
    ['VPC_ID', 'vsw-1', 'VPC_ID: must be an ID that begins with vpc-', 'vpc-1'],
    ['VSWITCH_ID', 'vsw-1,vsw-2', 'VSWITCH_ID: must be an ID that begins with vsw-', 'vsw-1'],
    ['SECURITY_GROUP_ID', 'default', 'SECURITY_GROUP_ID: must be an ID that begins with sg-', 'sg-1'],
    ['MYSQL_HOST', 'localhost', 'MYSQL_HOST: must be the instance, not this machine', HOST],
    ['MYSQL_PORT', '0', 'MYSQL_PORT: must be between 1 and 65535', String(account.port)],
    ['MYSQL_USER', 'a$b', 'MYSQL_USER: has a $', account.user],
    ['MYSQL_PASSWORD', 'pa$word', 'MYSQL_PASSWORD: has a $', ''],
    ['MYSQL_PASSWORD', 'password ', 'MYSQL_PASSWORD: has a blank', ''],
    ['MYSQL_PASSWORD', `'"\``, 'MYSQL_PASSWORD: has quotes', account.password],
    ['MYSQL_DATABASE', 'x$', 'MYSQL_DATABASE: has a $', account.database],
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
  expect(await terminal.ended()).toBe(0)
})

test.each([
  ['a key that there is not', 'no-id', SECRET, 'access key: refused (InvalidAccessKeyId.NotFound)'],
  ['a secret of another key', 'an-id', 'another', 'access key: refused (SignatureDoesNotMatch)'],
])('%s is wrong, and can be mended at once', async (_, id, secret, found) => {
  const terminal = setup()
  await answerAll(terminal, [
    ['AccessKeyID', id],
    ['AccessKeySecret', secret],
    ['FC_REGION_ID', ''],
  ])
  await terminal.answer(found, '')
  await terminal.answer('Answer these again?', ENTER)
  await terminal.answer(answerOf('AccessKeyID'), `${CTRL_U}an-id${ENTER}`)
  await terminal.answer(keep('AccessKeySecret'), 'n')
  await answerAll(terminal, KEY.slice(1))
  await terminal.answer('access key: valid, of the account 1234567890123456', '')
  await terminal.answer(answerOf('LOG_PROJECT'), ESCAPE)
  await terminal.ended()
  expect(readEnv()).toMatchObject({ AccountID: '1234567890123456', AccessKeySecret: SECRET })
})

test.each([
  ['a project that there is not', 'no-logs', '', 'logs: no project of this name is in the region (ProjectNotExist)'],
  [
    'a logstore that there is not',
    'hr-logs',
    `${CTRL_U}no-store`,
    'logs: no logstore of this name is in the project (LogStoreNotExist)',
  ],
])('%s is wrong, and one may go on', async (_, project, logstore, found) => {
  const terminal = setup()
  await answerAll(terminal, [...KEY, ['LOG_PROJECT', project], ['LOG_STORE', logstore]])
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
  cloud.instead = instead
  const terminal = setup()
  await answerAll(terminal, KEY)
  await terminal.answer(found, '')
  await terminal.answer(next, ESCAPE)
  expect(await terminal.ended()).toBe(1)
})

test('without a network nothing can be tried, and that is no error; what is left out is named at the end', async () => {
  const terminal = setup({ ELSEWHERE: '{}' })
  await answerAll(terminal, [...KEY, ['AccountID', '1234567890123456'], ...LOGS, ['VPC_ID', '']])
  await answerAll(terminal, [...NETWORK.slice(1), ...database()])
  await terminal.answer('How does the webhook know who calls?', ` ${DOWN}${DOWN} ${ENTER}`)
  await answerAll(terminal, [
    ['DINGTALK_TOKEN', ''],
    ['DINGTALK_AES_KEY', ''],
    ['DINGTALK_OWNER_KEYS', 'dingapp'],
  ])
  await terminal.answer('Client Secret of dingapp', `${APP_SECRET}${ENTER}`)
  await answerAll(terminal, [['EVENTBRIDGE_ENDPOINT', '']])
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', 'n')
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
  const reader = await databaseUser(db.schema, ['SELECT ON *'])
  const terminal = setup()
  try {
    await answerAll(terminal, [...KEY, ...LOGS, ...NETWORK, ...database().slice(0, 3)])
    await answerAll(terminal, [['MYSQL_PASSWORD', 'wrong'], ...database().slice(4)])
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
  } finally {
    await databaseUser(db.schema, RIGHTS)
  }
})

test('what the shell sets is not asked for, and goes before .env', async () => {
  fs.writeFileSync(file, 'VPC_ID=vpc-of-env\n')
  const terminal = setup({
    AccessKeyID: 'an-id',
    AccessKeySecret: SECRET,
    LOG_PROJECT: 'hr-logs',
    VPC_ID: 'vpc-of-shell',
  })
  await answerAll(terminal, [
    ['FC_REGION_ID', ''],
    ['LOG_STORE', ''],
  ])
  await terminal.answer('logs: the project is there, and its logstore', '')
  await terminal.answer('VPC_ID: the shell sets it, and goes before .env', '')
  await terminal.answer(answerOf('VSWITCH_ID'), ESCAPE)
  await terminal.ended()
  expect(readEnv()).toEqual({
    VPC_ID: 'vpc-of-env',
    FC_REGION_ID: 'cn-hangzhou',
    AccountID: '1234567890123456',
    LOG_STORE: 'dingtalk-eventbridge',
  })
})

test.each([
  ['no terminal', [], 1, /^npm run setup asks, and there is no terminal to ask at\. Copy \.env\.example to \.env/],
  ['--help', ['--', '--help'], 0, /^npm run setup\n\nAsks for/],
  ['an option that there is not', ['--', '--force'], 1, /--help shows the options/],
])('%s', (_, args, code, printed) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'setup', ...args], {
    cwd: copy,
    encoding: 'utf8',
    input: '',
  })
  expect([status, stdout + stderr]).toEqual([code, expect.stringMatching(printed)])
  expect(fs.existsSync(file)).toBe(false)
})
