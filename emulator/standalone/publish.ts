import { randomUUID } from 'node:crypto'
import type { Clock } from '../../shared/clock'
import { EVENTS_PER_BATCH } from '../../shared/eventbridge/batches'
import { isObject } from '../../shared/json'
import { UserError } from '../../shared/userError'
import type { EventBridge } from '../eventBridge'

/** What `publish` takes: a CloudEvent of which anything may be left out. */
export interface PublishInput {
  /** made up */
  id?: string
  /** `my.source` */
  source?: string
  /** `my.type` */
  type?: string
  /** now, by the clock */
  time?: string
  subject?: string
  datacontenttype?: string
  data?: unknown
  /** an extension, of lower-case letters and digits */
  [extension: string]: unknown
}

export interface PublishedId {
  eventId: string
  traceId: string
}

/** The event with valid values for what it lacks. @throws UserError where it is none */
export function wholeEvent(input: object, bus: string, clock: Clock): Record<string, unknown> {
  if (!isObject(input)) throw new UserError('An event is an object, such as { source: "my.source", data: { a: 1 } }.')
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: 'my.source',
    type: 'my.type',
    time: new Date(clock.now()).toISOString(),
    ...('data' in given && { datacontenttype: 'application/json' }),
    aliyuneventbusname: bus,
    ...given,
  }
}

/**
 * Publishes events, by as many calls of PutEvents as it takes.
 * @throws UserError in EventBridge's words when it refuses one; then none is published
 */
export async function publishAll(
  eventBridge: Pick<EventBridge, 'publish' | 'refusalOf'>,
  events: readonly Record<string, unknown>[],
): Promise<PublishedId[]> {
  const faults = events.flatMap((event, index) => {
    const refusal = isObject(event) ? eventBridge.refusalOf(event) : { code: 'EventInvalid', message: 'no object' }
    const which = events.length > 1 ? `events[${index}]: ` : ''
    return refusal === undefined ? [] : [`${which}${refusal.code}: ${refusal.message}`]
  })
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  const published: PublishedId[] = []
  for (const batch of batchesOf(events)) {
    const { EntryList } = await eventBridge.publish(batch)
    for (const { EventId, TraceId } of EntryList) published.push({ eventId: EventId ?? '', traceId: TraceId ?? '' })
  }
  return published
}

/** Of one bus each, in order, as PutEvents takes them. */
function batchesOf(events: readonly Record<string, unknown>[]): Record<string, unknown>[][] {
  const batches: Record<string, unknown>[][] = []
  for (const event of events) {
    const last = batches.at(-1)
    const isSame = last?.[0]?.['aliyuneventbusname'] === event['aliyuneventbusname']
    if (last !== undefined && isSame && last.length < EVENTS_PER_BATCH) last.push(event)
    else batches.push([event])
  }
  return batches
}
