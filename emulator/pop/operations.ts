import * as buses from '../api/buses'
import * as connections from '../api/connections'
import type { ApiContext } from '../api/context'
import { listAliyunOfficialEventSources } from '../api/eventSources'
import { ApiError } from '../api/refusal'
import { deleteRule, disableRule, enableRule, testEventPattern, updateRule } from '../api/rules'
import { deleteTargets } from '../api/targets'
import { type Parameter, parseParameters } from './readParameters'
import * as rules from './rules'
import * as sources from './sources'
import * as traces from './traces'

/** How it answers, and what its business errors are: see refused in popApi.ts. */
export type Family = 'bus' | 'connection'

export interface Operation {
  family: Family
  parameters: Parameter[]
  /** The answer's own part: Data, and Code where it is not Success. @throws ApiError */
  run(request: Request, context: ApiContext): object | Promise<object>
}

type Request = Record<string, unknown>
type Run = (request: Request, context: ApiContext) => unknown
type Row = [name: string, parameters: string, run: Operation['run']]

/** What the function gives is Data. */
function data(run: Run, more: object = {}): Operation['run'] {
  return async (request, context) => ({ ...more, Data: await run(request, context) })
}

/** The function does it, and the answer has nothing of what it gives. */
function done(run: Run, answer: object = {}): Operation['run'] {
  return async (request, context) => {
    await run(request, context)
    return answer
  }
}

/** In most documents Code is Success where all is well; in these it is this. */
const CODE_200 = { Code: '200' }
const HTTP_200 = { HttpCode: 200 }

const BUS = 'EventBusName*'
const RULE = `${BUS} RuleName*`
const PAGE = 'Limit:number NextToken'
const EVENT = `${BUS} EventId*`
const SOURCE = `EventSourceName* Description ExternalSourceType ExternalSourceConfig:json
  SourceHttpEventParameters:json SourceScheduledEventParameters:json SourceMNSParameters:json SourceRocketMQParameters:json
  SourceRabbitMQParameters:json SourceKafkaParameters:json SourceSLSParameters:json SourceOSSEventParameters:json`

const ofBuses: Row[] = [
  ['CreateEventBus', `${BUS} Description`, data(buses.createEventBus)],
  ['GetEventBus', BUS, data(getEventBus)],
  ['UpdateEventBus', `${BUS} Description`, done(buses.updateEventBus)],
  ['ListEventBuses', `NamePrefix ${PAGE}`, data(listEventBuses)],
  ['DeleteEventBus', BUS, data(deleteEventBus, CODE_200)],
  ['CreateRule', `${RULE} FilterPattern* Description Status EventTargets:json Targets:json`, data(rules.createRule)],
  ['UpdateRule', `${RULE} FilterPattern* Description Status`, done(updateRule, { Data: true })],
  ['GetRule', RULE, data(rules.getRule)],
  ['ListRules', `${BUS} RuleNamePrefix ${PAGE}`, data(rules.listRules)],
  ['EnableRule', RULE, done(enableRule)],
  ['DisableRule', RULE, done(disableRule)],
  ['DeleteRule', RULE, done(deleteRule)],
  ['PutTargets', `${RULE} Targets*:json`, data(rules.putTargets)],
  ['DeleteTargets', `${RULE} TargetIds:json`, data(removeTargets, CODE_200)],
  ['ListTargets', `Arn EventBusName RuleName ${PAGE}`, data(rules.listTargets)],
  ['CreateEventSource', `${BUS} ${SOURCE}`, data(sources.createEventSource)],
  ['UpdateEventSource', `${BUS} ${SOURCE}`, done(sources.updateEventSource, { Data: true })],
  ['DeleteEventSource', 'EventSourceName* EventBusName', done(sources.deleteEventSource)],
  ['ListUserDefinedEventSources', `EventBusName NamePrefix ${PAGE}`, data(sources.listUserDefinedEventSources)],
  ['ListAliyunOfficialEventSources', '', data(officialSources)],
  ['TestEventPattern', 'Event* EventPattern*', data(testEventPattern)],
  [
    'QueryTracedEvents',
    `${BUS} StartTime*:number EndTime*:number EventSource EventType Subject MatchedRule ${PAGE}`,
    data(traces.queryTracedEvents, CODE_200),
  ],
  ['QueryTracedEventByEventId', `${EVENT} EventSource`, data(traces.queryTracedEventByEventId, CODE_200)],
  ['QueryEvent', `${EVENT} EventSource`, data(traces.queryEvent, CODE_200)],
  ['QueryEventTraces', EVENT, data(traces.queryEventTraces, CODE_200)],
  ['PutEvents', `${BUS} EventList:lossless`, data(traces.putEvents, CODE_200)],
  // nobody needs a role here: what an EventBridge in the cloud asks for is there
  ['CheckServiceLinkedRoleForProduct', 'ProductName', data(roleOf)],
  ['CheckRoleForProduct', 'ProductName*', data(roleOf)],
  ['CreateServiceLinkedRoleForProduct', 'ProductName*', () => HTTP_200],
  ['GetEventBridgeStatus', '', data(() => ({ Components: [] }))],
]

