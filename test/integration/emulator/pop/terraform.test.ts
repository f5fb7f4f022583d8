import { cloudEvent, emulators, type TestEmulator } from '../../../support/emulator'
import { openApiClient } from '../../../support/popClients'
import { gone, runSteps, type Step, success } from '../../../support/popSteps'
import { waitFor } from '../../../support/waitFor'

/*
 * What terraform's provider calls for a resource, from apply to destroy, and what its acceptance tests expect to read back:
 * https://github.com/aliyun/terraform-provider-alicloud, service_alicloud_event_bridge.go and the resources beside it.
 */

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const run = (steps: readonly Step[]) => runSteps(emulator, steps)

test('an event bus', async () => {
  const bus = { EventBusName: 'tf-bus' }
  const read = { RegionId: 'cn-hangzhou', ...bus }
  await run([
    ['CreateEventBus', { ClientToken: 'TF-CreateEventBus-1790000000-abc', ...bus }, success],
    ['GetEventBus', read, { ...success, Data: { ...bus, Description: '' } }],
    ['UpdateEventBus', { ...bus, Description: 'd' }, success],
    ['GetEventBus', read, { Data: { ...bus, Description: 'd' } }],
    ['UpdateEventBus', { ...bus, Description: '' }, success],
    ['GetEventBus', read, { Data: { ...bus, Description: '' } }],
    ['ListEventBuses', { NamePrefix: 'tf', Limit: 50 }, { Data: { EventBuses: [bus], Total: 1 } }],
    ['DeleteEventBus', { ClientToken: 'TF', ...bus }, { Code: '200', Success: true, Data: true }],
    ['GetEventBus', read, gone('EventBusNotExist')],
    ['UpdateEventBus', bus, gone('EventBusNotExist')],
    ['DeleteEventBus', bus, { Code: '200', Success: true, Data: false }],
    ['ListEventBuses', { NamePrefix: 'tf', Limit: 50 }, { Data: { EventBuses: [], Total: 0 } }],
  ])
})

const rule = { EventBusName: 'my-bus', RuleName: 'tf-rule' }
/** with the space */
const FilterPattern = '{"source":["crmabc.newsletter"],"type":["UserSignUp", "UserLogin"]}'
const encoded = { ResourceKey: 'IsBase64Encode', Form: 'CONSTANT', Value: 'true' }
const queue = {
  Id: 'tf-t1',
  Type: 'acs.mns.queue',
  Endpoint: 'acs:mns:cn-hangzhou:123456789012:queues/q',
  ParamList: [
    { ResourceKey: 'Body', Form: 'ORIGINAL' },
    { ResourceKey: 'queue', Form: 'CONSTANT', Value: 'q' },
    encoded,
  ],
}
const workflow = {
  Id: 'tf-t1',
  Type: 'acs.fnf',
  Endpoint: 'acs:fnf:cn-hangzhou:123456789012:flow/$' + '{flow}',
  ParamList: [
    { ResourceKey: 'Input', Form: 'JSONPATH', Value: '$.data.name' },
    { ResourceKey: 'FlowName', Form: 'CONSTANT', Value: 'flow' },
    { ResourceKey: 'RoleName', Form: 'CONSTANT', Value: 'role' },
  ],
}
const http = {
  Id: 'tf-t1',
  Type: 'http',
  Endpoint: 'http://www.aliyun.com',
  PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
  DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:123456789012:/queues/dead' },
  ParamList: [
    { ResourceKey: 'url', Form: 'CONSTANT', Value: 'http://www.aliyun.com' },
    {
      ResourceKey: 'Body',
      Form: 'TEMPLATE',
      Value: '{\n  "key": "$.data.value"\n}\n',
      Template: 'The value is $' + '{key}\n',
    },
  ],
}
const kafka = {
  Id: 'k',
  Type: 'ApacheKafkaSelf',
  Endpoint: '192.168.0.1:9092',
  ParamList: ['bootstraps', 'topic', 'acks', 'saslUser', 'saslPassword', 'networkType', 'vpc', 'a', 'b', 'c'].map(
    (ResourceKey) => ({ ResourceKey, Form: 'CONSTANT', Value: ResourceKey }),
  ),
}
const sent = (...targets: object[]) => targets.map((target) => ({ DeadLetterQueue: {}, ...target }))

