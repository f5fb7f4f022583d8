import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import { waitForDelivery } from '../../cli/doctor/delivery'
import { choosePlace } from '../../cli/doctor/place'
import { walkChain } from '../../cli/doctor/walkChain'
import { createEventBridgeApi, type EventBridgeApi } from '../../cli/provision/eventBridgeApi'
import type { Link } from '../../shared/doctor/link'
import { showLinks } from '../../shared/doctor/showLinks'
import { callbackEnvironment } from '../support/callback'
import { freePort } from '../support/freePort'
import { connectAsRoot } from '../support/mariadb'
import { readEnv, runCli, type StackProcess, startStackProcess } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const PROJECT = path.join(__dirname, '../..')
const folder = temporaryFolder()
const localDir = path.join(folder, 'local')
const authentication = { WEBHOOK_TOKEN: 'a token of this test', ...callbackEnvironment }
const RULE = { EventBusName: 'dingtalk', RuleName: 'employees' }
let stack: StackProcess
let env: Record<string, string>
let api: EventBridgeApi
let root: Connection
let database: Connection
let rule: Record<string, unknown>
let targets: { Id: string; ParamList: { ResourceKey: string }[] }[]

beforeAll(async () => {
  const port = await freePort()
  stack = startStackProcess({ PORT: String(port), LOCAL_DIR: localDir, ...authentication })
  await stack.ready()
  env = readEnv(localDir)
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret = '' } = env
  api = createEventBridgeApi(new URL(env['EVENTBRIDGE_ENDPOINT'] ?? ''), { accessKeyId, accessKeySecret }, sleep)
  const { RuleName, FilterPattern, Status } = await api.call('getRule', RULE)
  rule = { RuleName, FilterPattern, Status }
  targets = (await api.call('listTargets', RULE))['Targets'] as typeof targets
  root = await connectAsRoot(path.join(localDir, 'database'))
  database = await mysql.createConnection({
    host: env['MYSQL_HOST'] ?? '',
    port: Number(env['MYSQL_PORT']),
    user: env['MYSQL_USER'] ?? '',
    password: env['MYSQL_PASSWORD'] ?? '',
    database: env['MYSQL_DATABASE'] ?? '',
  })
}, 180_000)

afterAll(async () => {
  await database?.end()
  await root?.end()
  stack?.kill('SIGINT')
  await stack?.ended()
})

/** The running stack, with these variables in the shell. */
function examineStack(shell: Record<string, string> = authentication): Promise<Link[]> {
  const place = choosePlace(PROJECT, { LOCAL_DIR: localDir, ...shell }, { local: true, file: 'eventbridge.yaml' })
  return walkChain(place)
}

/** The same chain, as if it were the cloud's: by an .env, and without what the local stack says of itself. */
function examineCloud(
  variables: Record<string, string> = {},
  eventBridgeFile = (text: string) => text,
): Promise<Link[]> {
  const project = fs.mkdtempSync(path.join(folder, 'project-'))
  fs.copyFileSync(path.join(PROJECT, 's.yaml'), path.join(project, 's.yaml'))
  const text = fs.readFileSync(path.join(PROJECT, 'eventbridge.yaml'), 'utf8')
  fs.writeFileSync(path.join(project, 'eventbridge.yaml'), eventBridgeFile(text))
  const deployment = { LOG_PROJECT: 'logs', VPC_ID: 'vpc-1', VSWITCH_ID: 'vsw-1', SECURITY_GROUP_ID: 'sg-1' }
  const dotEnv = { ...env, ...authentication, ...deployment, ...variables }
  const lines = Object.entries(dotEnv).map(([name, value]) => `${name}=${value}\n`)
  fs.writeFileSync(path.join(project, '.env'), lines.join(''))
  const webhook = `${env['ORIGIN']}/webhook/putEvents`
  return walkChain(choosePlace(project, {}, { local: false, file: 'eventbridge.yaml', webhook }))
}

const wrongOnes = (links: readonly Link[]) => links.filter(({ state }) => state !== 'ok').map(({ name }) => name)

test('a healthy chain: every link is ok, and the command ends with 0', async () => {
  const { code, output } = await runCli('doctor', ['--local'], { LOCAL_DIR: localDir, ...authentication })
  expect(output).toMatch(new RegExp(`^examining the local stack at ${env['ORIGIN']}\n`))
  expect(output).toMatch(/^ {2}ok {2}delivery +the probe came through rule employees in \d+ ms$/m)
  expect(output).toMatch(/\n19 ok, 0 wrong, 0 unknown\n$/)
  expect(code).toBe(0)
  expect(output).not.toContain(authentication.WEBHOOK_TOKEN)
})

