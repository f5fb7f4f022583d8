import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { PutEventsAnswer, PutEventsEntry } from '../../shared/eventbridge/putEventsAnswer'
import { isObject } from '../../shared/isObject'
import { parseLossless, stringifyLossless } from '../../shared/losslessJson'
import type { AcceptedEvent } from '../store/records'
import { toAcceptedEvent } from '../toAcceptedEvent'
import { ApiError } from './apiError'
import type { ApiContext } from './context'
import { readEvents } from './readEvents'
import { type EntryError, validateEvent } from './validateEvent'

/** Asked about each entry that is otherwise fine; an error means that it is not accepted. */
export type RefuseEntry = () => EntryError | undefined

type Answer = Omit<PutEventsAnswer, 'RequestId' | 'ResourceOwnerAccountId'>

/**
 * Takes CloudEvents. Each event is accepted or refused by itself, in the order of the request; accepted ones are on disk
 * when this resolves.
 * @throws ApiError when the request as a whole is refused
 */
export async function putEvents(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { resources, store, clock, limits, accountId, region, wake }: ApiContext,
  refuseEntry: RefuseEntry = () => undefined,
): Promise<Answer> {
  const batch = readEvents(headers, body)
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
    const EventId = isObject(event) ? String(event['id'] ?? '') : ''
    const bus = resources.compiled.get(busNameOf(event) ?? '')
    const failed = ({ code, message }: EntryError) => ({
      ...{ EventId, TraceId: randomUUID() },
      ...{ ErrorCode: code, ErrorMessage: message },
    })
    const invalid = validateEvent(event, Buffer.byteLength(text), limits)
    if (invalid !== undefined) return failed(invalid)
    if (bus === undefined) return failed(noSuchBus(busNameOf(event)))
    const refusal = refuseEntry()
    if (refusal !== undefined) return failed(refusal)
    const taken = toAcceptedEvent(bus, publishedEvent(text, { accountId, region, receivedAt }), receivedAt)
    accepted.push(taken)
    return { EventId, TraceId: taken.traceId }
  })
  if (accepted.length > 0) await store.accept(accepted)
  wake()
  return { FailedEntryCount: EntryList.length - accepted.length, EntryList }
}

/** What the service adds to an event. */
function publishedEvent(text: string, added: { accountId: string; region: string; receivedAt: number }): string {
  const event = parseLossless(text) as Record<string, unknown>
  event['aliyunaccountid'] = added.accountId
  event['aliyunregionid'] = added.region
  event['aliyunpublishtime'] = new Date(added.receivedAt).toISOString()
  return stringifyLossless(event)
}

function noSuchBus(name: string | undefined): EntryError {
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
