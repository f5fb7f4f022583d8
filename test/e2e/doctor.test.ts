import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { waitForDelivery } from '../../cli/doctor/delivery'
import { choosePlace } from '../../cli/doctor/place'
import { checkUndelivered } from '../../cli/doctor/undelivered'
import { walkChain } from '../../cli/doctor/walkChain'
import { createEventBridgeApi, type EventBridgeApi } from '../../cli/provision/eventBridgeApi'
import { freePort } from '../../shared/freePort'
import { type Link, showLinks } from '../../shared/links'
import { callbackEnvironment } from '../support/callback'
import { connectAsRoot } from '../support/mariadb'
import { connectByEnv, type ReadyStack, runCli, startStack } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const PROJECT = path.join(__dirname, '../..')
const folder = temporaryFolder(async () => {
  await database?.end()
  await root?.end()
  await stack?.stop()
})
const localDir = path.join(folder, 'local')
const authentication = {
  WEBHOOK_TOKEN: 'a token of this test',
  ...callbackEnvironment,
  DINGTALK_CORP_ID: 'dingcorp',
}
const RULE = { EventBusName: 'dingtalk', RuleName: 'employees' }
let stack: ReadyStack
let env: Record<string, string>
let api: EventBridgeApi
let root: Connection
let database: Connection
let rule: Record<string, unknown>
let targets: { Id: string; ParamList: { ResourceKey: string }[] }[]

beforeAll(async () => {
  stack = await startStack(localDir, authentication)
  env = stack.env
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret = '' } = env
  api = createEventBridgeApi(new URL(env['EVENTBRIDGE_ENDPOINT'] ?? ''), { accessKeyId, accessKeySecret }, sleep)
  const { RuleName, FilterPattern, Status } = await api.call('getRule', RULE)
  rule = { RuleName, FilterPattern, Status }
  targets = (await api.call('listTargets', RULE))['Targets'] as typeof targets
  root = await connectAsRoot(path.join(localDir, 'database'))
  database = await connectByEnv(env)
}, 180_000)

/** The running stack, with these variables in the shell. */
function examineStack(
  shell: Record<string, string> = authentication,
  eventBridgeFile = (text: string) => text,
): Promise<Link[]> {
  const place = choosePlace(PROJECT, { LOCAL_DIR: localDir, ...shell }, { local: true, file: 'eventbridge.yaml' })
  const { name, text } = place.eventBridgeFile
  return walkChain({ ...place, eventBridgeFile: { name, text: eventBridgeFile(text) } })
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
  // an address of this machine that is not refused as one
  const sameDatabase = { MYSQL_HOST: '0.0.0.0', MYSQL_SSL: 'off' }
  const dotEnv = { ...env, ...authentication, ...deployment, ...sameDatabase, ...variables }
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
  expect(output).toMatch(/\n24 ok, 0 wrong, 0 unknown\n$/)
  expect(code).toBe(0)
  expect(output).not.toContain(authentication.WEBHOOK_TOKEN)
})