test('a probe leaves nothing in the tables', async () => {
  for (const table of ['user_info', 'dead_letters']) {
    expect((await database.query(`SELECT * FROM ${table}`))[0]).toEqual([])
  }
})

test('the same chain as if it were in the cloud', async () => {
  expect(wrongOnes(await examineCloud())).toEqual([])
})

test('--json, and exit code 1 for a broken chain', async () => {
  const shell = { LOCAL_DIR: localDir, ...authentication, WEBHOOK_TOKEN: 'another token than deployed' }
  const { code, output } = await runCli('doctor', ['--local', '--json'], shell)
  expect(code).toBe(1)
  const { target, links } = JSON.parse(output) as { target: string; links: Link[] }
  expect(target).toBe(`the local stack at ${env['ORIGIN']}`)
  expect(links.find(({ name }) => name === 'webhook')).toEqual({
    name: 'webhook',
    state: 'wrong',
    found: 'knows neither token nor signature (401)',
    next: 'deploy: the variables there differ from these here',
  })
})

/** The rule's target with these fields, and these parameters instead of its own. */
async function replaceTarget(fields: object, ...params: { ResourceKey: string; Form: string; Value?: string }[]) {
  const there = (await api.call('listTargets', RULE))['Targets'] as { Id: string }[]
  if (there.length > 0) await api.call('deleteTargets', { ...RULE, TargetIds: there.map(({ Id }) => Id) })
  const keys = params.map(({ ResourceKey }) => ResourceKey)
  const Targets = targets.map((target) => {
    const kept = target.ParamList.filter(({ ResourceKey }) => !keys.includes(ResourceKey))
    return { ...target, ...fields, ParamList: [...kept, ...params] }
  })
  await api.call('createTargets', { ...RULE, Targets })
}

const restoreTarget = () => replaceTarget({})

interface Broken {
  breaks(): Promise<unknown>
  mends(): Promise<unknown>
  examines?(): Promise<Link[]>
  /** the links that are not ok, and what is said of the first */
  names: string[]
  says: RegExp
}

const nothing = async () => {}

