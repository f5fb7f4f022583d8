import fs from 'node:fs'
import path from 'node:path'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import type { DatabaseAddress } from '../../local/database/database'
import { readCallbackReply } from '../../local/sender/requests'
import type { FcHttpResponse } from '../../shared/fc/types'
import { freePort } from '../../shared/freePort'
import { createTableStatements } from '../../shared/mapping/tables'
import { readBody } from '../../shared/readBody'
import { type HostProcess, startHostProcess } from '../support/hostProcess'
import { shippedMapping } from '../support/mapping'
import { createTestSchema, dropTestSchema } from '../support/mariadb'
import { startServer, type TestServer } from '../support/rawHttp'
import { runCli } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { accepted } from '../support/webhook'

const folder = temporaryFolder()
const own = {
  WEBHOOK_TOKEN: 'a-token-of-the-test',
  CONNECTOR_API_SECRET: 'a-secret-of-the-test',
  DINGTALK_TOKEN: 'tokenA1,tokenB2',
  DINGTALK_AES_KEY: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
  DINGTALK_OWNER_KEYS: 'dingappkey1',
}
const files = [
  'cloudevent-add.json',
  'cloudevents-array.json',
  'connector-add.json',
  'connector-leave.json',
  'native-encrypted-add.json',
]

let output: string

beforeAll(async () => {
  output = (await runCli('events', ['--out', folder], own)).output
})

test('npm run events makes one file a case, and says which function it is for', () => {
  expect(fs.readdirSync(folder).sort()).toEqual(files)
  for (const file of files) expect(output).toMatch(new RegExp(`/${file}  for dingtalk-(webhook|employees)\n`))
})

test('they are readable by their owner alone: they hold secrets', () => {
  for (const file of files) expect(fs.statSync(path.join(folder, file)).mode & 0o077).toBe(0)
})

test.each<[string, Record<string, string>, number, string]>([
  ['no keys: DingTalk’s test keys, which are named', {}, 0, 'DINGTALK_TOKEN=123456 DINGTALK_AES_KEY=12345678901'],
  ['some of the keys: refused', { DINGTALK_TOKEN: 'tokenA1' }, 1, 'Set all of DINGTALK_TOKEN, DINGTALK_AES_KEY and'],
])('with %s', async (_name, environment, code, message) => {
  const made = await runCli('events', ['--out', path.join(folder, 'other')], environment)
  fs.rmSync(path.join(folder, 'other'), { recursive: true, force: true })
  expect(made.code).toBe(code)
  expect(made.output).toContain(message)
})

/** Invokes a function that runs alone with a file, as `s local invoke -f` does. */
async function invoke(host: HostProcess | undefined, file: string): Promise<unknown> {
  const body = fs.readFileSync(path.join(folder, file))
  const answer = await fetch(host?.url ?? '', { method: 'POST', body })
  expect([answer.status, answer.headers.get('x-fc-error-type')]).toEqual([200, null])
  return await answer.json()
}