test('a shell that has none of its keys: the stack has told them', async () => {
  expect(wrongOnes(await examineStack({}))).toEqual([])
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
    next: 'restart npm start: the variables in .env.local or the shell differ from those it began with',
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

const JOINERS = '{"source":["my.dingtalk"],"data":{"body":{"syncAction":["user_add_org"]}}}'
/** In the file, and on the bus. */
const AUDIT = {
  FilterPattern: '{"source":["my.other"]}',
  Targets: [
    {
      Id: 'audit',
      Type: 'http',
      Endpoint: 'http://127.0.0.1:9/audit',
      // it is looked at while it waits for the next attempt
      PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
      ParamList: [
        { ResourceKey: 'URL', Form: 'CONSTANT', Value: 'http://127.0.0.1:9/audit' },
        { ResourceKey: 'Body', Form: 'ORIGINAL' },
      ],
    },
  ],
}
const withAudit = (text: string) =>
  `${text}\n  - ${JSON.stringify({ ...AUDIT, RuleName: 'audit', FilterPattern: JSON.parse(AUDIT.FilterPattern) })}\n`

const CASES: Record<string, Broken> = {
  'the rule is disabled': {
    breaks: () => api.call('disableRule', RULE),
    mends: () => api.call('enableRule', RULE),
    names: ['rule employees', 'events'],
    says: /wrong {2}rule employees +is DISABLE, so nothing comes through\n +→ Resume on the trace page/,
  },
  'the rule waits for another source': {
    breaks: () => api.call('updateRule', { ...RULE, FilterPattern: '{"source":["my.other"]}', Status: 'ENABLE' }),
    mends: () => api.call('updateRule', { EventBusName: 'dingtalk', ...rule }),
    names: ['events'],
    says: /wrong {2}events +no enabled rule brings dingtalk-employees user_add_org, .*native user_leave_org\n +→ compare FilterPattern/,
  },
  'the rule waits for joiners alone': {
    breaks: () => api.call('updateRule', { ...RULE, FilterPattern: JOINERS, Status: 'ENABLE' }),
    mends: () => api.call('updateRule', { EventBusName: 'dingtalk', ...rule }),
    examines: () => examineCloud({ DINGTALK_TOKEN: '', DINGTALK_AES_KEY: '', DINGTALK_OWNER_KEYS: '' }),
    names: ['events'],
    says: /wrong {2}events +no enabled rule brings dingtalk-employees user_modify_org, user_leave_org\n/,
  },
  'a rule of another system, which is well': {
    breaks: () => api.call('createRule', { EventBusName: 'dingtalk', RuleName: 'audit', ...AUDIT }),
    async mends() {
      await api.call('deleteTargets', { EventBusName: 'dingtalk', RuleName: 'audit', TargetIds: ['audit'] })
      await api.call('deleteRule', { EventBusName: 'dingtalk', RuleName: 'audit' })
    },
    examines: () => examineStack(authentication, withAudit),
    names: [],
    says: /ok {2}rule audit +enabled\n +ok {2}target of audit +audit\n/,
  },
  'a rule of another system, which is gone': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineStack(authentication, withAudit),
    names: ['rule audit'],
    says: /wrong {2}rule audit +there is none on the bus\n/,
  },
  'the file names a function that nobody deploys': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineStack(authentication, (text) => text.replaceAll('dingtalk-employees', 'employees')),
    names: ['target of employees'],
    says: /wrong {2}target of employees +eventbridge\.yaml is wrong: target employees of rule employees is the function employees, which s\.yaml does not have\n +→ mend it there/,
  },
  'the rule is gone': {
    async breaks() {
      await api.call('deleteTargets', { ...RULE, TargetIds: targets.map(({ Id }) => Id) })
      await api.call('deleteRule', RULE)
    },
    mends: () => api.call('createRule', { EventBusName: 'dingtalk', ...rule, Targets: targets }),
    names: ['rule employees', 'events'],
    says: /wrong {2}rule employees +there is none on the bus\n +→ npm run provision -- --local/,
  },
  'the target is another function': {
    breaks: () =>
      replaceTarget(
        { Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/dingtalk-webhook' },
        { ResourceKey: 'functionName', Form: 'CONSTANT', Value: 'dingtalk-webhook' },
      ),
    mends: restoreTarget,
    names: ['target of employees', 'events'],
    says: /wrong {2}target of employees +employees: Endpoint: \S+dingtalk-webhook -> \S+dingtalk-employees; .*\n +→ npm run provision/,
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
    says: /wrong {2}dead letters of employees +target employees has no queue: after the last retry events are gone\n/,
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
    names: ['bus', 'source', 'rule', 'target', 'events', 'dead letters'],
    says: /wrong +bus +there is no other\n +→ npm run provision[\s\S]*unknown {2}rule +the bus is not there\n/,
  },
  "the access key's secret is wrong": {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wrong' }),
    names: ['credentials', 'bus', 'source', 'rule', 'target', 'dead letters', 'events'],
    says: /wrong +credentials +refused \(SignatureDoesNotMatch\)\n +→ .*check AccessKeySecret/,
  },
  'there is no access key': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ ALIBABA_CLOUD_ACCESS_KEY_ID: '', AccessKeyID: '' }),
    names: ['variables', 'credentials', 'bus', 'source', 'rule', 'target', 'dead letters', 'events'],
    says: /wrong +credentials +EventBridge cannot be asked\n +→ Set AccessKeyID and AccessKeySecret in \.env/,
  },
  'variables are missing and bad': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ VPC_ID: '', MYSQL_USER: '', WEBHOOK_TOKEN: 'short' }),
    names: ['variables', 'database', 'webhook'],
    says: /wrong +variables +(?=.*VPC_ID: is not set)(?=.*MYSQL_USER: is not set)(?=.*WEBHOOK_TOKEN: must have).*\n +→ mend/,
  },
  'a corporation for connector events is missing': {
    breaks: nothing,
    mends: nothing,
    examines: () => examineCloud({ DINGTALK_CORP_ID: '' }),
    names: ['variables'],
    says: /wrong +variables +DINGTALK_CORP_ID: is not set, and of native callbacks .*\n +→ mend/,
  },
  'the database is out of reach from here': {
    breaks: nothing,
    mends: nothing,
    examines: async () => examineCloud({ MYSQL_PORT: String(await freePort()) }),
    names: [
      'database',
      'tls',
      'grants',
      'table user_info',
      'table departments',
      'table dead_letters',
      'never stored',
      'connections',
    ],
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
    says: /wrong {2}owner keys +knows neither token nor signature \(401\)\n +→ restart npm start/,
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
    names: [
      'database',
      'tls',
      'grants',
      'table user_info',
      'table departments',
      'table dead_letters',
      'never stored',
      'connections',
    ],
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
    breaks: () => allowConnections(20),
    mends: () => allowConnections(151),
    names: ['connections'],
    says: /wrong {2}connections +10 instances × 2 = 20, over 80 % .*\n +→ lower reservedConcurrency in s\.yaml \(to 8 at most\)/,
  },
}

