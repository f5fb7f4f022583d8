import * as z from 'zod/mini'
import { isObject } from '../../shared/json'
import { isSourceName, SOURCE_NAME, type SourceDefinition } from '../resources/definitions'
import type { Resources } from '../resources/resources'
import { busArn, existingBus } from './buses'
import type { ApiContext } from './context'
import { readHttpParameters } from './httpParameters'
import { pageOf, paging } from './paging'
import { name, readRequest } from './readRequest'
import { ApiError } from './refusal'
import { describeScheduled, readScheduledParameters } from './scheduledParameters'

const nameRequest = z.strictObject({ EventBusName: name, EventSourceName: name })
const sourceRequest = z.strictObject({
  EventBusName: name,
  EventSourceName: name,
  Description: z.optional(z.string()),
  SourceHttpEventParameters: z.optional(z.unknown()),
  SourceScheduledEventParameters: z.optional(z.unknown()),
})
const listRequest = z.strictObject({ EventBusName: name, ...paging })

export function createEventSource(request: unknown, context: ApiContext) {
  refuseOtherKinds(request)
  const { EventBusName: bus, EventSourceName, ...given } = readRequest(sourceRequest, request)
  return makeSource(bus, EventSourceName, () => changes(given, context), context)
}

/**
 * @param read gives what it is made of; called once its bus and its name are good
 * @throws ApiError
 */
export function makeSource(
  bus: string,
  EventSourceName: string,
  read: () => Partial<SourceDefinition>,
  context: ApiContext,
) {
  existingBus(context.resources, bus)
  if (!isSourceName(EventSourceName)) {
    const rule = `It must be ${SOURCE_NAME} and not begin with eventbridge-reserved-.`
    throw new ApiError(409, 'EventSourceNameInvalid', `The event source name [${EventSourceName}] is invalid! ${rule}`)
  }
  const made = read()
  if (context.resources.sources.find(bus, EventSourceName) !== undefined) {
    const message = `The event source [${EventSourceName}] of event bus [${bus}] already existed!`
    throw new ApiError(409, 'EventSourceAlreadyExist', message)
  }
  context.resources.sources.put({ bus, name: EventSourceName, createdAt: context.clock.now(), ...made })
  return { EventSourceARN: sourceArn(context, bus, EventSourceName) }
}

/** Changes what is given and leaves the rest; of what kind a source is, the newest says. */
export function updateEventSource(request: unknown, context: ApiContext) {
  refuseOtherKinds(request)
  const { EventBusName, EventSourceName, ...given } = readRequest(sourceRequest, request)
  const older = existingSource(context.resources, EventBusName, EventSourceName)
  const changed = changes(given, context)
  const { http: _http, scheduled: _scheduled, fetched: _fetched, ...ofNoKind } = older
  const isOfKind = changed.http !== undefined || changed.scheduled !== undefined
  context.resources.sources.put({ ...(isOfKind ? ofNoKind : older), ...changed })
  return {}
}

export function deleteEventSource(request: unknown, { resources }: ApiContext) {
  const { EventBusName, EventSourceName } = readRequest(nameRequest, request)
  resources.sources.remove(existingSource(resources, EventBusName, EventSourceName))
  return {}
}

export function listUserDefinedEventSources(request: unknown, context: ApiContext) {
  const { EventBusName: bus, ...asked } = readRequest(listRequest, request)
  existingBus(context.resources, bus)
  const { page, answer } = pageOf(context.resources.sources.list(bus), asked, context.limits.pageSize)
  return { EventSources: page.map((source) => describe(source, context)), ...answer }
}

/** No cloud service publishes here. */
export function listAliyunOfficialEventSources(request: unknown, { limits }: ApiContext) {
  const { answer } = pageOf([], readRequest(z.strictObject(paging), request), limits.pageSize)
  return { EventSourceList: [], ...answer }
}

/** And no partner of the service. The SDK spells namePrefix so. */
export function listPartnerEventSources(request: unknown) {
  readRequest(z.strictObject({ namePrefix: z.optional(z.string()), Tag: z.optional(z.string()) }), request)
  return { EventSources: [] }
}

const OWN_KINDS = ['SourceHttpEventParameters', 'SourceScheduledEventParameters']

/** A source that would fetch messages from somewhere fetches none here, so it is not made. */
function refuseOtherKinds(request: unknown): void {
  const kinds = Object.keys(isObject(request) ? request : {}).filter((field) => /^Source.+Parameters$/.test(field))
  const kind = kinds.find((field) => !OWN_KINDS.includes(field))
  if (kinds.length > 1 && kind === undefined) {
    throw new ApiError(409, 'EventSourceTypeInvalid', `An event source is of one type: ${kinds.join(' or ')}.`)
  }
  if (kind === undefined) return
  const message = `The event source type[${kind}] is invalid! The embedded EventBridge has HTTP event sources, scheduled ones, and those that publish by PutEvents: leave ${kind} out and publish.`
  throw new ApiError(409, 'EventSourceTypeInvalid', message)
}

interface Changes {
  Description?: string | undefined
  SourceHttpEventParameters?: unknown
  SourceScheduledEventParameters?: unknown
}

function changes(
  { Description, SourceHttpEventParameters, SourceScheduledEventParameters: scheduled }: Changes,
  { limits }: ApiContext,
): Partial<SourceDefinition> {
  return {
    ...(Description !== undefined && { description: Description }),
    ...(SourceHttpEventParameters !== undefined && { http: readHttpParameters(SourceHttpEventParameters, limits) }),
    ...(scheduled !== undefined && { scheduled: readScheduledParameters(scheduled) }),
  }
}

function describe(source: SourceDefinition, context: ApiContext) {
  return {
    Name: source.name,
    Description: source.description ?? '',
    ARN: sourceArn(context, source.bus, source.name),
    Status: 'Activated',
    Ctime: source.createdAt,
    EventBusName: source.bus,
    ...(source.http && { SourceHttpEventResponse: describeHttp(source.http) }),
    ...(source.scheduled && { SourceScheduledEventParameters: describeScheduled(source.scheduled) }),
  }
}

/**
 * With no URL: nobody would answer it. On the local stack /webhook/putEvents is the webhook function, which makes the
 * same event of a request that the hosted source would.
 */
export function describeHttp({ type, method, securityConfig, ip, referer }: NonNullable<SourceDefinition['http']>) {
  return {
    Type: type,
    Method: method,
    SecurityConfig: securityConfig,
    Ip: ip,
    Referer: referer,
    PublicWebHookUrl: [],
    VpcWebHookUrl: [],
  }
}

/** @throws ApiError */
export function existingSource(resources: Resources, bus: string, source: string): SourceDefinition {
  existingBus(resources, bus)
  const definition = resources.sources.find(bus, source)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'EventSourceNotExist', `The event source [${source}] of event bus [${bus}] not existed!`)
}

export function sourceArn(context: ApiContext, bus: string, source: string): string {
  return `${busArn(context, bus)}/eventsource/${source}`
}
