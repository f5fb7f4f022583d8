import {
  QueryEventByEventIdRequest,
  QueryEventsByPeriodRequest,
  QueryEventsRequest,
  QueryEventTracesRequest,
} from '@alicloud/eventbridge'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
const start = Date.parse('2026-01-01T00:00:00Z')
let emulator: TestEmulator
let functionFails: boolean

beforeEach(async () => {
  functionFails = false
  emulator = await startEmulator({
    connections: { invoke: async () => (functionFails ? { error: 'HandlerError: no database' } : { answer: '{}' }) },
  })
  const rule = { EventBusName: 'my-bus', Targets: [functionTarget('target')] }
  await emulator.call('createRule', { ...rule, RuleName: 'all', FilterPattern: '{}' })
  await emulator.call('createRule', { ...rule, RuleName: 'some', FilterPattern: '{"type":["special"]}' })
})

const bus = { eventBusName: 'my-bus' }
const traces = async (eventId: string) =>
  (await emulator.sdk().queryEventTraces(new QueryEventTracesRequest({ ...bus, eventId }))).eventTraceList ?? []
const byId = (eventId: string, eventSource?: string) =>
  emulator
    .sdk()
    .queryEventByEventId(new QueryEventByEventIdRequest({ ...bus, eventId, ...(eventSource && { eventSource }) }))
const byPeriod = (fields: object = {}) =>
  emulator
    .sdk()
    .queryEventsByPeriod(
      new QueryEventsByPeriodRequest({ ...bus, startTime: start, endTime: start + 86_400_000, ...fields }),
    )
const byIds = (eventIds: string[], eventSourceName?: string) =>
  emulator.sdk().queryEvents(new QueryEventsRequest({ ...bus, eventIds, eventSourceName }))

async function publish(id: string, fields: Record<string, unknown> = {}): Promise<void> {
  const answer = await emulator.sdk().putEvents([cloudEvent(id, fields)])
  expect(answer.failedEntryCount).toBe(0)
}

test('the token in a robot’s address is in no trace, and no login', async () => {
  const address = 'http://me:TOKEN@127.0.0.1:9/robot/send?access_token=TOKEN'
  const parameter = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
  await emulator.call('createTargets', {
    EventBusName: 'my-bus',
    RuleName: 'all',
    Targets: [
      {
        Id: 'robot',
        Type: 'acs.dingtalk',
        Endpoint: address,
        ParamList: [
          parameter('URL', address),
          parameter('SecretKey', 'SEC'),
          { ResourceKey: 'Body', Form: 'ORIGINAL' },
        ],
      },
    ],
  })
  await emulator.sdk().putEvents([cloudEvent('a')])
  const endpoints = async () => (await traces('a')).map(({ endpoint }) => endpoint)
  await waitFor(async () => (await endpoints()).some((endpoint) => endpoint?.startsWith('http')))
  expect(await endpoints()).toContain('http://127.0.0.1:9/robot/send')
  expect(JSON.stringify(await traces('a'))).not.toContain('TOKEN')
})

test('a trace tells of the event, of the rules that it passed and of each attempt to deliver it', async () => {
  functionFails = true
  await publish('e')
  await waitFor(async () => (await traces('e')).length === 3)
  functionFails = false
  // BACKOFF_RETRY tries again after 10 seconds, at the least
  await emulator.clock.advance(10_000)
  await waitFor(async () => (await traces('e')).length === 4)

  const common = { resourceOwnerId: '123456789012', eventId: 'e', eventBusName: 'my-bus', eventSource: 'my.source' }
  const at = (ms: number) => ({ ...common, actionTime: String(start + ms) })
  const endpoint = 'acs:fc:cn-hangzhou:123456789012:functions/target'
  const push = { action: 'PushEvent', ruleName: 'all', endpoint, notifyLatency: 0 }
  expect((await traces('e')).map((trace) => ({ ...trace }))).toEqual([
    { ...at(0), action: 'PutEvent', receivedTime: start },
    { ...at(0), action: 'FilterEvent', ruleName: 'all', ruleMatchingTime: start },
    { ...at(0), ...push, notifyTime: start, notifyStatus: 'HandlerError: no database' },
    { ...at(10_000), ...push, notifyTime: start + 10_000, notifyStatus: '[200]Ok' },
  ])
})

test('a blocked target gets its event again once its rule is enabled', async () => {
  const named = { EventBusName: 'my-bus', RuleName: 'all' }
  await emulator.call('createTargets', { ...named, Targets: [functionTarget('in-order', { ErrorsTolerance: 'NONE' })] })
  await emulator.call('deleteTargets', { ...named, TargetIds: ['target'] })
  functionFails = true
  await publish('e')
  // BACKOFF_RETRY makes 3 retries, 20 seconds apart at the most; the event and its rule are 2 steps more
  await waitFor(async () => {
    await emulator.clock.advance(20_000)
    return (await traces('e')).length === 2 + 4
  })
  functionFails = false
  await emulator.clock.advance(86_400_000)
  expect(await traces('e')).toHaveLength(2 + 4)
  await emulator.call('enableRule', named)
  await waitFor(async () => (await traces('e')).at(-1)?.notifyStatus === '[200]Ok')
})

