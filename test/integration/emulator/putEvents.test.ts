import { createEventBridgeClient } from '../../../shared/eventbridge/client'
import { accessKey, cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { waitFor } from '../../support/waitFor'

const yaml = `
EventBusName: my-bus
Rules:
  - RuleName: everything
    FilterPattern: { source: [my.source] }
    Targets:
      - Id: function
        Type: acs.fc.function
        Endpoint: acs:fc:cn-hangzhou:123456789012:functions/target
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`
const startEmulator = emulators()
let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator({ yaml })
})

beforeEach(() => {
  emulator.delivered.length = 0
})

test("the official SDK's events are accepted, completed as the service does, and delivered", async () => {
  const answer = await emulator
    .sdk()
    .putEvents([cloudEvent('a'), cloudEvent('b', { data: Buffer.from('text'), datacontenttype: 'text/plain' })])
  expect(answer).toMatchObject({ failedEntryCount: 0, resourceOwnerAccountId: '123456789012' })
  expect(answer.entryList?.map(({ eventId, errorCode }) => [eventId, errorCode])).toEqual([
    ['a', undefined],
    ['b', undefined],
  ])
  const { delivered } = emulator
  await waitFor(() => delivered.length === 2)
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
    aliyunpublishtime: '2026-01-01T00:00:00.000Z',
  })
  expect(delivered.find(({ id }) => id === 'b')).toMatchObject({ data_base64: Buffer.from('text').toString('base64') })
})

test('a batch is accepted in part, entry by entry, in order', async () => {
  const answer = await emulator
    .sdk()
    .putEvents([
      cloudEvent('good'),
      cloudEvent('bad id!'),
      cloudEvent('no-type', { type: '' }),
      cloudEvent('also-good'),
    ])
  expect(answer.failedEntryCount).toBe(2)
  expect(answer.entryList?.map(({ eventId, errorCode }) => [eventId, errorCode])).toEqual([
    ['good', undefined],
    ['bad id!', 'EventInvalid'],
    ['no-type', 'EventTypeInvalid'],
    ['also-good', undefined],
  ])
  await waitFor(() => emulator.delivered.length === 2)
})

test('an event that no rule matches is accepted and delivered nowhere', async () => {
  const answer = await emulator
    .sdk()
    .putEvents([cloudEvent('elsewhere', { source: 'other.source' }), cloudEvent('here')])
  expect(answer.failedEntryCount).toBe(0)
  await waitFor(() => emulator.delivered.length > 0)
  expect(emulator.delivered.map(({ id }) => id)).toEqual(['here'])
})

test('a bus that does not exist fails the entry', async () => {
  const answer = await emulator.sdk().putEvents([cloudEvent('a', { extensions: { aliyuneventbusname: 'nowhere' } })])
  expect(answer.entryList?.[0]).toMatchObject({
    errorCode: 'EventBusNotExist',
    errorMessage: 'The event bus [nowhere] not existed!',
  })
})

test.each<[string, string, () => Promise<unknown>]>([
  [
    'two buses in a batch',
    'PutEventsRequestMoreThanOneEventBus',
    () => emulator.sdk().putEvents([cloudEvent('a'), cloudEvent('b', { extensions: { aliyuneventbusname: 'other' } })]),
  ],
  [
    '17 events',
    'EventSizeExceed',
    () => emulator.sdk().putEvents(Array.from({ length: 17 }, (_, index) => cloudEvent(`e${index}`))),
  ],
  [
    'more than a megabyte',
    'EventSizeExceed',
    () => emulator.sdk().putEvents([cloudEvent('a', { data: Buffer.from(`"${'x'.repeat(1_100_000)}"`) })]),
  ],
])('refused as a whole: %s', async (_, code, send) => {
  await expect(send()).rejects.toMatchObject({ code, message: expect.stringContaining('[EventBridgeError-') })
  expect(emulator.delivered).toEqual([])
})

test('limits may be others', async () => {
  const small = await startEmulator({ limits: { eventsPerBatch: 1 } })
  await expect(small.sdk().putEvents([cloudEvent('a'), cloudEvent('b')])).rejects.toMatchObject({
    code: 'EventSizeExceed',
  })
})

test('an entry that a fault refuses is not accepted; those that are invalid anyway are not asked about', async () => {
  let asked = 0
  const refuseEntry = () => (++asked === 1 ? { code: 'InternalError', message: 'InternalError' } : undefined)
  const faulty = await startEmulator({ yaml, refuseEntry })
  const answer = await faulty.sdk().putEvents([cloudEvent('bad id!'), cloudEvent('refused'), cloudEvent('taken')])
  expect(answer.entryList?.map(({ errorCode }) => errorCode)).toEqual(['EventInvalid', 'InternalError', undefined])
  await waitFor(() => faulty.delivered.length > 0)
  expect(faulty.delivered.map(({ id }) => id)).toEqual(['taken'])
  expect(asked).toBe(2)
})

test('our own client speaks the same protocol, and integers keep their digits on the way', async () => {
  const client = createEventBridgeClient(new URL(`http://127.0.0.1:${emulator.port}`))
  const json = `{"specversion":"1.0","id":"own","source":"my.source","type":"t","aliyuneventbusname":"my-bus","data":{"order":176292748870660512}}`
  const options = { credentials: { ...accessKey, securityToken: 'STS' }, deadline: performance.now() + 20_000 }
  expect(await client.putEvents([json], options)).toMatchObject({
    FailedEntryCount: 0,
    EntryList: [{ EventId: 'own' }],
  })
  await waitFor(() => emulator.delivered.length === 1)
  expect(emulator.payloads.at(-1)).toContain('"order":176292748870660512')
  client.close()
})
