import { isObject, textOfAny } from '../../shared/json'
import { existingBus } from '../api/buses'
import type { ApiContext } from '../api/context'
import { describeHttp, existingSource, makeSource, deleteEventSource as remove, sourceArn } from '../api/eventSources'
import { readHttpParameters } from '../api/httpParameters'
import { pageOf } from '../api/paging'
import { ApiError } from '../api/refusal'
import { readScheduledParameters } from '../api/scheduledParameters'
import type { ScheduledParameters, SourceDefinition } from '../resources/definitions'

type Request = Record<string, unknown>

/**
 * A source of any kind that the service has, or of none: events come by PutEvents then. An HTTP source is checked as by the
 * older API; a scheduled one publishes; all others are kept and told again as they were given, unchecked, for nothing is
 * fetched here.
 */
export function createEventSource(request: Request, context: ApiContext) {
  const { EventBusName, EventSourceName } = namesOf(request)
  return makeSource(EventBusName, EventSourceName, () => readSource(request, context), context)
}

/** Changes what is given and leaves the rest. A source of another kind takes the place of the one before. */
export function updateEventSource(request: Request, context: ApiContext) {
  const { EventBusName, EventSourceName } = namesOf(request)
  const { http, scheduled, fetched, ...older } = existingSource(context.resources, EventBusName, EventSourceName)
  const given = readSource(request, context)
  const isOfKind = [given.http, given.scheduled, given.fetched].some((kind) => kind !== undefined)
  const before = { ...(http && { http }), ...(scheduled && { scheduled }), ...(fetched && { fetched }) }
  context.resources.sources.put({ ...older, ...(!isOfKind && before), ...given })
  return {}
}

/** Without a bus it is looked for by its name alone. */
export function deleteEventSource(request: Request, context: ApiContext) {
  const { EventBusName, EventSourceName } = namesOf(request)
  return remove({ EventBusName: EventBusName || busOf(EventSourceName, context), EventSourceName }, context)
}

function busOf(source: string, { resources }: ApiContext): string {
  const found = resources.sources.all().filter(({ name }) => name === source)
  const [only] = found
  if (only !== undefined && found.length === 1) return only.bus
  if (only !== undefined) {
    throw new ApiError(
      409,
      'InvalidArgument',
      `Several event buses have a source [${source}]: EventBusName must say which.`,
    )
  }
  throw new ApiError(409, 'EventSourceNotExist', 'The event source in request is not exist! ')
}

/** Those of a bus, or of all. */
export function listUserDefinedEventSources(request: Request, context: ApiContext) {
  const { EventBusName, NamePrefix, ...paging } = request
  const { resources, limits } = context
  if (EventBusName) existingBus(resources, String(EventBusName))
  const found = EventBusName ? resources.sources.list(String(EventBusName)) : resources.sources.all()
  // two buses may have one of the same name
  const named = found
    .filter(({ name }) => name.startsWith(String(NamePrefix ?? '')))
    .map((source) => ({ name: `${source.name}/${source.bus}`, source }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const { page, answer } = pageOf(named, paging, limits.pageSize)
  return { EventSourceList: page.map(({ source }) => tell(source, context)), ...answer }
}

function namesOf({ EventBusName, EventSourceName }: Request) {
  return { EventBusName: String(EventBusName ?? ''), EventSourceName: String(EventSourceName ?? '') }
}

function readSource(request: Request, { limits }: ApiContext): Partial<SourceDefinition> {
  const { Description, ExternalSourceType, ExternalSourceConfig, ...others } = request
  const { SourceHttpEventParameters: http, SourceScheduledEventParameters: scheduled } = others
  const fetched = Object.fromEntries(FETCHED.flatMap((kind) => (others[kind] ? [[kind, tellable(kind, others)]] : [])))
  return {
    ...(Description !== undefined && { description: String(Description) }),
    ...(http !== undefined && { http: readHttpParameters(http, limits) }),
    ...(scheduled !== undefined && { scheduled: readScheduled(objectOf('SourceScheduledEventParameters', scheduled)) }),
    ...(Object.keys(fetched).length > 0 && { fetched }),
    ...((ExternalSourceType !== undefined || ExternalSourceConfig !== undefined) && {
      external: {
        ...(ExternalSourceType !== undefined && { type: String(ExternalSourceType) }),
        ...(ExternalSourceConfig !== undefined && { config: objectOf('ExternalSourceConfig', ExternalSourceConfig) }),
      },
    }),
  }
}

function readScheduled({ Schedule, TimeZone, UserData }: Record<string, unknown>): ScheduledParameters {
  const read = readScheduledParameters({ Schedule, TimeZone, ...(UserData !== undefined && { UserData }) })
  return { ...read, timeZone: read.timeZone || 'GMT+0:00' }
}

const FETCHED = [
  ...['SourceMNSParameters', 'SourceRocketMQParameters', 'SourceRabbitMQParameters', 'SourceKafkaParameters'],
  ...['SourceSLSParameters', 'SourceOSSEventParameters'],
]

/** What the service spells otherwise in its answers. */
const ANSWERED: Record<string, string> = { Cloud_4: 'CLOUD_4', Cloud_5: 'CLOUD_5' }

/** As it was given, but for what has another type when it was flattened, and for what answers call otherwise. */
function tellable(kind: string, request: Request): unknown {
  const given = objectOf(kind, request[kind])
  const typed = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typedAs(name, value)]))
  if (kind !== 'SourceRocketMQParameters') return typed
  const { GroupID, InstanceType, ...others } = typed
  return {
    ...others,
    ...(GroupID !== undefined && { GroupId: GroupID }),
    ...(InstanceType !== undefined && { InstanceType: ANSWERED[textOfAny(InstanceType)] ?? InstanceType }),
  }
}

function objectOf(name: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw new ApiError(409, 'InvalidArgument', `${name} must be an object.`)
}

function typedAs(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (name === 'IsBase64Decode' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return (name === 'Timestamp' || name === 'MaximumTasks') && /^\d{1,15}$/.test(value) ? Number(value) : value
}

function tell(source: SourceDefinition, context: ApiContext) {
  const { name, bus, description, createdAt, http, scheduled, fetched, external } = source
  return {
    Name: name,
    Arn: sourceArn(context, bus, name),
    EventBusName: bus,
    Type: 'UserDefined',
    Status: 'Activated',
    Ctime: createdAt,
    Description: description ?? '',
    ...(external?.type !== undefined && { ExternalSourceType: external.type }),
    ...(external?.config !== undefined && { ExternalSourceConfig: external.config }),
    ...(http && { SourceHttpEventParameters: describeHttp(http) }),
    ...(scheduled && {
      SourceScheduledEventParameters: {
        Schedule: scheduled.schedule,
        TimeZone: scheduled.timeZone,
        ...(scheduled.userData !== undefined && { UserData: scheduled.userData }),
      },
    }),
    ...fetched,
  }
}
