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

beforeEach(() => accounts.clear())

const names = () => [...accounts.values()].map(({ userName }) => userName)

test('who joins has an account, by the ids alone', async () => {
  await publish('one', { syncAction: 'user_add_org', userId: 'u1', name: '"},{"active":false' })
  await waitFor(() => accounts.size === 1)
  expect([...accounts.values()]).toEqual([expect.objectContaining({ userName: 'u1', externalId: 'u1', active: true })])
})

test('told again, the server answers 409, which is a failure, and no second account', async () => {
  await publish('told', { syncAction: 'user_add_org', userId: 'u2' })
  await waitFor(() => accounts.size === 1)
  await publish('again', { syncAction: 'user_add_org', userId: 'u2' })
  await waitFor(async () => (await statusOf('again')).some((status) => status?.includes('409')))
  expect(names()).toEqual(['u2'])
})

test.each<[string, object]>([
  ['a leave', { syncAction: 'user_leave_org', userId: 'u3' }],
  ['an event that names nobody', { syncAction: 'user_add_org' }],
])('%s is none of the rule’s', async (id, body) => {
  await publish(`${id.length}-before`, { syncAction: 'user_add_org', userId: 'u3' })
  await waitFor(() => accounts.size === 1)
  await publish(id.replaceAll(' ', '-'), body)
  await publish(`${id.length}-after`, { syncAction: 'user_add_org', userId: 'u4' })
  await waitFor(() => names().includes('u4'))
  expect(names()).toEqual(['u3', 'u4'])
  expect([...accounts.values()]).toMatchObject([{ active: true }, { active: true }])
})