describe('the webhook, alone', () => {
  let eventBridge: TestServer
  let published: Record<string, unknown>[]
  let host: HostProcess | undefined

  beforeAll(async () => {
    eventBridge = await startServer(async (req, res) => {
      published = JSON.parse(String(await readBody(req, 1_000_000)))
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(accepted))
    })
    host = await startHostProcess(
      { ...own, REQUEST_BUDGET_MS: '8000', EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${eventBridge.port}` },
      ['--function', 'dingtalk-webhook', '--port', String(await freePort())],
    )
  })
  beforeEach(() => {
    published = []
  })
  afterAll(async () => {
    await host?.stop()
    await eventBridge.close()
  })

  test.each<[string, object]>([
    ['connector-add.json', { syncAction: 'user_add_org', userId: '141146379001246379', name: '小明', active: true }],
    ['connector-leave.json', { syncAction: 'user_leave_org', userId: '141146379001246379' }],
  ])('%s is published, and answered with what EventBridge said', async (file, body) => {
    const answer = (await invoke(host, file)) as FcHttpResponse
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, accepted])
    expect(published).toMatchObject([{ source: 'my.dingtalk', data: { path: '/webhook/putEvents', body } }])
    expect(JSON.stringify(published)).not.toContain(own.WEBHOOK_TOKEN)
  })

  test('native-encrypted-add.json is decrypted, published, and answered with the encrypted success', async () => {
    const answer = (await invoke(host, 'native-encrypted-add.json')) as FcHttpResponse
    expect(answer.statusCode).toBe(200)
    const keys = { token: 'tokenA1', aesKey: own.DINGTALK_AES_KEY, ownerKey: own.DINGTALK_OWNER_KEYS }
    expect(readCallbackReply(answer.body, keys)).toBe('success')
    expect(published).toMatchObject([
      { data: { body: { EventType: 'user_add_org', CorpId: 'dingcorp', userId: ['141146379001246379'] } } },
    ])
  })

  test('a file whose signature is not fresh is refused', async () => {
    const event = JSON.parse(fs.readFileSync(path.join(folder, 'native-encrypted-add.json'), 'utf8'))
    event.queryParameters.timestamp = '1600000000000'
    fs.writeFileSync(path.join(folder, 'stale'), JSON.stringify(event))
    expect(await invoke(host, 'stale')).toMatchObject({ statusCode: 401 })
    fs.rmSync(path.join(folder, 'stale'))
    expect(published).toEqual([])
  })
})

describe('employees, alone', () => {
  let schema: DatabaseAddress
  let observer: Connection
  let variables: Record<string, string>
  let host: HostProcess | undefined

  beforeAll(async () => {
    schema = await createTestSchema()
    const { host: address, port, user, password, database } = schema
    observer = await mysql.createConnection({ host: address, port, user, password, database })
    for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
    variables = {
      MYSQL_HOST: address,
      MYSQL_PORT: String(port),
      MYSQL_USER: user,
      MYSQL_PASSWORD: password,
      MYSQL_DATABASE: database,
    }
    host = await startHostProcess(variables, ['--function', 'dingtalk-employees', '--port', String(await freePort())])
  })
  beforeEach(() => observer.query('DELETE FROM user_info'))
  afterAll(async () => {
    await host?.stop()
    await observer.end()
    await dropTestSchema(schema)
  })

  async function table(): Promise<RowDataPacket[]> {
    const [rows] = await observer.query<RowDataPacket[]>('SELECT userId, name, active FROM user_info ORDER BY userId')
    return rows
  }
  const ming = { userId: '141146379001246379', name: '小明', active: 'true' }

  test('cloudevent-add.json is a row', async () => {
    const summary = { received: 1, stored: 1, ignored: 0, deadLettered: 0 }
    expect(await invoke(host, 'cloudevent-add.json')).toEqual(summary)
    expect(await table()).toEqual([ming])
  })

  test('cloudevents-array.json is two rows, one of somebody who left', async () => {
    const summary = { received: 3, stored: 3, ignored: 0, deadLettered: 0 }
    expect(await invoke(host, 'cloudevents-array.json')).toEqual(summary)
    expect(await table()).toEqual([
      { userId: '141146379001246380', name: '小红', active: 'true' },
      { userId: '141146379001246381', name: '小刚', active: 'false' },
    ])
  })

  test('npm run host -- --function … --invoke FILE does the same in one command', async () => {
    const file = path.join(folder, 'cloudevent-add.json')
    const { code, output: printed } = await runCli(
      'host',
      ['--function', 'dingtalk-employees', '--invoke', file],
      variables,
    )
    expect(code).toBe(0)
    expect(printed).toContain('\n{"received":1,"stored":1,"ignored":0,"deadLettered":0}\nRequestId: ')
    expect(await table()).toEqual([ming])
  })

  test('a database on another machine needs --external', async () => {
    const elsewhere = { ...variables, MYSQL_HOST: 'rm-1.mysql.rds.aliyuncs.com' }
    const file = path.join(folder, 'cloudevent-add.json')
    const args = ['--function', 'dingtalk-employees', '--invoke', file]
    const { code, output: printed } = await runCli('host', args, elsewhere)
    expect([code, printed]).toEqual([1, expect.stringContaining('MYSQL_HOST is not on this machine.')])
  })
})
