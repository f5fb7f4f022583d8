import { emulators, type TestEmulator } from '../../../support/emulator'
import { type Call, openApiClient, popCore } from '../../../support/popClients'
import { misfits } from '../../../support/popShapes'
import { waitFor } from '../../../support/waitFor'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const clients: [string, (emulator: TestEmulator, key?: Record<string, string>) => Call][] = [
  ['pop-core', popCore],
  ['openapi-client', openApiClient],
]
const ways = clients.flatMap(([name, client]) => ['GET', 'POST'].map((method) => [name, method, client] as const))

const requestId = expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
const ok = { Code: 'Success', Message: 'success', Success: true, RequestId: requestId }
const arn = 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/my-bus'
const rule = { EventBusName: 'my-bus', RuleName: 'r' }
const target = (Id: string, Body = 'ORIGINAL') => ({
  Id,
  Type: 'acs.fc.function',
  Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
  ParamList: [{ ResourceKey: 'Body', Form: Body }],
})

describe.each(ways)('%s by %s', (_name, method, client) => {
  const call: Call = async (action, parameters = {}) => {
    const answer = await client(emulator)(action, parameters, { method })
    expect(misfits(action, answer)).toEqual([])
    return answer
  }

  test('buses', async () => {
    const EventBusARN = 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/orders'
    const Description = "a b*c~d'(é)!+&=%/ 总线"
    const made = await call('CreateEventBus', { EventBusName: 'orders', Description })
    expect(made).toEqual({ ...ok, Data: { EventBusARN } })
    const CreateTimestamp = Date.parse('2026-01-01T00:00:00Z')
    const bus = { EventBusName: 'orders', EventBusARN, Description, CreateTimestamp }
    expect(await call('GetEventBus', { EventBusName: 'orders' })).toEqual({ ...ok, Data: bus })
    const listed = await call('ListEventBuses', { NamePrefix: 'ord', Limit: 10, NextToken: '0' })
    expect(listed).toEqual({ ...ok, Data: { EventBuses: [bus], Total: 1 } })
    expect(await call('UpdateEventBus', { EventBusName: 'orders', Description: 'd' })).toEqual(ok)
    expect(await call('GetEventBus', { EventBusName: 'orders' })).toMatchObject({ Data: { Description: 'd' } })
    expect(await call('ListEventBuses', { NamePrefix: 'x' })).toEqual({ ...ok, Data: { EventBuses: [], Total: 0 } })
    expect(await call('DeleteEventBus', { EventBusName: 'orders' })).toEqual({ ...ok, Code: '200', Data: true })
  })

  test('rules', async () => {
    const FilterPattern = '{"type": ["t"]}'
    const made = await call('CreateRule', { ...rule, FilterPattern, EventTargets: [target('a')] })
    expect(made).toEqual({ ...ok, Data: { RuleARN: `${arn}/rule/r` } })
    const CreatedTimestamp = Date.parse('2026-01-01T00:00:00Z')
    const told = {
      ...rule,
      RuleARN: `${arn}/rule/r`,
      Description: '',
      Status: 'ENABLE',
      FilterPattern,
      CreatedTimestamp,
    }
    const get = () => call('GetRule', rule)
    expect(await get()).toEqual({ ...ok, Data: { ...told, Targets: [target('a')] } })
    const { ParamList, ...listed } = target('a')
    const Rules = [{ ...told, Targets: [listed] }]
    expect(await call('ListRules', { EventBusName: 'my-bus' })).toEqual({ ...ok, Data: { Rules, Total: 1 } })
    expect(await call('DisableRule', rule)).toEqual(ok)
    expect(await get()).toMatchObject({ Data: { Status: 'DISABLE' } })
    expect(await call('EnableRule', rule)).toEqual(ok)
    expect(await get()).toMatchObject({ Data: { Status: 'ENABLE' } })
    expect(await call('UpdateRule', { ...rule, FilterPattern: '{}', Status: 'DISABLE' })).toEqual({ ...ok, Data: true })
    expect(await get()).toMatchObject({ Data: { Status: 'DISABLE', FilterPattern: '{}', Targets: [target('a')] } })
    expect(await call('DeleteRule', rule)).toEqual(ok)
    expect(await call('ListRules', { EventBusName: 'my-bus' })).toEqual({ ...ok, Data: { Rules: [], Total: 0 } })
  })

  test('sources', async () => {
    const source = { EventBusName: 'my-bus', EventSourceName: 'web.hook' }
    const http = { Type: 'HTTP&HTTPS', Method: ['POST', 'PUT'], SecurityConfig: 'ip', Ip: ['10.0.0.0/8'] }
    const EventSourceARN = `${arn}/eventsource/web.hook`
    const made = await call('CreateEventSource', { ...source, SourceHttpEventParameters: http })
    expect(made).toEqual({ ...ok, Data: { EventSourceARN } })
    const scheduled = { Schedule: '0 */10 * * * *', TimeZone: 'GMT+8:00', UserData: '{"a":"b"}' }
    const other = { ...source, EventSourceName: 'other' }
    await call('CreateEventSource', { ...other, SourceScheduledEventParameters: scheduled })
    const mns = { RegionId: 'cn-hangzhou', QueueName: 'q', IsBase64Decode: true }
    const told = (Name: string, more: object) => ({
      ...{ Name, Arn: `${arn}/eventsource/${Name}`, EventBusName: 'my-bus', Type: 'UserDefined', Status: 'Activated' },
      ...{ Ctime: Date.parse('2026-01-01T00:00:00Z'), Description: '', ...more },
    })
    const list = (more = {}) => call('ListUserDefinedEventSources', { EventBusName: 'my-bus', ...more })
    const described = { ...http, Referer: [], PublicWebHookUrl: [], VpcWebHookUrl: [] }
    const hook = told('web.hook', { SourceHttpEventParameters: described })
    const both = [told('other', { SourceScheduledEventParameters: scheduled }), hook]
    expect(await list()).toEqual({ ...ok, Data: { EventSourceList: both, Total: 2 } })
    expect(await list({ NamePrefix: 'web' })).toEqual({ ...ok, Data: { EventSourceList: [hook], Total: 1 } })
    expect(await call('UpdateEventSource', { ...other, SourceMNSParameters: mns })).toEqual({ ...ok, Data: true })
    const changed = [told('other', { SourceMNSParameters: mns })]
    expect(await list({ NamePrefix: 'other' })).toEqual({ ...ok, Data: { EventSourceList: changed, Total: 1 } })
    expect(await call('DeleteEventSource', other)).toEqual(ok)
    expect(await list()).toMatchObject({ Data: { Total: 1 } })
  })

  test('a page after the other', async () => {
    for (const RuleName of ['a', 'b', 'c']) await call('CreateRule', { ...rule, RuleName, FilterPattern: '{}' })
    const page = async (token = {}) =>
      (await call('ListRules', { EventBusName: 'my-bus', Limit: 2, ...token }))['Data'] as {
        Rules: { RuleName: string }[]
        NextToken?: string
        Total: number
      }
    const first = await page()
    const second = await page({ NextToken: first.NextToken })
    expect([first, second].map(({ Rules }) => Rules.map(({ RuleName }) => RuleName))).toEqual([['a', 'b'], ['c']])
    expect([second.NextToken, second.Total]).toEqual([undefined, 3])
  })

  test('targets are put by their Ids, each by itself', async () => {
    await call('CreateRule', { ...rule, FilterPattern: '{}', EventTargets: [target('a'), target('b')] })
    const answer = await call('PutTargets', {
      ...rule,
      Targets: [{ ...target('b'), ErrorsTolerance: 'NONE' }, target('c')],
    })
    expect(answer).toEqual({ ...ok, Data: { ErrorEntriesCount: 0, ErrorEntries: [] } })
    const wrong = [{ ...target('d'), Type: 'acs.none' }, target('a'), target('a')]
    expect(await call('PutTargets', { ...rule, Targets: wrong })).toMatchObject({
      Code: 'Success',
      Data: {
        ErrorEntriesCount: 2,
        ErrorEntries: [
          { EntryId: 'd', ErrorCode: 'EventTargetClassNotExist' },
          {
            EntryId: 'a',
            ErrorCode: 'EventRuleTargetIdDuplicate',
            ErrorMessage: 'The id of event target is duplicate!',
          },
        ],
      },
    })
    const list = (asked: object) => call('ListTargets', { ...asked })
    const told = ['a', 'b', 'c'].map((Id) => ({
      ...rule,
      ...target(Id),
      ...(Id === 'b' && { ErrorsTolerance: 'NONE' }),
    }))
    const all = { ...ok, Data: { Targets: told, Total: 3 } }
    expect(await list(rule)).toEqual(all)
    expect(await list({ Arn: `${arn}/rule/r` })).toEqual(all)
    expect(await list({ EventBusName: 'my-bus' })).toEqual(all)
    expect(await list({})).toEqual(all)
    expect(await list({ EventBusName: 'default' })).toMatchObject({ Data: { Targets: [], Total: 0 } })
    expect(await call('DeleteTargets', { ...rule, TargetIds: ['a', 'x'] })).toMatchObject({
      ...ok,
      Code: '200',
      Data: { ErrorEntriesCount: 1, ErrorEntries: [{ EntryId: 'x', ErrorCode: 'EventTargetNotExist' }] },
    })
    expect(await list(rule)).toMatchObject({ Data: { Total: 2 } })
  })

  test('patterns, events and their traces', async () => {
    emulator.eventBridge.deliver()
    await call('CreateRule', { ...rule, FilterPattern: '{"type":["t"]}', EventTargets: [target('a')] })
    expect(await call('TestEventPattern', { Event: '{"type":"t"}', EventPattern: '{"type":["t"]}' })).toEqual({
      ...ok,
      Data: { Result: true },
    })
    const event = { Id: 'e-1', Source: 'shop.orders', Type: 't', Subject: 's', DataContentType: 'application/json' }
    const EventList = JSON.stringify([{ ...event, Data: { n: 'N' } }, { Id: 'e-2' }]).replace(
      '"N"',
      '12345678901234567890',
    )
    expect(await call('PutEvents', { EventBusName: 'my-bus', EventList })).toMatchObject({
      ...ok,
      Code: '200',
      Data: {
        FailedEntryCount: 1,
        EntryList: [{ EventId: 'e-1' }, { EventId: 'e-2', ErrorCode: 'EventSourceInvalid' }],
      },
    })
    const asked = { EventBusName: 'my-bus', EventId: 'e-1' }
    await waitFor(() => emulator.delivered.length > 0)
    const steps = { Action: 'PutEvent', EventId: 'e-1', EventSource: 'shop.orders', ReceivedTime: expect.any(Number) }
    await waitFor(async () => ((await call('QueryEventTraces', asked))['Data'] as object[]).length === 3)
    expect(await call('QueryEventTraces', asked)).toMatchObject({
      Code: '200',
      Data: [
        { ...steps, ActionTime: expect.any(Number) },
        { Action: 'FilterEvent', RuleName: 'r', RuleMatchingTime: expect.any(String) },
        { Action: 'PushEvent', NotifyStatus: '[200]Ok', NotifyLatency: '0', NotifyTime: expect.any(Number) },
      ],
    })
    const described = {
      ...{ EventBusName: 'my-bus', EventId: 'e-1', EventSource: 'shop.orders', EventType: 't' },
      EventReceivedTime: Date.parse('2026-01-01T00:00:00Z'),
    }
    const period = { EventBusName: 'my-bus', StartTime: 0, EndTime: 1_800_000_000_000 }
    const pages = { Events: [described], Total: 1 }
    expect(await call('QueryTracedEvents', { ...period, Subject: 's' })).toEqual({ ...ok, Code: '200', Data: pages })
    expect(await call('QueryTracedEvents', { ...period, Subject: 'x' })).toMatchObject({
      Data: { Events: [], Total: 0 },
    })
    expect(await call('QueryTracedEventByEventId', asked)).toEqual({ ...ok, Code: '200', Data: [pages] })
    expect(await call('QueryEvent', { ...asked, EventSource: 'shop.orders' })).toMatchObject({
      Data: { id: 'e-1', source: 'shop.orders', type: 't', subject: 's', aliyuneventbusname: 'my-bus' },
    })
    expect(emulator.payloads[0]).toContain('"data":{"n":12345678901234567890}')
  })

  test('connections and API destinations', async () => {
    const connection = { ConnectionName: 'crm' }
    const destination = { ApiDestinationName: 'contacts' }
    const network = { NetworkType: 'PublicNetwork' }
    const auth = {
      AuthorizationType: 'OAUTH_AUTH',
      OAuthParameters: {
        ...{ AuthorizationEndpoint: 'http://127.0.0.1:9/token?a=b&c=d', HttpMethod: 'POST' },
        ClientParameters: { ClientID: 'me', ClientSecret: "a b*c~d'(é)!+&=%/" },
        OAuthHttpParameters: { BodyParameters: [{ Key: 'scope', Value: 'all', IsValueSecret: 'false' }] },
      },
    }
    const HttpApiParameters = { Endpoint: 'http://127.0.0.1:9/contacts?a=b&c=d', Method: 'PATCH' }
    // this family has no Success
    const { Success: _, ...made } = ok
    const given = { ...connection, Description: 'd', NetworkParameters: network, AuthParameters: auth }
    expect(await call('CreateConnection', given)).toEqual({ ...made, Data: connection })
    const GmtCreate = Date.parse('2026-01-01T00:00:00Z')
    const told = { ...given, Id: 1, GmtCreate, Type: 'Http' }
    const got = await call('GetConnection', connection)
    expect(got).toEqual({ ...made, HttpCode: 200, Data: { Connections: [told] } })
    const inVpc = { NetworkType: 'PrivateNetwork', VpcId: 'vpc', VswitcheId: 'vsw', SecurityGroupId: 'sg' }
    const updated = await call('UpdateConnection', { ...connection, NetworkParameters: inVpc })
    expect(updated).toEqual({ ...made, Code: '200' })
    const page = { MaxResults: 10, Total: 1 }
    const connections = await call('ListConnections', { ConnectionNamePrefix: 'c', Type: 'Http', MaxResults: 10 })
    expect(connections).toEqual({ ...made, Data: { Connections: [{ ...told, NetworkParameters: inVpc }], ...page } })

    const created = await call('CreateApiDestination', { ...destination, ...connection, HttpApiParameters })
    expect(created).toEqual({ ...made, Date: destination })
    const changed = await call('UpdateApiDestination', { ...destination, Description: 'd' })
    expect(changed).toEqual({ ...made, ...destination })
    const described = { ...destination, ...connection, Description: 'd', GmtCreate, HttpApiParameters }
    expect(await call('GetApiDestination', destination)).toEqual({ ...made, Data: described })
    const listed = await call('ListApiDestinations', { ApiDestinationNamePrefix: 'c', ...connection })
    expect(listed).toEqual({ ...made, Data: { ApiDestinations: [described], ...page } })
    expect(await call('ListApiDestinations', { ConnectionName: 'other' })).toEqual({
      ...made,
      Data: { ApiDestinations: [], MaxResults: 10, Total: 0 },
    })
    expect(await call('DeleteApiDestination', destination)).toEqual(made)
    expect(await call('DeleteConnection', connection)).toEqual(made)
    expect(await call('ListConnections')).toMatchObject({ Data: { Connections: [], Total: 0 } })
  })

  test('roles, and what there is: nobody needs one, and nothing', async () => {
    const role = { ...ok, Data: { CheckPass: true, StsRoleName: 'p' } }
    expect(await call('CheckRoleForProduct', { ProductName: 'p' })).toEqual(role)
    expect(await call('CheckServiceLinkedRoleForProduct', { ProductName: 'p' })).toEqual(role)
    expect(await call('CreateServiceLinkedRoleForProduct', { ProductName: 'p' })).toMatchObject(ok)
    expect(await call('GetEventBridgeStatus')).toEqual({ ...ok, Data: { Components: [] } })
  })

  test('sources of cloud services: none', async () => {
    expect(await call('ListAliyunOfficialEventSources')).toEqual({ ...ok, Data: { EventSourceList: [] } })
  })
})
