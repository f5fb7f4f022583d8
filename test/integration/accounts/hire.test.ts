import fs from 'node:fs'
import path from 'node:path'
import { createScimServer } from '../../../examples/scimServer'
import { PROJECT } from '../../support/documents'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { startServer, type TestServer } from '../../support/rawHttp'
import { waitFor } from '../../support/waitFor'

// The rule of docs/accounts.md that needs no function, against the same SCIM server.
const read = (file: string) => fs.readFileSync(path.join(PROJECT, 'examples/accounts', file), 'utf8')
const start = emulators()
const { app, accounts } = createScimServer('local')
let server: TestServer
let emulator: TestEmulator

beforeAll(async () => {
  server = await startServer(app)
  const destination = read('hire.destination.yaml').replace(':9000', `:${server.port}`)
  const rules = read('hire.rules.yaml').replaceAll('${region}', 'cn-hangzhou').replaceAll('${account}', '123456789012')
  emulator = await start({ yaml: `${destination}EventBusName: my-bus\nRules:${rules}` })
  emulator.eventBridge.deliver()
})

afterAll(() => server.close())

async function publish(id: string, body: object): Promise<void> {
  const data = Buffer.from(JSON.stringify({ body }))
  const fields = { source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent', data }
  expect(await emulator.sdk().putEvents([cloudEvent(id, fields)])).toMatchObject({ failedEntryCount: 0 })
}

const statusOf = async (EventId: string) => {
  const { EventTraceList = [] } = await emulator.call('queryEventTraces', { EventBusName: 'my-bus', EventId })
  return (EventTraceList as { NotifyStatus?: string }[]).map(({ NotifyStatus }) => NotifyStatus).filter(Boolean)
}

test('who joins has an account, by the ids alone', async () => {
  await publish('one', { syncAction: 'user_add_org', userId: 'u1', name: '"},{"active":false' })
  await waitFor(() => accounts.size === 1)
  expect([...accounts.values()]).toEqual([expect.objectContaining({ userName: 'u1', externalId: 'u1', active: true })])
})

test('told again, the server answers 409, which is a failure, and no second account', async () => {
  await publish('two', { syncAction: 'user_add_org', userId: 'u1' })
  await waitFor(async () => (await statusOf('two')).some((status) => status?.includes('409')))
  expect(accounts.size).toBe(1)
})

test.each<[string, object]>([
  ['a leave', { syncAction: 'user_leave_org', userId: 'u1' }],
  ['an event that names nobody', { syncAction: 'user_add_org' }],
])('%s is none of the rule’s', async (id, body) => {
  await publish(id.replaceAll(' ', '-'), body)
  await publish(`after-${id.length}`, { syncAction: 'user_add_org', userId: `after-${id.length}` })
  await waitFor(() => [...accounts.values()].some(({ userName }) => userName === `after-${id.length}`))
  expect([...accounts.values()].filter(({ userName }) => !/^(u1|after-\d+)$/.test(userName))).toEqual([])
  expect([...accounts.values()].find(({ userName }) => userName === 'u1')).toMatchObject({ active: true })
})
