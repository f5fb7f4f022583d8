import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { PutEventsAnswer, PutEventsEntry } from '../../shared/eventbridge/putEventsAnswer'
import { isLosslessObject, stringifyLossless, textOfAny } from '../../shared/json'
import { toAcceptedEvent } from '../resources/compiledBuses'
import type { AcceptedEvent } from '../store/records'
import type { ApiContext } from './context'
import { readEvents } from './readEvents'
import { ApiError } from './refusal'
import { type EntryError, validateEvent } from './validateEvent'

/** Asked about each entry that is otherwise fine; an error means that it is not accepted. */
export type RefuseEntry = () => EntryError | undefined

export type PutEventsResult = Omit<PutEventsAnswer, 'RequestId' | 'ResourceOwnerAccountId'>

/**
 * Takes CloudEvents. Each event is accepted or refused by itself, in the order of the request; accepted ones are on disk
 * when this resolves.
 * @throws ApiError when the request as a whole is refused
 */
export async function putEvents(
  headers: IncomingHttpHeaders,
  body: Buffer,
  context: ApiContext,
  refuseEntry?: RefuseEntry,
): Promise<PutEventsResult> {
  return acceptEvents(readEvents(headers, body), context, refuseEntry)
}

/** The same of events that were read: values of parseLossless. */
export async function acceptEvents(
  events: readonly unknown[],
  context: ApiContext,
  refuseEntry: RefuseEntry = () => undefined,
): Promise<PutEventsResult> {
  const { resources, store, clock, limits, accountId, region } = context
  refuseTooMany(events.length, limits.eventsPerBatch)
  refuseSeveralBuses(events.map(busNameOf))

  const receivedAt = clock.now()
  // what the service adds to an event
  const added = {
    aliyunaccountid: accountId,
    aliyunregionid: region,
    aliyunpublishtime: new Date(receivedAt).toISOString(),
  }
  const accepted: AcceptedEvent[] = []
  const EntryList = events.map((event): PutEventsEntry => {
    const fields = isLosslessObject(event) ? event : {}
    const failed = ({ code, message }: EntryError) => ({
      ...{ EventId: textOfAny(fields['id'] ?? ''), TraceId: randomUUID() },
      ...{ ErrorCode: code, ErrorMessage: message },
    })
    const bus = resources.compiled.get(busNameOf(event) ?? '')
    const json = stringifyLossless(event)
    const refusal = refusalOf(event, json, context) ?? refuseEntry()
    if (refusal !== undefined || bus === undefined) return failed(refusal ?? noSuchBus(event))
    const whole = { ...fields, ...added }
    const taken = toAcceptedEvent(bus, withAdded(json, fields, added), receivedAt, whole)
    accepted.push(taken)
    return { EventId: taken.id, TraceId: taken.traceId }
  })
  if (accepted.length > 0) await store.accept(accepted)
  return { FailedEntryCount: EntryList.length - accepted.length, EntryList }
}

/** The text of an event with these attributes, over its own: an event has one at least, and an event that is large takes long to write. */
function withAdded(json: string, fields: object, added: object): string {
  const isNew = Object.keys(added).every((name) => !(name in fields))
  return isNew ? `${json.slice(0, -1)},${JSON.stringify(added).slice(1)}` : stringifyLossless({ ...fields, ...added })
}

/**
 * Why an event is refused, whatever it is.
 * @param event a value of parseLossless
 * @param json its text
 */
export function refusalOf(
  event: unknown,
  json: string,
  { resources, limits }: Pick<ApiContext, 'resources' | 'limits'>,
): EntryError | undefined {
  const invalid = validateEvent(event, Buffer.byteLength(json), limits)
  if (invalid !== undefined) return invalid
  return resources.compiled.has(busNameOf(event) ?? '') ? undefined : noSuchBus(event)
}

function noSuchBus(event: unknown): EntryError {
  return { code: 'EventBusNotExist', message: `The event bus [${busNameOf(event)}] not existed!` }
}

function refuseTooMany(count: number, limit: number): void {
  if (count <= limit) return
  throw new ApiError(409, 'EventSizeExceed', `The batch has ${count} events, the limit is ${limit}.`)
}

function refuseSeveralBuses(names: readonly (string | undefined)[]): void {
  const different = new Set(names.filter((name) => name !== undefined))
  if (different.size <= 1) return
  const list = [...different].join(', ')
  const message = `The put events request has more than one event bus [${list}]`
  throw new ApiError(409, 'PutEventsRequestMoreThanOneEventBus', message)
}

function busNameOf(event: unknown): string | undefined {
  const name = isLosslessObject(event) ? event['aliyuneventbusname'] : undefined
  return typeof name === 'string' ? name : undefined
}
