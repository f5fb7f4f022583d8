import { createHash } from 'node:crypto'
import { CloudEvent } from 'cloudevents'
import { chinaTime } from '../chinaTime'

export interface EventSource {
  name: string
  busName: string
  region: string
  accountId: string
}

/** A CloudEvent as it goes to EventBridge: its id, for answers and logs, and its JSON text. */
export interface OutgoingEvent {
  id: string
  json: string
}

/** What the hosted HTTP event source calls a request, and the webhook an event of DingTalk's. */
export const HTTP_EVENT = 'eventbridge:Events:HTTPEvent'

export interface EventParts {
  id: string
  type: string
  /** when it was made */
  time: Date
  traceparent?: string | undefined
  /** JSON text of `data`: it is not parsed and printed again, so its digits stay */
  data: string
}

/** The CloudEvent of an event source on a bus, with the attributes that the hosted HTTP event source gives it. */
export function writeCloudEvent(source: EventSource, { id, type, time, traceparent, data }: EventParts): OutgoingEvent {
  const attributes = {
    id,
    source: source.name,
    type,
    subject: `acs:eventbridge:${source.region}:${source.accountId}:eventbus/${source.busName}/eventsource/${source.name}`,
    datacontenttype: 'application/json',
    aliyuneventbusname: source.busName,
    ...(traceparent !== undefined && { traceparent }),
  }
  // not `strict`: all of these are ours, and their check by a schema is a tenth of the webhook's cold start. A test makes it
  const event = new CloudEvent(attributes, false)
  // The package turns every time into UTC, and would parse and print the body again: both are written here, as given.
  const json = JSON.stringify(Object.assign(event.toJSON(), { time: atBeijingTime(time) }))
  return { id: event.id, json: `${json.slice(0, -1)},"data":${data}}` }
}

/** An event id as EventBridge takes it: one that breaks its rule is replaced by its hash. */
export function validId(id: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/.test(id) ? id : createHash('sha256').update(id).digest('hex')
}

/** e.g. 2022-05-13T15:28:29.504+08:00: the hosted source gives its region's offset, which is Beijing's. */
function atBeijingTime(date: Date): string {
  return `${chinaTime(date.getTime())}+08:00`
}