const CASES: Record<string, Broken> = {
  'the rule is disabled': {
    breaks: () => api.call('disableRule', RULE),
    mends: () => api.call('enableRule', RULE),
    names: ['rule employees'],
    says: /wrong {2}rule employees +is DISABLE, so nothing comes through\n +→ enable it/,
  },
  'the rule waits for another source': {
    breaks: () => api.call('updateRule', { ...RULE, FilterPattern: '{"source":["my.other"]}', Status: 'ENABLE' }),
    mends: () => api.call('updateRule', { EventBusName: 'dingtalk', ...rule }),
    names: ['rule employees'],
    says: /wrong {2}rule employees +does not match what the webhook publishes\n +→ compare source and type/,
  },
  'the rule is gone': {
    async breaks() {
      await api.call('deleteTargets', { ...RULE, TargetIds: targets.map(({ Id }) => Id) })
      await api.call('deleteRule', RULE)
    },
    mends: () => api.call('createRule', { EventBusName: 'dingtalk', ...rule, Targets: targets }),
    names: ['rule employees'],
    says: /wrong {2}rule employees +there is none on the bus\n +→ npm run provision/,
  },
  'the target is another function': {
    breaks: () =>
      replaceTarget(
        { Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/dingtalk-webhook' },
        { ResourceKey: 'functionName', Form: 'CONSTANT', Value: 'dingtalk-webhook' },
      ),
    mends: restoreTarget,
    names: ['target of employees'],
    says: /wrong {2}target of employees +none is the function dingtalk-employees\n +→ npm run provision/,
  },
  'the target is of another account': {
    breaks: () => replaceTarget({ Endpoint: 'acs:fc:cn-beijing:999999999999:functions/dingtalk-employees' }),
    mends: restoreTarget,
    names: ['target of employees'],
    says: /wrong {2}target of employees +Endpoint is acs:fc:cn-beijing:999999999999:\S+, of another region or account\n/,
  },
  'the target delivers bodies, as a stranger sent them': {
    breaks: () => replaceTarget({}, { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data.body' }),
    mends: restoreTarget,
    names: ['target of employees'],
    says: /wrong {2}target of employees +Body is JSONPATH, and the function needs the whole event, ORIGINAL\n/,
  },
  'the target gives up soon': {
    breaks: () => replaceTarget({ PushRetryStrategy: 'BACKOFF_RETRY' }),
    mends: restoreTarget,
    names: ['target of employees'],
    says: /wrong {2}target of employees +PushRetryStrategy is BACKOFF_RETRY: after a minute it gives up\n/,
  },
  'the target has no dead-letter queue': {
    breaks: () => replaceTarget({ DeadLetterQueue: undefined }),
    mends: restoreTarget,
    examines: () => examineCloud(),
    names: ['dead letters of employees'],
    says: /wrong {2}dead letters of employees +no queue: after the last retry events are gone\n +→ name a queue/,
  },
  'the event source is gone': {
    breaks: () => api.call('deleteEventSource', { EventBusName: 'dingtalk', EventSourceName: 'my.dingtalk' }),
    mends: () => api.call('createEventSource', { EventBusName: 'dingtalk', EventSourceName: 'my.dingtalk' }),
    names: ['source'],
    says: /wrong {2}source +there is no my\.dingtalk on the bus\n +→ npm run provision/,
  },
  'there is no such bus': {
    breaks: nothing,
    mends: nothing,
    examines: () =>
      examineCloud({ EVENT_BUS_NAME: 'other' }, (text) =>
        text.replace('EventBusName: dingtalk', 'EventBusName: other'),
      ),
    names: ['bus'],
    says: /wrong {2}bus +there is no other\n +→ npm run provision/,
  },
  "the access key's secret is wrong": {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wrong' }),
    names: ['credentials', 'bus', 'source', 'rule', 'target', 'dead letters'],
    says: /wrong +credentials +refused \(SignatureDoesNotMatch\)\n +→ .*check ALIBABA_CLOUD_ACCESS_KEY_SECRET/,
  },
  'there is no access key': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ ALIBABA_CLOUD_ACCESS_KEY_ID: '' }),
    names: ['credentials', 'bus', 'source', 'rule', 'target', 'dead letters'],
    says: /wrong +credentials +EventBridge cannot be asked\n +→ Set AccessKeyID and AccessKeySecret in \.env/,
  },
  'variables are missing and bad': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ VPC_ID: '', MYSQL_USER: '', WEBHOOK_TOKEN: 'short' }),
    names: ['variables', 'database', 'webhook'],
    says: /wrong +variables +(?=.*VPC_ID: is not set)(?=.*MYSQL_USER: is not set)(?=.*WEBHOOK_TOKEN: must have).*\n +→ mend/,
  },
  'the database is out of reach from here': {
    breaks: nothing,
    mends: nothing,
    examines: async () => examineCloud({ MYSQL_PORT: String(await freePort()) }),
    names: ['database', 'tls', 'grants', 'table user_info', 'table dead_letters', 'connections'],
    says: /unknown {2}database +not reached from here \(ECONNREFUSED\)\n +→ .*s employees invoke -e '\{"maintenance":"doctor"\}'/,
  },
  'the webhook is open': {
    breaks: nothing,
    mends: nothing,
    examines: () =>
      examineCloud({ WEBHOOK_TOKEN: '', DINGTALK_TOKEN: '', DINGTALK_AES_KEY: '', DINGTALK_OWNER_KEYS: '' }),
    names: ['authentication', 'webhook'],
    says: /wrong +authentication +none: anyone who knows the URL can send events\n +→ set WEBHOOK_TOKEN/,
  },
  'only native callbacks may send': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ WEBHOOK_TOKEN: '' }),
    names: ['delivery'],
    says: /unknown {2}delivery +an encrypted callback tells no event id\n +→ add somebody and look in the event trace\n/,
  },
  'another token is deployed': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineStack({ ...authentication, DINGTALK_TOKEN: 'another1' }),
    names: ['owner keys'],
    says: /wrong {2}owner keys +knows neither token nor signature \(401\)\n +→ deploy/,
  },
  'another AES key is deployed': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineStack({ ...authentication, DINGTALK_AES_KEY: 'Z'.repeat(43) }),
    names: ['owner keys'],
    says: /wrong {2}owner keys +it does not open a callback for dingappkey1 \(503\)\n +→ .*aes_key_mismatch/,
  },
  'one of the owner keys is not deployed': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineStack({ ...authentication, DINGTALK_OWNER_KEYS: 'dingappkey1,dingcorp2' }),
    names: ['owner keys'],
    says: /wrong {2}owner keys +it does not open a callback for dingcorp2 \(503\)\n +→ .*owner_unknown/,
  },
  'the account has no rights': {
    breaks: () => root.query(`REVOKE ALL ON ${env['MYSQL_DATABASE']}.* FROM '${env['MYSQL_USER']}'@'127.0.0.1'`),
    mends: () => root.query(`GRANT ALL ON ${env['MYSQL_DATABASE']}.* TO '${env['MYSQL_USER']}'@'127.0.0.1'`),
    names: ['database', 'tls', 'grants', 'table user_info', 'table dead_letters', 'connections'],
    says: /wrong +database .*: ER_DBACCESS_DENIED_ERROR\n +→ give MYSQL_USER rights/,
  },
  'the database takes no writes': {
    breaks: () => root.query('SET GLOBAL read_only = 1'),
    mends: () => root.query('SET GLOBAL read_only = 0'),
    names: ['grants'],
    says: /wrong {2}grants +the server takes no writes\n +→ name the primary instance in MYSQL_HOST/,
  },
  'a column is missing': {
    breaks: () => database.query('ALTER TABLE user_info DROP COLUMN unionId'),
    mends: () =>
      database.query('ALTER TABLE user_info ADD COLUMN unionId VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL'),
    names: ['table user_info'],
    says: /wrong {2}table user_info +unionId is missing\n +→ npm run migrate/,
  },
  'more connections than the database has': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineStack({ ...authentication, MYSQL_POOL_SIZE: '16' }),
    names: ['connections'],
    says: /wrong {2}connections +10 instances × 16 × 2 = 320, over 80 % .*\n +→ lower reservedConcurrency in s\.yaml \(to 3 at most\)/,
  },
}