test('a rule', async () => {
  await run([
    ['CreateRule', { ...rule, FilterPattern, EventTargets: sent(queue) }, success],
    [
      'GetRule',
      rule,
      { ...success, Data: { ...rule, FilterPattern, Status: 'ENABLE', Description: '', Targets: [queue] } },
    ],
    ['DisableRule', rule, success],
    ['GetRule', rule, { Data: { Status: 'DISABLE' } }],
    ['UpdateRule', { ...rule, FilterPattern: '{}', Description: 'd' }, { ...success, Data: true }],
    [
      'PutTargets',
      { ...rule, Targets: sent(workflow) },
      { ...success, Data: { ErrorEntriesCount: 0, ErrorEntries: [] } },
    ],
    ['EnableRule', rule, success],
    ['GetRule', rule, { Data: { FilterPattern: '{}', Status: 'ENABLE', Description: 'd', Targets: [workflow] } }],
    ['PutTargets', { ...rule, Targets: sent(http, kafka) }, { Data: { ErrorEntriesCount: 0 } }],
    ['GetRule', rule, { Data: { Targets: [http, kafka] } }],
    ['ListRules', { EventBusName: 'my-bus', RuleNamePrefix: 'tf', Limit: 50 }, { Data: { Rules: [rule], Total: 1 } }],
    ['DeleteRule', rule, success],
    ['GetRule', rule, gone('EventRuleNotExisted')],
    ['DeleteRule', rule, gone('EventRuleNotExisted')],
    ['GetRule', { ...rule, EventBusName: 'nowhere' }, gone('EventBusNotExist')],
    ['ListRules', { EventBusName: 'my-bus', Limit: 50 }, { Data: { Rules: [], Total: 0 } }],
  ])
})

test('an empty dead-letter queue is none, and what the service adds to a target on MNS is added', async () => {
  const [body, name] = queue.ParamList
  await run([
    ['CreateRule', { ...rule, FilterPattern, EventTargets: sent({ ...queue, ParamList: [body, name] }) }, success],
  ])
  const call = openApiClient(emulator)
  const { Data } = (await call('GetRule', rule)) as { Data: { Targets: object[] } }
  expect(Data.Targets).toEqual([{ ...queue, ParamList: [body, name, { ...encoded, Value: 'false', Template: '' }] }])
})

test('the role of a product', async () => {
  const role = { ProductName: 'AliyunServiceRoleForEventBridgeSendToMNS' }
  const there = { ...success, Data: { CheckPass: true, StsRoleName: role.ProductName } }
  await run([
    ['CreateServiceLinkedRoleForProduct', role, { ...success, HttpCode: 200 }],
    ['CheckRoleForProduct', { RegionId: 'cn-hangzhou', ...role }, there],
    ['CheckServiceLinkedRoleForProduct', role, there],
    ['GetEventBridgeStatus', {}, { ...success, Data: { Components: [] } }],
  ])
})

test('a target to which nothing is delivered here is kept over a restart, and its delivery says what is missing', async () => {
  await run([
    ['CreateRule', { ...rule, FilterPattern: '{}', EventTargets: [{ ...kafka, ErrorsTolerance: 'NONE' }] }, success],
  ])
  await emulator.restart()
  await emulator.sdk().putEvents([cloudEvent('1')])
  const call = openApiClient(emulator)
  let status = ''
  await waitFor(async () => {
    const { Data } = await call('QueryEventTraces', { EventBusName: 'my-bus', EventId: '1' })
    const steps = Data as { Action: string; NotifyStatus: string }[]
    status = steps.find(({ Action }) => Action === 'PushEvent')?.NotifyStatus ?? ''
    return status !== ''
  })
  expect(status).toMatch(/^the target is refused: Type: the emulator delivers nothing to ApacheKafkaSelf, but to acs\./)
  await run([['GetRule', rule, { Data: { Targets: [kafka] } }]])
})
