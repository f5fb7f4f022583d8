import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import EventBridgeSdk, { CloudEvent, Config } from '@alicloud/eventbridge'
import { systemClock } from '../../../emulator/clock'
import { readEventBridgeFile } from '../../../emulator/config/readEventBridgeFile'
import { createEventBridge, type EventBridge } from '../../../emulator/eventBridge'
import { createEventBridgeClient } from '../../../shared/eventbridge/client'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const key = { accessKeyId: 'AKID', accessKeySecret: 'SECRET' }
const delivered: Record<string, unknown>[] = []
const payloads: string[] = []
let eventBridge: EventBridge
let server: http.Server
let endpoint: string

const bus = readEventBridgeFile(
  `
EventBusName: my-bus
Rules:
  - RuleName: everything
    FilterPattern: { source: [my.source] }
    Targets:
      - Id: function
        Type: acs.fc.function
        Endpoint: acs:fc:cn-hangzhou:123456789012:functions/target
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`,
  'eventbridge.yaml',
)

beforeAll(async () => {
  eventBridge = createEventBridge({
    storeFile: path.join(folder, 'store.db'),
    bus,
    accountId: '123456789012',
    region: 'cn-hangzhou',
    accessKey: key,
    invoke: async (_, payload) => {
      payloads.push(payload)
      delivered.push(JSON.parse(payload))
      return undefined
    },
    clock: systemClock,
    random: Math.random,
    webhookUrl: '',
    log() {},
  })
  server = http.createServer((req, res) => void eventBridge.openApi(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await eventBridge.stop()
})

beforeEach(() => {
  delivered.length = 0
})

function sdk(config: Record<string, string> = {}): EventBridgeSdk {
  return new EventBridgeSdk(new Config({ ...key, endpoint, ...config }))
}

function event(id: string, fields: Record<string, unknown> = {}): CloudEvent {
  return new CloudEvent({
    id,
    source: 'my.source',
    type: 'my.type',
    time: '2026-01-01T00:00:00+08:00',
    datacontenttype: 'application/json',
    data: Buffer.from('{"a":1}'),
    extensions: { aliyuneventbusname: 'my-bus' },
    ...fields,
  })
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test("the official SDK's events are accepted, completed as the service does, and delivered", async () => {
  const answer = await sdk().putEvents([
    event('a'),
    event('b', { data: Buffer.from('text'), datacontenttype: 'text/plain' }),
  ])
  expect(answer).toMatchObject({ failedEntryCount: 0, resourceOwnerAccountId: '123456789012' })
  expect(answer.entryList?.map(({ eventId, errorCode }) => [eventId, errorCode])).toEqual([
    ['a', undefined],
    ['b', undefined],
  ])
  await until(() => delivered.length === 2)
  expect(delivered.find(({ id }) => id === 'a')).toEqual({
    id: 'a',
    source: 'my.source',
    type: 'my.type',
    specversion: '1.0',
    time: '2026-01-01T00:00:00+08:00',
    datacontenttype: 'application/json',
    data: { a: 1 },
    aliyuneventbusname: 'my-bus',
    aliyunaccountid: '123456789012',
    aliyunregionid: 'cn-hangzhou',
    aliyunpublishtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
  })
  expect(delivered.find(({ id }) => id === 'b')).toMatchObject({ data_base64: Buffer.from('text').toString('base64') })
})

test('with an STS token, and with a region', async () => {
  const answer = await sdk({ securityToken: 'STS', regionId: 'cn-hangzhou' }).putEvents([event('sts')])
  expect(answer.failedEntryCount).toBe(0)
})

test('a batch is accepted in part, entry by entry, in order', async () => {
  const answer = await sdk().putEvents([
    event('good'),
    event('bad id!'),
    event('no-type', { type: '' }),
    event('also-good'),
  ])
  expect(answer.failedEntryCount).toBe(2)
  expect(answer.entryList?.map(({ eventId, errorCode }) => [eventId, errorCode])).toEqual([
    ['good', undefined],
    ['bad id!', 'EventInvalid'],
    ['no-type', 'EventTypeInvalid'],
    ['also-good', undefined],
  ])
  await until(() => delivered.length === 2)
})

test('an event that no rule matches is accepted and delivered nowhere', async () => {
  const answer = await sdk().putEvents([event('elsewhere', { source: 'other.source' }), event('here')])
  expect(answer.failedEntryCount).toBe(0)
  await until(() => delivered.length > 0)
  expect(delivered.map(({ id }) => id)).toEqual(['here'])
})

test('a bus that does not exist fails the entry', async () => {
  const answer = await sdk().putEvents([event('a', { extensions: { aliyuneventbusname: 'nowhere' } })])
  expect(answer.entryList?.[0]).toMatchObject({
    errorCode: 'EventBusNotExist',
    errorMessage: 'The event bus [nowhere] not existed!',
  })
})

describe("what is refused as a whole, with the service's code", () => {
  test.each<[string, string, () => Promise<unknown>]>([
    ['a wrong secret', 'SignatureDoesNotMatch', () => sdk({ accessKeySecret: 'WRONG' }).putEvents([event('a')])],
    ['an unknown access key', 'InvalidAccessKeyId', () => sdk({ accessKeyId: 'OTHER' }).putEvents([event('a')])],
    [
      'two buses in a batch',
      'PutEventsRequestMoreThanOneEventBus',
      () => sdk().putEvents([event('a'), event('b', { extensions: { aliyuneventbusname: 'other' } })]),
    ],
    [
      '17 events',
      'EventSizeExceed',
      () => sdk().putEvents(Array.from({ length: 17 }, (_, index) => event(`e${index}`))),
    ],
    [
      'more than a megabyte',
      'EventSizeExceed',
      () => sdk().putEvents([event('a', { data: Buffer.from(`"${'x'.repeat(1_100_000)}"`) })]),
    ],
  ])('%s: %s', async (_, code, send) => {
    await expect(send()).rejects.toMatchObject({
      code,
      message: expect.stringContaining('[EventBridgeError-'),
    })
    expect(delivered).toEqual([])
  })
})

test.each([
  ['no signature at all', {}, 403, 'AccessDenied'],
  ['a signature of another scheme', { authorization: 'Bearer x' }, 403, 'AccessDenied'],
])('without the SDK: %s', async (_, headers, status, code) => {
  const response = await fetch(`http://${endpoint}/openapi/putEvents`, { method: 'POST', headers, body: '[]' })
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ code, message: expect.any(String), requestId: expect.any(String) })
})

test('our own client speaks the same protocol, and integers keep their digits on the way', async () => {
  const client = createEventBridgeClient(new URL(`http://${endpoint}`))
  const json = `{"specversion":"1.0","id":"own","source":"my.source","type":"t","aliyuneventbusname":"my-bus","data":{"order":176292748870660512}}`
  const options = { credentials: { ...key, securityToken: 'STS' }, deadline: performance.now() + 20_000 }
  expect(await client.putEvents([json], options)).toMatchObject({
    FailedEntryCount: 0,
    EntryList: [{ EventId: 'own' }],
  })
  await until(() => delivered.length === 1)
  expect(payloads.at(-1)).toContain('"order":176292748870660512')
  client.close()
})

test('the trace page names each event and what became of it, and nothing of its data', async () => {
  await sdk().putEvents([event('traced', { data: Buffer.from('{"name":"小明"}') })])
  await until(() => delivered.length === 1)
  await until(() => /delivered to function/.test(eventBridge.tracePage()))
  const page = eventBridge.tracePage()
  expect(page).toContain('traced')
  expect(page).toContain('no rule matched')
  expect(page).not.toContain('小明')
})
