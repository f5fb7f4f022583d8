import fs from 'node:fs'
import path from 'node:path'
import mysql from 'mysql2/promise'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { type Account, createScimServer } from '../../../examples/scimServer'
import type { DatabaseAddress } from '../../../local/database/database'
import { readSettings } from '../../../local/project/settings'
import { type Stack, startStack } from '../../../local/stack/stack'
import { freePort } from '../../../shared/freePort'
import { PROJECT } from '../../support/documents'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { startServer, type TestServer } from '../../support/rawHttp'
import { story } from '../../support/story'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

// The walk of docs/accounts.md: the example is put into the project, and everything from the webhook on is real.
const projectDir = temporaryFolder(async () => {
  await stack?.stop()
  await server?.close()
  await dropTestSchema(schema)
})
const dist = path.join(projectDir, 'dist')
const requests: string[] = []
const { app, accounts } = createScimServer('a token')
const log: string[] = []
let schema: DatabaseAddress
let server: TestServer
let stack: Stack

beforeAll(async () => {
  const read = (file: string) => fs.readFileSync(path.join(PROJECT, file), 'utf8')
  const write = (file: string, text: string) => fs.writeFileSync(path.join(projectDir, file), text)
  write('mapping.yaml', read('mapping.yaml'))
  write('s.yaml', read('s.yaml') + read('examples/accounts/accounts.s.yaml'))
  write('eventbridge.yaml', read('eventbridge.yaml') + read('examples/accounts/accounts.rules.yaml'))

  server = await startServer((req, res) => {
    requests.push(`${req.method} ${req.url}`)
    app(req, res)
  })
  schema = await createTestSchema()
  const variables = {
    ...{ MYSQL_HOST: schema.host, MYSQL_PORT: String(schema.port), MYSQL_USER: schema.user },
    ...{ MYSQL_PASSWORD: schema.password, MYSQL_DATABASE: schema.database, PORT: String(await freePort()) },
    ...{ SCIM_URL: `http://127.0.0.1:${server.port}/scim/v2`, SCIM_TOKEN: 'a token' },
  }
  stack = await startStack({
    projectDir,
    settings: readSettings(projectDir, variables, {}),
    build: async () => {
      await buildFunctions(dist)
      await buildFunctions(dist, undefined, path.join(PROJECT, 'examples'))
    },
    slipsOf: () => [],
    mapperOf: () => () => ({ notes: [], dropped: [], events: [] }),
    badVariables: () => [],
    stopping: new AbortController().signal,
    report() {},
    log: (line) => void log.push(line),
    logFault: (line) => void log.push(line),
  })
})

/** As DingTalk does, again where the webhook is too busy. */
async function post(body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await waitFor(async () => {
    const { status } = await fetch(stack.webhookUrl, { method: 'POST', headers, body: JSON.stringify(body) })
    return status === 200
  })
}

const joins = (userId: string, fields: object = {}) =>
  post({ syncAction: 'user_add_org', userId, name: '小明', active: true, ...fields })
const leaves = (userId: string, fields: object = {}) => post({ syncAction: 'user_leave_org', userId, ...fields })

const of = (userId: string) => [...accounts.values()].filter(({ externalId }) => externalId === userId)
const becomes = (userId: string, expected: Partial<Account>) =>
  waitFor(
    () => {
      const [account, another] = of(userId)
      return (
        another === undefined &&
        account !== undefined &&
        Object.entries(expected).every(([name, value]) => account[name as keyof Account] === value)
      )
    },
    () => `${JSON.stringify(of(userId))}\n${requests.slice(-9).join('\n')}\n${log.slice(-9).join('\n')}`,
  )
/** until no delivery is left to be made */
async function settled(): Promise<void> {
  const count = async (state: string) => {
    const answer = await fetch(new URL(`/trace/events?state=${state}`, stack.traceUrl))
    return ((await answer.json()) as { events: unknown[] }).events.length
  }
  await waitFor(async () => (await count('pending')) + (await count('retrying')) === 0)
}