const CONNECTION = 'ConnectionName* Description Type AuthParameters:json Parameters:json'
const MAX_PAGE = 'MaxResults:number NextToken'

const ofConnections: Row[] = [
  ['CreateConnection', `${CONNECTION} NetworkParameters*:json`, connections.createConnection],
  // the service's definition has NetworkParameters* here, too, and terraform sends what has changed alone
  ['UpdateConnection', `${CONNECTION} NetworkParameters:json`, done(connections.updateConnection, CODE_200)],
  ['GetConnection', 'ConnectionName*', getConnection],
  ['ListConnections', `ConnectionNamePrefix Type ${MAX_PAGE}`, connections.listConnections],
  ['DeleteConnection', 'ConnectionName*', done(connections.deleteConnection)],
  [
    'CreateApiDestination',
    'ApiDestinationName* ConnectionName* HttpApiParameters*:json Description',
    connections.createApiDestination,
  ],
  [
    'UpdateApiDestination',
    'ApiDestinationName* ConnectionName HttpApiParameters:json Description',
    connections.updateApiDestination,
  ],
  ['GetApiDestination', 'ApiDestinationName*', connections.getApiDestination],
  ['ListApiDestinations', `ApiDestinationNamePrefix ConnectionName ${MAX_PAGE}`, connections.listApiDestinations],
  ['DeleteApiDestination', 'ApiDestinationName*', done(connections.deleteApiDestination)],
]

/** What the service has and this emulator has not: event streams, and what is about a database, tables and agents. */
const NOT_SUPPORTED = `
  CreateEventStreaming GetEventStreaming UpdateEventStreaming DeleteEventStreaming ListEventStreamings StartEventStreaming
  PauseEventStreaming UpdateEventStreamingBusinessOption TestEventSourceConfig DiscoverEventSource EventCenterQueryEvents
  AskLuma CreateAgent CreateNamespace CreateTable DeleteAgent DeleteEventAnalysisJob DeleteEventHouseRuntime DeleteNamespace
  DeleteTable GetAgent GetCatalog GetEventHouseRuntime GetNamespace GetTable ListAgents ListCatalogs ListEventHouseRuntimes
  ListNamespaces ListTables PollAskResult QueryAskLumaLog QueryEventHouse UpdateAgent UpdateEventHouseRuntime UpdateNamespace
  UpdateTable`

/** By name: all that the service has. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ...ofBuses.map((row) => operationOf('bus', row)),
  ...ofConnections.map((row) => operationOf('connection', row)),
  ...NOT_SUPPORTED.trim()
    .split(/\s+/)
    .map((name) => operationOf('bus', [name, '', () => refuse(name)])),
])

function operationOf(family: Family, [name, parameters, run]: Row): [string, Operation] {
  return [name, { family, parameters: parseParameters(parameters), run }]
}

function refuse(name: string): never {
  const instead = name.includes('EventStreaming') ? ' Use a rule with a target on an event bus: CreateRule.' : ''
  throw new ApiError(409, 'OperationNotSupported', `The embedded EventBridge has no ${name}.${instead}`)
}

function getEventBus(request: Request, context: ApiContext) {
  return withoutTags(buses.getEventBus(request, context))
}

function listEventBuses(request: Request, context: ApiContext) {
  const { EventBuses, ...page } = buses.listEventBuses(request, context)
  return { EventBuses: EventBuses.map(withoutTags), ...page }
}

/** This API has no tags. */
function withoutTags({ Tags, ...bus }: ReturnType<typeof buses.getEventBus>) {
  return bus
}

/** Whether it was there. */
function deleteEventBus(request: Request, context: ApiContext): boolean {
  const name = String(request['EventBusName'])
  if (context.resources.buses.find(name, name) === undefined) return false
  buses.deleteEventBus(request, context)
  return true
}

function removeTargets({ TargetIds = [], ...rule }: Request, context: ApiContext) {
  return deleteTargets({ ...rule, TargetIds }, context)
}

function officialSources(request: Request, context: ApiContext) {
  const { EventSourceList } = listAliyunOfficialEventSources(request, context)
  return { EventSourceList }
}

async function getConnection(request: Request, context: ApiContext) {
  const answer: object = await connections.getConnection(request, context)
  return { ...answer, ...HTTP_200 }
}

function roleOf({ ProductName = '' }: Request) {
  return { CheckPass: true, StsRoleName: ProductName }
}
