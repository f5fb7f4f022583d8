import fs from 'node:fs'
import path from 'node:path'
import EventBridgeSdk, { CloudEvent, Config } from '@alicloud/eventbridge'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { freePort } from '../../shared/freePort'
import { seedBody } from '../fixtures/seedBody'
import { callbackEnvironment } from '../support/callback'
import { connectByEnv, type ReadyStack, runCli, startStack, startStackProcess } from '../support/stackProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const localDir = path.join(
  temporaryFolder(async () => {
    await database?.end()
    await stack?.stop()
  }),
  'local',
)
let stack: ReadyStack
let env: Record<string, string>
let origin: string
let database: Connection

beforeAll(async () => {
  stack = await startStack(localDir)
  ;({ origin, env } = stack)
  database = await connectByEnv(env, { charset: 'utf8mb4' })
}, 180_000)

const post = (body: string, path = '/webhook/putEvents') =>
  fetch(`${origin}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

async function rows(userId: string): Promise<RowDataPacket[]> {
  const [found] = await database.execute<RowDataPacket[]>(
    'SELECT dingId, active, isAdmin, userId, name FROM user_info WHERE userId = ?',
    [userId],
  )
  return found
}

const rowWith = (userId: string, name: string) => async () => (await rows(userId))[0]?.['name'] === name

const step = story()

step("README example: the article's request becomes the article's row, once", async () => {
  const userId = '141146379001246379'
  const response = await post(seedBody)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ FailedEntryCount: 0, EntryList: [{ EventId: expect.any(String) }] })
  await waitFor(rowWith(userId, '小明'))
  const row = { dingId: '$:LWCP_v1:$5RUxxxxQhPpK4A==', active: 'true', isAdmin: 'false', userId, name: '小明' }
  expect(await rows(userId)).toEqual([row])

  await post(seedBody)
  await post(seedBody.replace('小明', '小明 🐳'))
  await waitFor(rowWith(userId, '小明 🐳'))
  expect(await rows(userId)).toEqual([{ ...row, name: '小明 🐳' }])
})

step('npm run send does the same, and npm run explain shows the row', async () => {
  const sent = await runCli('send', ['user_add_org', '--name', '小红', '--user-id', '0042'], { LOCAL_DIR: localDir })
  expect(sent).toEqual({ code: 0, output: expect.stringContaining(`to ${origin}/webhook/putEvents`) })
  expect(sent.output).toMatch(new RegExp(`\nnpm run explain -- 0042  event trace: ${origin}/\n$`))
  await waitFor(rowWith('0042', '小红'))
  const explained = await runCli('explain', ['0042'], { LOCAL_DIR: localDir })
  expect(explained.code).toBe(0)
  const eventId = /"EventId":"([^"]+)"/.exec(sent.output)?.[1]
  expect(explained.output).toMatch(new RegExp(`^ {2}name +小红 +\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z by ${eventId}$`, 'm'))
  expect(explained.output).toMatch(new RegExp(`^has not left\nin the event trace: ${eventId}$`, 'm'))
})

step('of the same employee an encrypted event is the same row: a bare stack has test keys of its own', async () => {
  const sent = await runCli('send', ['user_leave_org', '--encrypted', '--user-id', '0042'], { LOCAL_DIR: localDir })
  expect(sent).toEqual({ code: 0, output: expect.stringContaining('\nwhich says: success\n') })
  const rows = async () => {
    const [found] = await database.query<RowDataPacket[]>("SELECT corpId, leftAt FROM user_info WHERE userId = '0042'")
    return found
  }
  await waitFor(async () => (await rows()).some(({ leftAt }) => leftAt !== null))
  expect(await rows()).toEqual([{ corpId: 'dingcorp', leftAt: expect.anything() }])
  expect(stack.output()).toContain(`DINGTALK_TOKEN=${env['DINGTALK_TOKEN']} `)
  const department = await runCli('send', ['org_dept_create'], { LOCAL_DIR: localDir })
  expect(department.code).toBe(0)
})

step('npm run explain tells of dead letters, of one who left, and of nobody', async () => {
  const explain = (userId: string, more = {}) => runCli('explain', [userId], { LOCAL_DIR: localDir, ...more })
  // a key that is too long can never be stored
  const corpId = 'x'.repeat(65)
  for (const [userId, eventId] of [
    ['50%_1', 'dead-1'],
    ['50%_12', 'dead-2'],
    ['5000_1', 'dead-3'],
  ]) {
    await post(JSON.stringify({ syncAction: 'user_add_org', corpId, userId, eventId }))
  }
  await post('{"syncAction":"user_leave_org","userId":"gone"}')
  await waitFor(async () => (await rows('gone')).length === 1)
  const letters = async () => (await explain('50%_1')).output
  await waitFor(async () => (await letters()).includes('dead-1'))
  expect(await letters()).toMatch(
    /: no row\ndead letters, .*npm run replay.*:\n {2}dead-1 {2}\S+Z {2}.+\nin the event trace: dead-1\n/,
  )

  const LOG_HASH_KEY = 'a key for hashes of users'
  const gone = (await explain('gone', { LOG_HASH_KEY })).output
  expect(gone).toMatch(/^left: \d{4}-\d\d-\d\dT.*Z$/m)
  expect(gone).toContain(` or ${(await runCli('hash', ['gone'], { LOG_HASH_KEY })).output.trim()}`)

  expect(await explain('nobody-at-all')).toEqual({
    code: 1,
    output: expect.stringMatching(
      new RegExp(
        `\nNothing has this in user_info as userId or name, .* in the event trace \\(${origin}/\\)\\. npm run send .*\n$`,
      ),
    ),
  })
})

step("the official SDK's events take the same way", async () => {
  const client = new EventBridgeSdk(
    new Config({
      accessKeyId: env['ALIBABA_CLOUD_ACCESS_KEY_ID'],
      accessKeySecret: env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
      endpoint: (env['EVENTBRIDGE_ENDPOINT'] ?? '').replace('http://', ''),
    }),
  )
  const answer = await client.putEvents([
    new CloudEvent({
      id: 'from-the-sdk',
      source: 'my.dingtalk',
      type: 'eventbridge:Events:HTTPEvent',
      data: Buffer.from(JSON.stringify({ body: { syncAction: 'user_add_org', userId: 'sdk', name: '小李' } })),
      extensions: { aliyuneventbusname: env['EVENT_BUS_NAME'] },
      time: '2026-01-01T00:00:00Z',
    }),
  ])
  expect(answer.failedEntryCount).toBe(0)
  await waitFor(rowWith('sdk', '小李'))
})

step('the employees function can be invoked by itself, as Function Compute is', async () => {
  const url = `${origin}/2023-03-30/functions/dingtalk-employees/invocations`
  const response = await fetch(url, { method: 'POST', body: '[]' })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ received: 0, stored: 0, ignored: 0, deadLettered: 0 })
  expect((await fetch(url.replace('employees', 'nobody'), { method: 'POST', body: '[]' })).status).toBe(404)
})

step('an event that can never be stored is kept with its reason', async () => {
  await post('{"syncAction":"user_add_org","name":"nobody","eventId":"never-storable"}')
  const letters = async () => {
    const [found] = await database.query<RowDataPacket[]>(
      "SELECT reason, event FROM dead_letters WHERE eventId = 'never-storable'",
    )
    return found
  }
  await waitFor(async () => (await letters()).length > 0)
  expect((await letters())[0]).toMatchObject({
    reason: 'the event names no userId that can be read',
    event: expect.stringContaining('"name":"nobody"'),
  })
})

step('the event trace says what became of each event', async () => {
  expect(await (await fetch(`${origin}/`)).text()).toContain('<title>Event trace</title>')
  const states = async () => {
    const response = await fetch(`${origin}/trace/events?id=from-the-sdk`)
    const { events } = (await response.json()) as { events: { state: string }[] }
    return events.map(({ state }) => state)
  }
  await waitFor(async () => (await states()).join() === 'delivered')
})

step.each<[string, number, string, RequestInit]>([
  ['GET on the webhook', 405, '/webhook/putEvents', { method: 'GET' }],
  [
    'half a body',
    400,
    '/webhook/putEvents',
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":' },
  ],
  ['a megabyte', 413, '/webhook/putEvents', { method: 'POST', body: 'x'.repeat(1_000_000) }],
  ['an unknown path', 404, '/nowhere', { method: 'POST', body: '{}' }],
  ['an unsigned PutEvents', 403, '/openapi/putEvents', { method: 'POST', body: '[]' }],
])('%s: %i', async (_, status, path, init) => {
  const response = await fetch(`${origin}${path}`, init)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) })
})

step('a burst loses nothing', async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `burst-${index}`)
  const responses = await Promise.all(ids.map((id) => post(JSON.stringify({ ...JSON.parse(seedBody), userId: id }))))
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  await waitFor(async () => {
    const [[count]] = await database.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS n FROM user_info WHERE userId LIKE 'burst-%'",
    )
    return count?.['n'] === ids.length
  })
})

step('its output names no person and no secret', () => {
  const output = stack.output()
  expect(output).toMatch(/^webhook: user_add_org published, event /m)
  const kept = fs.readFileSync(path.join(localDir, 'functions.log'), 'utf8')
  expect(kept).toContain('"outcome":"published"')
  for (const text of [output, kept]) {
    expect(text).not.toMatch(/小|141146379001246379|LWCP/)
    expect(text).not.toContain(env['MYSQL_PASSWORD'])
  }
})

describe('failed starts: one line that says what to do, and exit code 1', () => {
  test.each<[string, () => Promise<Record<string, string>>, RegExp]>([
    [
      'the folder of a stack that runs',
      async () => ({ PORT: String(await freePort()), LOCAL_DIR: localDir }),
      /^Another local stack \(process \d+\) runs in .*LOCAL_DIR=\.local-2 PORT=8081 npm start$/m,
    ],
    [
      'a port in use',
      async () => ({ PORT: new URL(origin).port, LOCAL_DIR: `${localDir}-2` }),
      /^Port \d+ is in use\. Stop what uses it, or choose another: PORT=\d+ npm start$/m,
    ],
    [
      'a bad variable of the webhook, before anything is prepared',
      async () => ({
        PORT: String(await freePort()),
        LOCAL_DIR: `${localDir}-3`,
        WEBHOOK_TOKEN: 'short',
        ...databaseOf(env),
      }),
      /^(mind that .*\n)*The webhook cannot start\. WEBHOOK_TOKEN \(in the shell\): must have at least 16 characters/,
    ],
    [
      'a bad variable of employees',
      async () => ({
        PORT: String(await freePort()),
        LOCAL_DIR: `${localDir}-4`,
        DINGTALK_CORP_ID: 'x'.repeat(65),
        ...databaseOf(env),
      }),
      /^(mind that .*\n)*The employees function cannot start\. DINGTALK_CORP_ID \(in the shell\): must have at most 64/,
    ],
    [
      'no database where MYSQL_PORT says',
      async () => ({
        PORT: String(await freePort()),
        LOCAL_DIR: `${localDir}-5`,
        MYSQL_PORT: String(await freePort()),
      }),
      /MYSQL_PORT/,
    ],
    ['a bad port', async () => ({ PORT: 'x', LOCAL_DIR: `${localDir}-6` }), /^PORT must be a number/m],
  ])('%s', async (_, environment, message) => {
    const other = startStackProcess(await environment())
    expect(await other.ended()).toBe(1)
    expect(other.output()).toMatch(message)
    expect(other.output()).not.toMatch(/\n\s+at /)
  })

  test('an argument that it does not know', async () => {
    const other = startStackProcess({ LOCAL_DIR: `${localDir}-7` }, ['--prot', '1'])
    expect(await other.ended()).toBe(1)
    expect(other.output()).toBe("Unknown option '--prot' (--help shows the options)\n")
  })
})

/** eventbridge.yaml with a second rule, whose target is a function that is not here. */
function fileWithRuleForNobody(): string {
  const file = path.join(path.dirname(localDir), 'with-audit.yaml')
  const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
  const rule = {
    RuleName: 'audit',
    FilterPattern: { source: ['audit'] },
    Targets: [
      {
        Id: 'audit',
        Type: 'acs.fc.function',
        Endpoint: `acs:fc:\${region}:\${account}:functions/audit`,
        ParamList: [
          constant('functionName', 'audit'),
          constant('Qualifier', 'LATEST'),
          constant('InvocationType', 'Sync'),
          constant('DataFormat', 'Object'),
          { ResourceKey: 'Body', Form: 'ORIGINAL' },
        ],
      },
    ],
  }
  fs.writeFileSync(file, `${fs.readFileSync('eventbridge.yaml', 'utf8')}  - ${JSON.stringify(rule)}\n`)
  return file
}

step(
  'a webhook that asks who is calling: the native callback and the connector, each the whole way to the row',
  async () => {
    const folder = path.join(localDir, 'guarded')
    const variables = {
      ...callbackEnvironment,
      WEBHOOK_TOKEN: 'right-token-right-token',
      LOG_HASH_KEY: 'a key for hashes of users',
      LOCAL_DIR: folder,
    }
    const guarded = await startStack(folder, { ...variables, ...databaseOf(env), EVENT_BUS_NAME: 'other' }, [
      '--config',
      fileWithRuleForNobody(),
    ])
    expect(guarded.output()).toMatch(/^mind that EVENT_BUS_NAME is other and not used: /m)
    expect(guarded.output()).toMatch(
      /^mind that target audit of rule audit is the function audit, which s\.yaml does not/m,
    )
    const send = (...args: string[]) => runCli('send', args, variables)

    const native = await send('user_modify_org', '--name', '小王', '--user-id', 'native-1', '--encrypted')
    expect(native).toEqual({ code: 0, output: expect.stringMatching(/"msg_signature".*\nwhich says: success\n/s) })
    await waitFor(rowWith('native-1', '小王'))

    const connector = await send('user_add_org', '--name', '小赵', '--user-id', 'connector-1')
    expect(connector.code).toBe(0)
    await waitFor(rowWith('connector-1', '小赵'))

    // another terminal has none of these variables: the stack's file has them
    for (const form of ['connector', 'native']) {
      const fromElsewhere = await runCli('send', ['user_add_org', '--form', form], { LOCAL_DIR: folder })
      expect(fromElsewhere).toEqual({ code: 0, output: expect.stringContaining('\n200 ') })
    }

    const stale = await runCli('send', ['user_add_org'], { ...variables, WEBHOOK_TOKEN: 'set-since-the-stack-started' })
    expect(stale).toEqual({
      code: 1,
      output: expect.stringMatching(
        /\nThe event was not accepted\. The running stack does not have this shell's WEBHOOK_TOKEN: .*\n$/,
      ),
    })

    const url = guarded.origin
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const headers = { 'content-type': 'application/json', traceparent }
    const refused = await fetch(`${url}/webhook/putEvents`, { method: 'POST', headers, body: seedBody })
    expect(refused.status).toBe(401)
    const traced = { ...headers, authorization: 'Bearer right-token-right-token' }
    const body = '{"syncAction":"user_add_org","userId":"traced-1","name":"小周","eventId":"traced"}'
    expect((await fetch(`${url}/webhook/putEvents`, { method: 'POST', headers: traced, body })).status).toBe(200)
    await waitFor(rowWith('traced-1', '小周'))

    // one id, one trace and one hash follow the employee from the webhook to the row
    const hash = (await runCli('hash', ['traced-1'], variables)).output.trim()
    const log = () => fs.readFileSync(path.join(folder, 'functions.log'), 'utf8')
    const lines = () =>
      log()
        .split('\n')
        .filter((line) => line.includes('"eventId":"traced"'))
    await waitFor(() => lines().length === 2)
    for (const line of lines()) {
      expect(JSON.parse(line)).toMatchObject({ eventId: 'traced', traceparent, users: hash })
    }
    expect(guarded.output()).toMatch(/^employees: 1 stored, event traced, users [0-9a-f]{16} /m)
    for (const text of [guarded.output(), log()]) expect(text).not.toMatch(/小|right-token|traced-1|connector-1/)
    expect(await guarded.stop()).toBe(0)
  },
)

step('SIGTERM while it starts: it never says that it is ready, and stops in order', async () => {
  const other = startStackProcess({
    PORT: String(await freePort()),
    LOCAL_DIR: `${localDir}-early`,
    ...databaseOf(env),
  })
  await waitFor(() => other.output().includes('building the functions'))
  other.kill('SIGTERM')
  expect(await other.ended()).toBe(0)
  expect(other.output()).toContain('stopping …')
  expect(other.output()).not.toContain('Ready')
})

step('what cannot be stopped in order is one line and exit code 1, and the rest is stopped', async () => {
  const folder = path.join(localDir, 'stubborn')
  const other = await startStack(folder, databaseOf(env))
  // a folder in the place of the env file, which is removed first
  fs.rmSync(path.join(folder, 'env'))
  fs.mkdirSync(path.join(folder, 'env', 'below'), { recursive: true })
  other.kill('SIGTERM')
  expect(await other.ended()).toBe(1)
  expect(other.output()).toMatch(/\nNot everything could be stopped in order: .+\n$/)
  await expect(fetch(other.origin)).rejects.toThrow()
  expect(fs.existsSync(path.join(folder, 'pid'))).toBe(false)
})

step('Ctrl-C, twice, stops everything and leaves nothing behind but its data', async () => {
  const folder = path.join(localDir, 'second')
  const second = await startStack(folder, databaseOf(env))
  second.kill('SIGINT')
  second.kill('SIGINT')
  expect(await second.ended()).toBe(0)
  expect(fs.existsSync(path.join(folder, 'env'))).toBe(false)
  await expect(fetch(second.origin)).rejects.toThrow()
  // the database was not its own
  expect(await rows('0042')).toHaveLength(1)
})

function databaseOf(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('MYSQL_')))
}