const step = story()

step('who joins has an account: userName and externalId are the user id', async () => {
  await joins('u1')
  await becomes('u1', { userName: 'u1', displayName: '小明', active: true })
  expect(of('u1')).toEqual([expect.not.objectContaining({ emails: expect.anything() })])
})

step('the same event again makes no other', async () => {
  const before = requests.length
  await joins('u1')
  await waitFor(() => requests.length > before)
  expect(of('u1')).toHaveLength(1)
})

step('who leaves is not active, and not deleted', async () => {
  await leaves('u1')
  await becomes('u1', { active: false, displayName: '小明' })
})

step('who comes back is active again, by their new name', async () => {
  await joins('u1', { name: '小红' })
  await becomes('u1', { active: true, displayName: '小红' })
})

step.each(['O"Neill \\ {}', '😀 李', "Robert'); DROP TABLE", '</xml>&amp;'].map((name) => [name] as const))(
  'a name is a name: %s',
  async (name) => {
    await joins('u2', { name })
    await becomes('u2', { displayName: name, active: true })
  },
)

step('who left and never had an account gets none', async () => {
  await leaves('nobody')
  await joins('after')
  await becomes('after', { active: true })
  await settled()
  expect(of('nobody')).toEqual([])
})

step('late and in the wrong order: the row decides', async () => {
  const at = (EventTime: number) => ({ EventType: 'user_modify_org', EventTime })
  await leaves('u3', { EventType: 'user_leave_org', syncAction: undefined, EventTime: 1_790_000_002_000 })
  await post({ ...at(1_790_000_001_000), EventType: 'user_add_org', userId: ['u3', 'u4'] })
  await becomes('u4', { active: true })
  await settled()
  expect(of('u3')).toEqual([])
})

step('an account that was made by hand becomes the person’s', async () => {
  const made = { id: 'by-hand', userName: 'u5', active: true }
  accounts.set('by-hand', made)
  await joins('u5')
  await becomes('u5', { id: 'by-hand', displayName: '小明' })
})

step('one whose userName is already another person’s is left alone, and the event becomes no success', async () => {
  accounts.set('other', { id: 'other', userName: 'u7', externalId: 'somebody else', active: true })
  await joins('u7')
  await waitFor(() => log.some((line) => line.includes('USER_NAME_TAKEN')))
  accounts.delete('other')
  await becomes('u7', { active: true })
})

step('fifty at once, each told twice', async () => {
  const ids = Array.from({ length: 50 }, (_, at) => `burst${at}`)
  await Promise.all([...ids, ...ids].map((id) => joins(id)))
  for (const id of ids) await becomes(id, { active: true })
  await settled()
  expect(ids.map((id) => of(id).length)).toEqual(ids.map(() => 1))
})

step('while the server is down events wait, and arrive when it is back', async () => {
  const { port } = server
  await server.close()
  await Promise.all([joins('u6'), leaves('u2')])
  await waitFor(() => log.some((line) => line.includes('accounts_failed')))
  server = await startServer(app, port)
  await becomes('u6', { active: true })
  await becomes('u2', { active: false })
})

step('whom a roster has marked as left, the nightly look finds', async () => {
  const rows = await mysql.createConnection(schema)
  await rows.query("UPDATE user_info SET leftAt = UTC_TIMESTAMP(3) WHERE userId = 'u4'")
  await rows.end()
  const address = new URL('/2023-03-30/functions/dingtalk-accounts/invocations', stack.traceUrl)
  const trigger = { triggerTime: '2026-11-26T20:10:00Z', triggerName: 'nightly', payload: 'recent' }
  expect(await (await fetch(address, { method: 'POST', body: JSON.stringify(trigger) })).json()).toMatchObject({
    changed: 1,
  })
  expect(of('u4')).toMatchObject([{ active: false }])
})