async function allowConnections(count: number): Promise<void> {
  const root = await connectAsRoot(path.join(localDir, 'database'))
  await root.query(`SET GLOBAL max_connections = ${count}`)
  await root.end()
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
  expect(text).toMatch(/\n8 ok, 0 wrong, 1 unknown$/)
  expect(await invoke({ maintenance: 'explain', userId: 'x' })).toMatch(
    /^Neither user_info nor departments nor dead_letters knows/,
  )
  expect(await invoke({ maintenance: 'replay' })).toMatch(/^0 dead letters: /)
})

test('what could not be stored is wrong until somebody mends it; what is tried again is told', async () => {
  await database.query(
    "INSERT INTO dead_letters (digest, source, eventId, reason, event, createdAt) VALUES ('d', 's', 'e', 'r', '{}', NOW())",
  )
  const lost = { EventBusName: 'dingtalk', RuleName: 'lost' }
  await api.call('createRule', { ...lost, ...AUDIT, FilterPattern: '{"source":["my.lost"]}' })
  const event = { id: '1', source: 'my.lost', type: 't', specversion: '1.0', aliyuneventbusname: 'dingtalk' }
  await api.call('putEvents', [event])
  try {
    await waitFor(async () => (await checkUndelivered(localDir)).next !== undefined)
    const links = await examineStack()
    expect(wrongOnes(links)).toEqual(['never stored'])
    expect(showLinks(links)).toMatch(
      /wrong +never stored +1 event in dead_letters, .*\n +→ .*npm run replay -- --dead-letters/,
    )
    expect(showLinks(links)).toMatch(
      /ok +never delivered +in dead-letter queues: 0; blocked: 0; waiting for another attempt: 1\n +→ /,
    )
  } finally {
    await database.query('DELETE FROM dead_letters')
    await api.call('deleteTargets', { ...lost, TargetIds: ['audit'] })
    await api.call('deleteRule', lost)
  }
})

test('a stranger cannot purge through a rule that delivers what they sent; whoever may invoke can', async () => {
  await database.query(
    "INSERT INTO dead_letters (digest, source, eventId, reason, event, createdAt) VALUES ('d', 's', 'old', 'r', '{}', '2020-01-01')",
  )
  const count = async () => ((await database.query('SELECT * FROM dead_letters'))[0] as unknown[]).length
  try {
    await replaceTarget({}, { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data.body' })
    for (const body of ['{"maintenance":"purge","days":1}', '{"maintenance":"purge","days":1,"confirm":"0"}']) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${authentication.WEBHOOK_TOKEN}` }
      const answer = await fetch(`${env['ORIGIN']}/webhook/putEvents`, { method: 'POST', headers, body })
      const [entry] = ((await answer.json()) as { EntryList: { EventId: string }[] }).EntryList
      expect(
        await waitForDelivery({ api, busName: 'dingtalk', rules: ['employees'] }, entry?.EventId ?? ''),
      ).toMatchObject([{ isDelivered: true }])
    }
  } finally {
    await restoreTarget()
  }
  // it did reach the function as maintenance: nothing but the code stood in between
  const purges = () => stack.output().match(/^employees: purge(: failed| done)/gm) ?? []
  await waitFor(() => purges().length >= 2)
  expect(purges()).toEqual(['employees: purge done', 'employees: purge: failed'])
  expect(await count()).toBe(1)

  const [confirmation = ''] = /\{.*\}$/.exec(await invoke({ maintenance: 'purge', days: 1 })) ?? []
  expect(await invoke(JSON.parse(confirmation))).toMatch(/: 1\nErased\.$/)
  expect(await count()).toBe(0)
})
