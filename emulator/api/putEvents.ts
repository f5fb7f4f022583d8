import { randomUUID } from 'node:crypto'
import type { PutEventsAnswer, PutEventsEntry } from '../../shared/eventbridge/putEventsAnswer'
import { isObject } from '../../shared/isObject'
import { parseLossless, stringifyLossless } from '../../shared/losslessJson'
import type { Clock } from '../clock'
import type { Buses, EventBus } from '../config/resources'
import type { AcceptedEvent } from '../store/records'
import type { Store } from '../store/store'
import { ApiError } from './apiError'
import type { Limits } from './limits'
import { validateEvent } from './validateEvent'

export interface PutEventsDependencies {
  buses: Buses
  store: Pick<Store, 'accept'>
  clock: Clock
  limits: Limits
  accountId: string
  region: string
}

type Answer = Omit<PutEventsAnswer, 'RequestId' | 'ResourceOwnerAccountId'>

/**
 * Takes a batch of CloudEvents. Each event is accepted or refused by itself, in the order of the request; accepted ones
 * are on disk when this resolves.
 * @param body a JSON array of CloudEvents, `application/cloudevents-batch+json`
 * @throws ApiError when the batch as a whole is refused
 */
export async function putEvents(
  body: Buffer,
  { buses, store, clock, limits, accountId, region }: PutEventsDependencies,
): Promise<Answer> {
  const batch = parseBatch(body)
  if (batch.length > limits.eventsPerBatch) {
    throw new ApiError(
      409,
      'EventSizeExceed',
      `The batch has ${batch.length} events, the limit is ${limits.eventsPerBatch}.`,
    )
  }
  const events = batch.map((text) => ({ text, event: JSON.parse(text) as unknown }))
  refuseSeveralBuses(events.map(({ event }) => busNameOf(event)))

  const receivedAt = clock.now()
  const accepted: AcceptedEvent[] = []
  const EntryList = events.map(({ text, event }): PutEventsEntry => {
    const traceId = randomUUID()
    const EventId = isObject(event) ? String(event['id'] ?? '') : ''
    const bus = buses.get(busNameOf(event) ?? '')
    const refusal = validateEvent(event, Buffer.byteLength(text), limits) ?? busRefusal(bus, busNameOf(event))
    if (refusal !== undefined || bus === undefined || !isObject(event)) {
      return { EventId, TraceId: traceId, ErrorCode: refusal?.code ?? '', ErrorMessage: refusal?.message ?? '' }
    }
    const published = publishedEvent(text, { accountId, region, receivedAt })
    accepted.push({
      bus: bus.name,
      id: EventId,
      source: String(event['source']),
      type: String(event['type']),
      traceId,
      receivedAt,
      json: published,
      ...matchRules(bus, JSON.parse(published)),
    })
    return { EventId, TraceId: traceId }
  })
  if (accepted.length > 0) await store.accept(accepted)
  return { FailedEntryCount: EntryList.length - accepted.length, EntryList }
}

/** The JSON text of each event: numbers keep their digits, which JSON.parse loses beyond 2^53. */
function parseBatch(body: Buffer): string[] {
  try {
    const batch = parseLossless(body.toString('utf8'))
    if (!Array.isArray(batch))
      throw new ApiError(409, 'JsonAttributeInvalid', 'The body must be a JSON array of events.')
    return batch.map(stringifyLossless)
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError(409, 'JsonAttributeInvalid', 'The body is not valid JSON.')
  }
}

/** What the service adds to an event. */
function publishedEvent(text: string, added: { accountId: string; region: string; receivedAt: number }): string {
  const event = parseLossless(text) as Record<string, unknown>
  event['aliyunaccountid'] = added.accountId
  event['aliyunregionid'] = added.region
  event['aliyunpublishtime'] = new Date(added.receivedAt).toISOString()
  return stringifyLossless(event)
}

function matchRules(bus: EventBus, event: Record<string, unknown>): Pick<AcceptedEvent, 'deliveries' | 'mismatches'> {
  const matched = bus.rules.map(({ name, enabled, pattern, targets }) => ({
    rule: name,
    why: enabled ? pattern.whyNot(event) : 'the rule is disabled',
    targets,
  }))
  return {
    deliveries: matched.flatMap(({ rule, why, targets }) =>
      why === undefined ? targets.map(({ id }) => ({ rule, target: id })) : [],
    ),
    mismatches: matched.flatMap(({ rule, why }) => (why === undefined ? [] : [{ rule, why }])),
  }
}

function busRefusal(bus: EventBus | undefined, name: string | undefined) {
  if (bus !== undefined) return undefined
  return { code: 'EventBusNotExist', message: `The event bus [${name}] not existed!` }
}

function refuseSeveralBuses(names: readonly (string | undefined)[]): void {
  const different = new Set(names.filter((name) => name !== undefined))
  if (different.size <= 1) return
  const list = [...different].join(', ')
  const message = `The put events request has more than one event bus [${list}]`
  throw new ApiError(409, 'PutEventsRequestMoreThanOneEventBus', message)
}

function busNameOf(event: unknown): string | undefined {
  const name = isObject(event) ? event['aliyuneventbusname'] : undefined
  return typeof name === 'string' ? name : undefined
}
