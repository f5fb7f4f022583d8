import models from '../../fixtures/sdk-shapes.json'
import { emulators, type TestEmulator } from '../../support/emulator'
import { signedPost } from '../../support/signedPost'
import { story } from '../../support/story'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

type ModelName = keyof typeof models

const isModel = (name: string): name is ModelName => Object.hasOwn(models, name)

/**
 * What of an answer is not as the SDK's model has it: a field that lacks, that is too many, or that is of another type.
 * In the models a field is `"RequestId": "requestId:string"`.
 * @param absent fields, as `Model.Field`, that this answer does well not to have
 */
function faultsOf(value: unknown, type: string, where: string, absent: readonly string[]): string[] {
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return [`${where} is no list`]
    return value.flatMap((item, index) => faultsOf(item, type.slice(0, -'[]'.length), `${where}[${index}]`, absent))
  }
  if (type.startsWith('map<')) return typeof value === 'object' ? [] : [`${where} is no map`]
  if (!isModel(type)) return typeof value === type ? [] : [`${where} is a ${typeof value} and no ${type}`]

  const fields = Object.entries(models[type] as Record<string, string>)
  const given = value as Record<string, unknown>
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(models[type], name))
  return [
    ...unknown.map((name) => `${where}.${name} is not in ${type}`),
    ...fields.flatMap(([name, described]) => {
      const isAbsent = absent.includes(`${type}.${name}`)
      if (given[name] === undefined) return isAbsent ? [] : [`${where}.${name} lacks`]
      if (isAbsent) return [`${where}.${name} should not be there`]
      return faultsOf(given[name], described.slice(described.indexOf(':') + 1), `${where}.${name}`, absent)
    }),
  ]
}

const startEmulator = emulators()
let emulator: TestEmulator

const onBus = { EventBusName: 'my-bus' }
const onRule = { ...onBus, RuleName: 'r-1' }
const period = { ...onBus, StartTime: 0, EndTime: Number.MAX_SAFE_INTEGER - 1 }
const target = functionTarget('target', {
  PushRetryStrategy: 'BACKOFF_RETRY',
  ConcurrentConfig: { Concurrency: 1 },
  ParamList: [{ ResourceKey: 'Body', Form: 'TEMPLATE', Value: '{"x":"$.id"}', Template: '${x}' }],
})
const http = { Type: 'HTTP', Method: ['POST'], SecurityConfig: 'none' }

beforeAll(async () => {
  emulator = await startEmulator()
  const rule = { ...onBus, FilterPattern: '{}', Targets: [target] }
  for (const RuleName of ['r-1', 'r-2']) await emulator.call('createRule', { ...rule, RuleName })
  for (const EventSourceName of ['s-1', 's-2']) {
    await emulator.call('v2/createEventSource', { ...onBus, EventSourceName, SourceHttpEventParameters: http })
  }
  const event = { specversion: '1.0', id: 'e', source: 's', type: 't', aliyuneventbusname: 'my-bus' }
  const batch = JSON.stringify([event, { ...event, source: '' }])
  const contentType = { 'content-type': 'application/cloudevents-batch+json' }
  const response = await signedPost(emulator.port, '/openapi/putEvents', contentType, batch)
  const answer = (await response.json()) as { EntryList: object[] }
  expect(faultsOf(answer.EntryList[1], 'PutEventsResponseEntry', 'entry', [])).toEqual([])
  const failure = ['PutEventsResponseEntry.ErrorCode', 'PutEventsResponseEntry.ErrorMessage']
  expect(faultsOf({ ...answer, EntryList: [answer.EntryList[0]] }, 'PutEventsResponse', 'answer', failure)).toEqual([])
  await emulator.call('v2/createEventSource', { ...onBus, EventSourceName: 's-3' })
  await waitFor(async () =>
    JSON.stringify(await emulator.call('queryEventTraces', { ...onBus, EventId: 'e' })).includes('Push'),
  )
})

const otherKinds = ['RabbitMQ', 'MNS', 'RocketMQ', 'Kafka', 'SLS'].map(
  (kind) => `EBUserDefinedEventSourceEntry.Source${kind}Parameters`,
)

