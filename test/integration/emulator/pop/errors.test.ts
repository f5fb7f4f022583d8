import { emulators, type TestEmulator } from '../../../support/emulator'
import { type Call, openApiClient, popCore } from '../../../support/popClients'
import { operationNames } from '../../../support/popShapes'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const clients: [string, (emulator: TestEmulator, key?: Record<string, string>) => Call][] = [
  ['pop-core', popCore],
  ['openapi-client', openApiClient],
]
const requestId = expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
const rule = { EventBusName: 'my-bus', RuleName: 'r' }
const target = {
  Id: 'a',
  Type: 'acs.fc.function',
  Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
  ParamList: [],
}

/** What is wrong, the call, the status and the Code. */
const wrong: [string, string, object, number, string][] = [
  ['a bus that is not there', 'GetEventBus', { EventBusName: 'nope' }, 200, 'EventBusNotExist'],
  ['a rule that is not there', 'GetRule', rule, 200, 'EventRuleNotExisted'],
  ['a rule of a bus that is not there', 'GetRule', { ...rule, EventBusName: 'nope' }, 200, 'EventBusNotExist'],
  ['targets of a rule that is not there', 'ListTargets', rule, 200, 'EventRuleNotExisted'],
  ['a bus that is there', 'CreateEventBus', { EventBusName: 'my-bus' }, 200, 'EventBusAlreadyExist'],
  ["the service's own bus", 'DeleteEventBus', { EventBusName: 'default' }, 200, 'EventBusNameInvalid'],
  ['a wrong pattern', 'CreateRule', { ...rule, FilterPattern: '{' }, 200, 'EventRuleFilterPatternSchemaError'],
  [
    'a wrong target',
    'CreateRule',
    { ...rule, FilterPattern: '{}', EventTargets: [{ Id: 'a', Type: 'acs.none' }] },
    200,
    'EventTargetClassNotExist',
  ],
  [
    'a target whose dead letters would be lost',
    'CreateRule',
    { ...rule, FilterPattern: '{}', EventTargets: [{ ...target, DeadLetterQueue: { Arn: 'acs:none' } }] },
    200,
    'EventTargetIneffectiveAttribute',
  ],
  ['a page of none', 'ListEventBuses', { Limit: 0 }, 200, 'LimitSizeInvalid'],
  ['a token of none', 'ListEventBuses', { NextToken: 'x' }, 200, 'NextTokenInvalid'],
  ['an event that is not there', 'QueryEvent', { EventBusName: 'my-bus', EventId: 'x' }, 200, 'EventNotExist'],
  ['one called as objects are', 'QueryEvent', { EventBusName: 'my-bus', EventId: 'constructor' }, 200, 'EventNotExist'],
  [
    'a source of a kind that is none',
    'CreateEventSource',
    { EventBusName: 'my-bus', EventSourceName: 's', SourceMNSParameters: ['x'] },
    200,
    'InvalidArgument',
  ],
  [
    'a schedule that is a list',
    'CreateEventSource',
    { EventBusName: 'my-bus', EventSourceName: 's', SourceScheduledEventParameters: ['x'] },
    200,
    'InvalidArgument',
  ],
  [
    'a schedule of five fields',
    'CreateEventSource',
    { EventBusName: 'my-bus', EventSourceName: 's', SourceScheduledEventParameters: { Schedule: '* * * * *' } },
    200,
    'ScheduledSourceParametersInvalid',
  ],
  ['no name', 'CreateEventBus', { Description: 'd' }, 400, 'MissingEventBusName'],
  ['no pattern', 'CreateRule', rule, 400, 'MissingFilterPattern'],
  ['targets that are no JSON', 'PutTargets', { ...rule, Targets: 'x' }, 400, 'InvalidTargets'],
  ['a Limit that is no number', 'ListEventBuses', { Limit: 'x' }, 400, 'InvalidLimit'],
  ['an operation that nobody has', 'GetEventBuss', {}, 404, 'InvalidAction.NotFound'],
  ['event streaming', 'CreateEventStreaming', { EventStreamingName: 's' }, 409, 'OperationNotSupported'],
  ['a database', 'DiscoverEventSource', {}, 409, 'OperationNotSupported'],
]

test.each(wrong)('%s: what goes over the wire', async (_what, action, parameters, status, Code) => {
  const { port } = emulator
  const client = openApiClient({ port })
  const answer = await client(action, { ...parameters }).catch((error) => error)
  const message = expect.stringMatching(/./)
  if (status === 200) expect(answer).toEqual({ Code, Message: message, RequestId: requestId, Success: false })
  else {
    expect(answer).toMatchObject({ code: Code, data: { Code, statusCode: status, RequestId: requestId } })
    expect(answer.data).toMatchObject({ HostId: `127.0.0.1:${port}`, Message: message })
  }
})

test.each(wrong)('%s: pop-core rejects', async (_what, action, parameters, _status, Code) => {
  const refusal = popCore(emulator)(action, { ...parameters })
  await expect(refusal).rejects.toMatchObject({ name: `${Code}Error`, code: Code, data: { Code } })
})

/** Who asks, and what he hears. */
const strangers: [string, Record<string, string>, string][] = [
  ['a key that nobody has', { accessKeyId: 'x' }, 'InvalidAccessKeyId.NotFound'],
  ['a wrong secret', { accessKeySecret: 'x' }, 'SignatureDoesNotMatch'],
]

describe.each(clients)('%s with', (_name, client) => {
  test.each(strangers)('%s', async (_what, key, code) => {
    await expect(client(emulator, key)('ListEventBuses')).rejects.toMatchObject({ code })
  })

  test('a token of temporary credentials', async () => {
    const securityToken = 'tok+en/=='
    const temporary = { accessKeyId: 'STS.x', accessKeySecret: 'y', securityToken }
    await emulator.restart(undefined, { accessKeys: [temporary] })
    expect(await client(emulator, temporary)('ListEventBuses')).toMatchObject({ Code: 'Success' })
    const another = client(emulator, { ...temporary, securityToken: 'x' })('ListEventBuses')
    await expect(another).rejects.toMatchObject({ code: 'InvalidSecurityToken.MismatchWithAccessKey' })
    const none = client(emulator, { ...temporary, securityToken: '' })('ListEventBuses')
    await expect(none).rejects.toMatchObject({ code: 'InvalidAccessKeyId.NotFound' })
  })

  test('another version', async () => {
    await expect(client(emulator, { apiVersion: '2015-01-01' })('ListEventBuses')).rejects.toMatchObject({
      code: 'InvalidVersion',
    })
  })
})

test.each(operationNames.map((name) => [name]))('%s is known', async (name) => {
  const answer = await openApiClient(emulator)(name).catch(({ data }) => data)
  expect(answer.Code).toMatch(/^(Success|200|Missing\w+|OperationNotSupported)$/)
})

test.each<[string, RequestInit, string, number, string]>([
  ['an unsigned POST', { method: 'POST' }, '/', 400, 'MissingAccessKeyId'],
  ['an unsigned GET', {}, '/?Action=ListEventBuses', 400, 'MissingAccessKeyId'],
  ['a bearer', { method: 'POST', headers: { authorization: 'Bearer x' } }, '/', 400, 'IncompleteSignature'],
])('%s', async (_what, init, path, status, Code) => {
  const answer = await fetch(`http://127.0.0.1:${emulator.port}${path}`, init)
  expect([answer.status, await answer.json()]).toMatchObject([status, { Code, RequestId: requestId }])
  expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8')
})
