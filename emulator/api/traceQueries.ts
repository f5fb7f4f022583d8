import * as z from 'zod/mini'
import type { EventTrace, TracedEvent } from '../store/traces'
import { existingBus } from './buses'
import type { ApiContext } from './context'
import { paging, readLimit, readToken, tokenInvalid, tokenOf } from './paging'
import { name, readRequest } from './readRequest'
import { ApiError } from './refusal'

const text = z.optional(z.string())
const byId = z.strictObject({ EventBusName: name, EventSource: text, EventId: name })
const byIds = z.strictObject({ EventBusName: name, EventSourceName: text, EventIds: z.array(z.string()) })
const byPeriod = z.strictObject({
  EventBusName: name,
  EventSource: text,
  EventType: text,
  Subject: text,
  MatchedRule: text,
  StartTime: z.number(),
  EndTime: z.number(),
  ...paging,
})

/** The event with this id; several when it was published again or by several sources, the newest first. */
export function queryEventByEventId(request: unknown, { resources, store }: ApiContext) {
  const { EventBusName: bus, EventSource, EventId: id } = readRequest(byId, request)
  existingBus(resources, bus)
  const events = store.traces.findById({ bus, id, ...(EventSource && { source: EventSource }) })
  return { TracedEvents: events.map(describe), Total: events.length }
}

/**
 * The events of a time, the newest first. StartTime and EndTime are milliseconds since 1970, both inclusive. They are counted
 * for the first page; the token of the next has Total in it.
 */
export function queryEventsByPeriod(request: unknown, { resources, store, limits }: ApiContext) {
  const asked = readRequest(byPeriod, request)
  existingBus(resources, asked.EventBusName)
  const filter = {
    bus: asked.EventBusName,
    ...(asked.EventSource && { source: asked.EventSource }),
    ...(asked.EventType && { type: asked.EventType }),
    ...(asked.Subject && { subject: asked.Subject }),
    ...(asked.MatchedRule && { rule: asked.MatchedRule }),
    from: asked.StartTime,
    to: asked.EndTime + 1,
  }
  const size = readLimit(asked.Limit, limits.pageSize)
  const before = readPlace(asked.NextToken)
  const events = store.periods.page(filter, size + 1, before?.place)
  const page = events.slice(0, size)
  const Total = before?.Total ?? (events.length > size ? store.periods.count(filter) : events.length)
  const last = page.at(-1)
  return {
    TracedEvents: page.map(describe),
    ...(events.length > size &&
      last !== undefined && { NextToken: tokenOf('before', `${last.receivedAt} ${last.seq} ${Total}`) }),
    Total,
  }
}

/** @throws ApiError */
function readPlace(token: string | undefined) {
  const numbers = readToken('before', token)?.split(' ').map(Number)
  if (numbers === undefined) return undefined
  const [receivedAt, seq, Total] = numbers
  if (receivedAt === undefined || seq === undefined || Total === undefined || !numbers.every(Number.isSafeInteger)) {
    throw tokenInvalid()
  }
  return { place: { receivedAt, seq }, Total }
}

/** The events themselves, as JSON text by their ids: of those published again, the newest. */
export function queryEventsByEventIds(request: unknown, { resources, store, limits }: ApiContext) {
  const { EventBusName: bus, EventSourceName, EventIds } = readRequest(byIds, request)
  existingBus(resources, bus)
  if (EventIds.length > limits.pageSize) {
    const message = `The Json attribute is invalid. EventIds: must be ${limits.pageSize} at most`
    throw new ApiError(409, 'JsonAttributeInvalid', message)
  }
  const found = EventIds.flatMap((id) => {
    const [newest] = store.traces.findById({ bus, id, ...(EventSourceName && { source: EventSourceName }) })
    return newest === undefined ? [] : [[id, newest.json] as const]
  })
  return { EventMap: Object.fromEntries(found), EventBusName: bus }
}

/**
 * What happened to an event: it was put, it passed a rule's filter, it was pushed to a target, each time it was tried.
 * https://help.aliyun.com/zh/eventbridge/developer-reference/api-eventbridge-2020-04-01-queryeventtraces
 */
export function queryEventTraces(request: unknown, context: ApiContext) {
  const { EventBusName: bus, EventId: id } = readRequest(z.omit(byId, { EventSource: true }), request)
  existingBus(context.resources, bus)
  const events = context.store.traces.findById({ bus, id })
  return { EventTraceList: events.flatMap((event) => stepsOf(event, context)) }
}

function stepsOf(event: EventTrace, { resources, accountId }: ApiContext) {
  const step = (Action: string, at: number) => ({
    ResourceOwnerId: accountId,
    Action,
    EventId: event.id,
    EventBusName: event.bus,
    EventSource: event.source,
    ActionTime: String(at),
  })
  const matched = [...new Set(event.deliveries.map(({ rule }) => rule))]
  return [
    { ...step('PutEvent', event.receivedAt), ReceivedTime: event.receivedAt },
    ...matched.map((rule) => ({
      ...step('FilterEvent', event.receivedAt),
      RuleName: rule,
      RuleMatchingTime: event.receivedAt,
    })),
    ...event.deliveries.flatMap(({ rule, target, tries }) => {
      const targets = resources.rules.find(event.bus, rule)?.targets ?? []
      const endpoint = targets.find(({ Id }) => Id === target)?.Endpoint
      return tries.map(({ startedAt, ms, error }) => ({
        ...step('PushEvent', startedAt),
        RuleName: rule,
        // unknown once the target is deleted
        ...(endpoint !== undefined && { Endpoint: withoutSecrets(endpoint) }),
        NotifyTime: startedAt,
        NotifyLatency: ms,
        // the form of the document's example; what a failure looks like is not documented
        NotifyStatus: error ?? '[200]Ok',
      }))
    }),
  ]
}

function describe({ receivedAt, source, id, bus, type }: TracedEvent | EventTrace) {
  return {
    EventReceivedTime: String(receivedAt),
    EventSource: source,
    EventId: id,
    EventBusName: bus,
    EventType: type,
  }
}

/** The token of a DingTalk robot is in the query of its address, and an address may begin with a login. */
export function withoutSecrets(endpoint: string): string {
  return endpoint.replace(/\?.*$/s, '').replace(/:\/\/[^/#]*@/, '://')
}