const step = story()

step.each<[operation: string, request: object, model: ModelName, absent?: string[]]>([
  ['createEventBus', { EventBusName: 'b' }, 'CreateEventBusResponse'],
  ['getEventBus', onBus, 'GetEventBusResponse'],
  ['listEventBuses', { Limit: 1 }, 'ListEventBusesResponse'],
  ['deleteEventBus', { EventBusName: 'b' }, 'DeleteEventBusResponse'],
  ['createRule', { ...onBus, RuleName: 'x', FilterPattern: '{}' }, 'CreateRuleResponse'],
  ['getRule', onRule, 'GetRuleResponse'],
  ['listRules', { ...onBus, Limit: 1 }, 'ListRulesResponse'],
  ['updateRule', onRule, 'UpdateRuleResponse'],
  ['disableRule', onRule, 'DisableRuleResponse'],
  ['enableRule', onRule, 'EnableRuleResponse'],
  ['deleteRule', { ...onBus, RuleName: 'x' }, 'DeleteRuleResponse'],
  ['createTargets', { ...onRule, Targets: [target] }, 'CreateTargetsResponse'],
  ['listTargets', onRule, 'ListTargetsResponse'],
  ['deleteTargets', { ...onRule, TargetIds: ['nothing'] }, 'DeleteTargetsResponse'],
  ['testEventPattern', { Event: '{}', EventPattern: '{}' }, 'TestEventPatternResponse'],
  [
    'queryEventByEventId',
    { ...onBus, EventId: 'e' },
    'QueryEventByEventIdResponse',
    ['QueryEventByEventIdResponse.NextToken'],
  ],
  ['queryEventsByPeriod', period, 'QueryEventsByPeriodResponse', ['QueryEventsByPeriodResponse.NextToken']],
  ['queryEventsByEventIds', { ...onBus, EventIds: ['e'] }, 'QueryEventsResponse'],
  ['v2/createEventSource', { ...onBus, EventSourceName: 'x' }, 'CreateEventSourceResponse'],
  ['v2/updateEventSource', { ...onBus, EventSourceName: 'x' }, 'UpdateEventSourceResponse'],
  ['v2/deleteEventSource', { ...onBus, EventSourceName: 'x' }, 'DeleteEventSourceResponse'],
  ['v2/listUserDefinedEventSources', { ...onBus, Limit: 1 }, 'ListUserDefinedResponse', otherKinds],
  ['v2/listAliyunOfficialEventSources', {}, 'ListAliyunOfficialResponse', ['ListAliyunOfficialResponse.NextToken']],
  ['listPartnerEventSources', {}, 'ListPartnerEventSourcesResponse'],
])('%s answers with every field of the model and no other', async (operation, request, model, absent = []) => {
  expect(faultsOf(await emulator.call(operation, request), model, 'answer', absent)).toEqual([])
})

/** The fields that each kind of trace has beside those that all have. */
const ofRule = ['RuleName']
const ofPush = ['NotifyLatency', 'NotifyTime', 'NotifyStatus', 'Endpoint']
const without = (names: string[]) => names.map((name) => `EventTrace.${name}`)

test.each<[string, string[]]>([
  ['PutEvent', without([...ofRule, 'RuleMatchingTime', ...ofPush])],
  ['FilterEvent', without(['ReceivedTime', ...ofPush])],
  ['PushEvent', without(['ReceivedTime', 'RuleMatchingTime'])],
])('queryEventTraces: a %s has the fields that the document gives it', async (action, absent) => {
  const answer = await emulator.call('queryEventTraces', { ...onBus, EventId: 'e' })
  expect(Object.keys(answer)).toEqual(Object.keys(models.QueryEventTracesResponse))
  const steps = (answer['EventTraceList'] as Record<string, unknown>[]).filter((step) => step['Action'] === action)
  expect(steps).not.toEqual([])
  expect(faultsOf(steps, 'EventTrace[]', 'trace', absent)).toEqual([])
})
