import { emulators, type TestEmulator } from '../../../support/emulator'
import { openApiClient } from '../../../support/popClients'
import { gone, runSteps, type Step, success } from '../../../support/popSteps'

/* Event sources as terraform's provider and its acceptance tests have them; see terraform.test.ts. */

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const run = (steps: readonly Step[]) => runSteps(emulator, steps)

const source = { EventBusName: 'my-bus', EventSourceName: 'tfsrc' }
const kinds: [string, object, object?][] = [
  [
    'SourceHttpEventParameters',
    { Type: 'HTTP', Method: ['GET', 'POST', 'DELETE'], SecurityConfig: 'referer', Referer: ['www.aliyun.com'], Ip: [] },
  ],
  [
    'SourceHttpEventParameters',
    { Type: 'HTTP&HTTPS', Method: ['GET'], SecurityConfig: 'ip', Ip: ['192.168.1.1/12'], Referer: [] },
  ],
  [
    'SourceKafkaParameters',
    {
      RegionId: 'test',
      InstanceId: 'test',
      Topic: 'test',
      ConsumerGroup: 'test',
      OffsetReset: 'test',
      Network: 'test',
      MaximumTasks: 1,
    },
  ],
  ['SourceMNSParameters', { RegionId: 'test', QueueName: 'test', IsBase64Decode: false }],
  ['SourceRabbitMQParameters', { RegionId: 'test', InstanceId: 'test', VirtualHostName: 'test', QueueName: 'test' }],
  [
    'SourceRocketMQParameters',
    { RegionId: 'test', Topic: 'test', Offset: 'test', GroupID: 'test', InstanceType: 'test', Timestamp: 1 },
    { RegionId: 'test', Topic: 'test', Offset: 'test', GroupId: 'test', InstanceType: 'test', Timestamp: 1 },
  ],
  ['SourceRocketMQParameters', { InstanceType: 'Cloud_5' }, { InstanceType: 'CLOUD_5' }],
  ['SourceSLSParameters', { Project: 'p', LogStore: 'l', ConsumePosition: 'begin', RoleName: 'r' }],
  ['SourceScheduledEventParameters', { Schedule: '10 * * * * *', TimeZone: 'GMT+8:00', UserData: '{"a":"b"}' }],
  [
    'SourceOSSEventParameters',
    {
      EventTypes: ['oss:ObjectCreated:PutObject'],
      StsRoleArn: 'r',
      MatchRules: [[{ Name: 'n', Prefix: 'p', MatchState: 'true' }]],
    },
  ],
]
const names = [...new Set(kinds.map(([name]) => name))]

test.each(kinds)('an event source of %s', async (name, parameters, told = parameters) => {
  const list = { Limit: 50 }
  const described = { Name: 'tfsrc', EventBusName: 'my-bus', Type: 'UserDefined', Status: 'Activated' }
  const unused = Object.fromEntries(names.filter((other) => other !== name).map((other) => [other, {}]))
  await run([
    ['CreateEventSource', { ...source, LinkedExternalSource: true }, success],
    [
      'ListUserDefinedEventSources',
      list,
      { ...success, Data: { EventSourceList: [{ ...described, Description: '' }] } },
    ],
    ['UpdateEventSource', { ...source, Description: 'd', ...unused, [name]: parameters }, { ...success, Data: true }],
    [
      'ListUserDefinedEventSources',
      list,
      { Data: { EventSourceList: [{ ...described, Description: 'd', [name]: told }] } },
    ],
    ['UpdateEventSource', { ...source, Description: 'e', ...unused, [name]: {} }, success],
    ['ListUserDefinedEventSources', list, { Data: { EventSourceList: [{ Description: 'e', [name]: told }] } }],
    ['DeleteEventSource', source, success],
    ['ListUserDefinedEventSources', list, { ...success, Data: { EventSourceList: [], Total: 0 } }],
    ['DeleteEventSource', source, gone('EventSourceNotExist')],
    ['CreateEventSource', { ...source, [name]: parameters }, success],
    ['ListUserDefinedEventSources', list, { Data: { EventSourceList: [{ ...described, [name]: told }] } }],
  ])
})

test('an event source that becomes one of another kind is no more what it was', async () => {
  const scheduled = { Schedule: '0 0 9 * * 1-5', TimeZone: 'GMT+0:00' }
  await run([
    ['CreateEventSource', { ...source, SourceMNSParameters: { QueueName: 'q' } }, success],
    ['UpdateEventSource', { ...source, SourceMNSParameters: {}, SourceScheduledEventParameters: scheduled }, success],
  ])
  const { Data } = (await openApiClient(emulator)('ListUserDefinedEventSources')) as {
    Data: { EventSourceList: object[] }
  }
  expect(Data.EventSourceList[0]).not.toHaveProperty('SourceMNSParameters')
  expect(Data.EventSourceList[0]).toMatchObject({ SourceScheduledEventParameters: scheduled })
})

test('an event source of the older resource, deleted without its bus', async () => {
  const external = { ExternalSourceType: 'MNS', ExternalSourceConfig: { QueueName: 'q' } }
  await run([
    ['CreateEventSource', { ...source, ...external, LinkedExternalSource: true }, success],
    ['ListUserDefinedEventSources', { Limit: 50 }, { Data: { EventSourceList: [external] } }],
    ['CreateEventSource', { ...source, EventBusName: 'default' }, success],
    ['DeleteEventSource', { EventSourceName: 'tfsrc' }, gone('InvalidArgument')],
    ['DeleteEventSource', { ...source, EventBusName: 'default' }, success],
    ['DeleteEventSource', { EventSourceName: 'tfsrc' }, success],
    ['DeleteEventSource', { EventSourceName: 'tfsrc' }, gone('EventSourceNotExist')],
  ])
})