test('the trace of an event that no rule wants, and of one that is not there', async () => {
  await emulator.call('deleteRule', { EventBusName: 'my-bus', RuleName: 'all' })
  await publish('unwanted')
  expect((await traces('unwanted')).map(({ action }) => action)).toEqual(['PutEvent'])
  expect(await traces('nothing')).toEqual([])
})

test('an event is found by its id and source, each time that it was published', async () => {
  await publish('e')
  await emulator.clock.advance(1_000)
  await publish('e')
  await publish('e', { source: 'other.source' })
  const found = await byId('e', 'my.source')
  const event = { eventSource: 'my.source', eventId: 'e', eventBusName: 'my-bus', eventType: 'my.type' }
  expect(found.tracedEvents?.map((traced) => ({ ...traced }))).toEqual([
    { ...event, eventReceivedTime: String(start + 1_000) },
    { ...event, eventReceivedTime: String(start) },
  ])
  expect(await byId('e')).toMatchObject({ total: 3 })
  expect(await byId('nothing')).toMatchObject({ total: 0, tracedEvents: [] })
})

describe('by period', () => {
  beforeEach(async () => {
    await publish('first')
    await emulator.clock.advance(1_000)
    await publish('second', { type: 'special' })
    await emulator.clock.advance(1_000)
    await publish('third', { source: 'other.source' })
  })

  test.each<[string, object, string[]]>([
    ['everything, the newest first', {}, ['third', 'second', 'first']],
    ['a time, both ends inclusive', { startTime: start + 1_000, endTime: start + 2_000 }, ['third', 'second']],
    ['one moment', { startTime: start, endTime: start }, ['first']],
    ['a source', { eventSource: 'my.source' }, ['second', 'first']],
    ['a type', { eventType: 'special' }, ['second']],
    ['a rule that matched', { matchedRule: 'some' }, ['second']],
    ['nothing', { eventSource: 'nobody' }, []],
  ])('%s', async (_, fields, ids) => {
    const answer = await byPeriod(fields)
    expect(answer.tracedEvents?.map(({ eventId }) => eventId)).toEqual(ids)
    expect(answer.total).toBe(ids.length)
  })

  test('in pages, whatever comes meanwhile', async () => {
    const first = await byPeriod({ limit: 2 })
    await publish('fourth')
    const second = await byPeriod({ limit: 2, nextToken: first.nextToken })
    expect(first.tracedEvents?.map(({ eventId }) => eventId)).toEqual(['third', 'second'])
    expect(second.tracedEvents?.map(({ eventId }) => eventId)).toEqual(['first'])
    expect(second.nextToken).toBeUndefined()
  })
})

test('events are given whole by their ids', async () => {
  await publish('a')
  await publish('b')
  await publish('b', { source: 'other.source', data: Buffer.from('{"newer":true}') })
  const { eventMap, eventBusName } = await byIds(['a', 'b', 'nothing'])
  expect(eventBusName).toBe('my-bus')
  expect(Object.keys(eventMap ?? {})).toEqual(['a', 'b'])
  expect(JSON.parse(eventMap?.['b'] ?? '')).toMatchObject({ source: 'other.source', data: { newer: true } })
  const ofSource = await byIds(['b'], 'my.source')
  expect(JSON.parse(ofSource.eventMap?.['b'] ?? '')).toMatchObject({ source: 'my.source', data: { a: 1 } })
})

const manyIds = Array.from({ length: 101 }, (_, index) => `e${index}`)

test.each<[string, string, () => Promise<unknown>]>([
  ['no start', 'JsonAttributeInvalid', () => emulator.call('queryEventsByPeriod', { EventBusName: 'my-bus' })],
  ['a page of 101', 'LimitSizeInvalid', () => byPeriod({ limit: 101 })],
  ['a token that nobody gave', 'NextTokenInvalid', () => byPeriod({ nextToken: '2' })],
  ...['before 1', 'before 1 2', 'before 1 x 3', 'before 1.5 2 3'].map(
    (token): [string, string, () => Promise<unknown>] => [
      `the token ${token}`,
      'NextTokenInvalid',
      () => byPeriod({ nextToken: Buffer.from(token).toString('base64url') }),
    ],
  ),
  ['101 ids', 'JsonAttributeInvalid', () => byIds(manyIds)],
  ['no list of ids', 'JsonAttributeInvalid', () => emulator.call('queryEventsByEventIds', { EventBusName: 'my-bus' })],
])('refused: %s: %s', async (_, code, run) => {
  await expect(run()).rejects.toMatchObject({ code, data: { code } })
})

test.each([
  ['queryEventTraces', {}],
  ['queryEventByEventId', {}],
  ['queryEventsByPeriod', { StartTime: 0, EndTime: 1 }],
  ['queryEventsByEventIds', { EventIds: [] }],
])('%s on a bus that is not there', async (operation, fields) => {
  await expect(emulator.call(operation, { EventBusName: 'nowhere', ...fields })).rejects.toMatchObject({
    code: 'EventBusNotExist',
  })
})