test.each(Object.entries(CASES))('%s', async (_, { breaks, mends, examines = examineStack, names, says }) => {
  try {
    await breaks()
    const links = await examines()
    expect(wrongOnes(links)).toEqual(names)
    expect(showLinks(links)).toMatch(says)
  } finally {
    await mends()
  }
})

test('mended, all is well again', async () => {
  expect(wrongOnes(await examineStack())).toEqual([])
})

/** What `s employees invoke -e` sends, and prints. */
async function invoke(payload: object): Promise<string> {
  const url = `${env['ORIGIN']}/2023-03-30/functions/dingtalk-employees/invocations`
  return (await fetch(url, { method: 'POST', body: JSON.stringify(payload) })).text()
}

test('a maintenance invocation of the deployed bundle sees the same database', async () => {
  const text = await invoke({ maintenance: 'doctor' })
  expect(text).toMatch(/^ {2}ok +table user_info +as mapping\.yaml wants it, \d+ columns$/m)
  expect(text).toMatch(/\n6 ok, 0 wrong, 1 unknown$/)
  expect(await invoke({ maintenance: 'explain', userId: 'x' })).toMatch(/^Neither user_info nor dead_letters knows/)
  expect(await invoke({ maintenance: 'replay' })).toMatch(/^0 dead letters: /)
})

test('a stranger cannot purge through a rule that delivers what they sent; whoever may invoke can', async () => {
  await database.query(
    "INSERT INTO dead_letters (source, eventId, reason, event, createdAt) VALUES ('s', 'old', 'r', '{}', '2020-01-01')",
  )
  const count = async () => ((await database.query('SELECT * FROM dead_letters'))[0] as unknown[]).length
  try {
    await replaceTarget({}, { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data.body' })
    for (const body of ['{"maintenance":"purge","days":1}', '{"maintenance":"purge","days":1,"confirm":"0"}']) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${authentication.WEBHOOK_TOKEN}` }
      const answer = await fetch(`${env['ORIGIN']}/webhook/putEvents`, { method: 'POST', headers, body })
      const [entry] = ((await answer.json()) as { EntryList: { EventId: string }[] }).EntryList
      expect(await waitForDelivery(api, 'dingtalk', entry?.EventId ?? '')).toMatchObject([{ isDelivered: true }])
    }
  } finally {
    await restoreTarget()
  }
  // it did reach the function as maintenance: nothing but the code stood in between
  expect(stack.output().match(/"maintenance":"purge","outcome":"(done|failed)"/g)).toEqual([
    '"maintenance":"purge","outcome":"done"',
    '"maintenance":"purge","outcome":"failed"',
  ])
  expect(await count()).toBe(1)

  const [confirmation = ''] = /\{.*\}$/.exec(await invoke({ maintenance: 'purge', days: 1 })) ?? []
  expect(await invoke(JSON.parse(confirmation))).toMatch(/: 1\nErased\.$/)
  expect(await count()).toBe(0)
})
