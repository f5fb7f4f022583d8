import { createEventBus, deleteEventBus, getEventBus, listEventBuses } from './buses'
import type { ApiContext } from './context'
import {
  createEventSource,
  deleteEventSource,
  listAliyunOfficialEventSources,
  listPartnerEventSources,
  listUserDefinedEventSources,
  updateEventSource,
} from './eventSources'
import { ApiError } from './refusal'
import {
  createRule,
  deleteRule,
  disableRule,
  enableRule,
  getRule,
  listRules,
  testEventPattern,
  updateRule,
} from './rules'
import { createTargets, deleteTargets, listTargets } from './targets'
import { queryEventByEventId, queryEventsByEventIds, queryEventsByPeriod, queryEventTraces } from './traceQueries'

/** @throws ApiError */
type Operation = (request: unknown, context: ApiContext) => object | Promise<object>

/** By their paths after /openapi/: every operation of the official SDK but putEvents, which is no JSON in, JSON out. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['createEventBus', createEventBus],
  ['getEventBus', getEventBus],
  ['listEventBuses', listEventBuses],
  ['deleteEventBus', deleteEventBus],
  ['createRule', createRule],
  ['getRule', getRule],
  ['listRules', listRules],
  ['updateRule', updateRule],
  ['enableRule', enableRule],
  ['disableRule', disableRule],
  ['deleteRule', deleteRule],
  ['createTargets', createTargets],
  ['deleteTargets', deleteTargets],
  ['listTargets', listTargets],
  ['testEventPattern', testEventPattern],
  ['queryEventTraces', queryEventTraces],
  ['queryEventByEventId', queryEventByEventId],
  ['queryEventsByPeriod', queryEventsByPeriod],
  ['queryEventsByEventIds', queryEventsByEventIds],
  ['listPartnerEventSources', listPartnerEventSources],
  ['v2/createEventSource', createEventSource],
  ['v2/updateEventSource', updateEventSource],
  ['v2/deleteEventSource', deleteEventSource],
  ['v2/listUserDefinedEventSources', listUserDefinedEventSources],
  ['v2/listAliyunOfficialEventSources', listAliyunOfficialEventSources],
  ['v2/createEventStreaming', refuseStreaming],
  ['v2/getEventStreaming', refuseStreaming],
  ['v2/updateEventStreaming', refuseStreaming],
  ['v2/deleteEventStreaming', refuseStreaming],
  ['v2/listEventStreamings', refuseStreaming],
  ['v2/listEventStreamingMetrics', refuseStreaming],
  ['v2/startEventStreaming', refuseStreaming],
  ['v2/pauseEventStreaming', refuseStreaming],
])

/** Those whose answers have neither RequestId nor ResourceOwnerAccountId in the SDK's models. */
export const answersAlone: ReadonlySet<string> = new Set([
  'queryEventTraces',
  'queryEventByEventId',
  'queryEventsByPeriod',
  'queryEventsByEventIds',
  'listPartnerEventSources',
])

function refuseStreaming(): never {
  throw new ApiError(
    409,
    'OperationNotSupported',
    'The embedded EventBridge has no event streamings. Use a rule with a target on an event bus: createRule.',
  )
}
