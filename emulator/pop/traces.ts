import { parseLossless } from '../../shared/json'
import type { ApiContext } from '../api/context'
import { acceptEvents } from '../api/putEvents'
import { ApiError } from '../api/refusal'
import * as api from '../api/traceQueries'

type Request = Record<string, unknown>
type Told = ReturnType<typeof api.queryEventByEventId>['TracedEvents'][number]

export function queryTracedEvents(request: Request, context: ApiContext) {
  const { TracedEvents, ...page } = api.queryEventsByPeriod(request, context)
  return { Events: TracedEvents.map(tell), ...page }
}

/** Data is a list of pages in the service's definition: here it is one. */
export function queryTracedEventByEventId(request: Request, context: ApiContext) {
  const { TracedEvents, Total } = api.queryEventByEventId(request, context)
  return [{ Events: TracedEvents.map(tell), Total }]
}

function tell({ EventReceivedTime, ...event }: Told) {
  return { ...event, EventReceivedTime: Number(EventReceivedTime) }
}

/** The event itself. */
export function queryEvent({ EventBusName, EventId, EventSource }: Request, context: ApiContext) {
  const asked = { EventBusName, EventIds: [EventId], ...(EventSource ? { EventSourceName: EventSource } : {}) }
  const { EventMap } = api.queryEventsByEventIds(asked, context)
  const id = String(EventId)
  // an event may be called as what every object has, such as constructor
  const json = Object.hasOwn(EventMap, id) ? EventMap[id] : undefined
  if (json !== undefined) return parseLossless(json)
  throw new ApiError(409, 'EventNotExist', `The event [${EventId}] of event bus [${EventBusName}] not existed!`)
}

export function queryEventTraces(request: Request, context: ApiContext) {
  return api.queryEventTraces(request, context).EventTraceList.map((step) => {
    const { ResourceOwnerId, ActionTime, ...others } = step
    return {
      ...others,
      ActionTime: Number(ActionTime),
      ...('RuleMatchingTime' in step && { RuleMatchingTime: String(step.RuleMatchingTime) }),
      ...('NotifyLatency' in step && { NotifyLatency: String(step.NotifyLatency) }),
    }
  })
}

/** What PutEvents calls an attribute, and what CloudEvents does. */
const ATTRIBUTES: Record<string, string> = {
  Id: 'id',
  Source: 'source',
  Type: 'type',
  Subject: 'subject',
  Time: 'time',
  SpecVersion: 'specversion',
  DataContentType: 'datacontenttype',
  DataSchema: 'dataschema',
  Data: 'data',
}

/** Each event by itself, as the older API takes them. */
export function putEvents({ EventBusName, EventList }: Request, context: ApiContext) {
  if (EventList !== undefined && !Array.isArray(EventList)) {
    throw new ApiError(400, 'InvalidEventList', 'Specified parameter EventList is not valid.')
  }
  const events = (EventList ?? []).map((entry: Record<string, unknown>) => ({
    specversion: '1.0',
    ...Object.fromEntries(
      Object.entries(entry ?? {}).flatMap(([name, value]) => {
        const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
        return attribute === undefined || value === '' ? [] : [[attribute, value]]
      }),
    ),
    aliyuneventbusname: EventBusName,
  }))
  return acceptEvents(events, context)
}
