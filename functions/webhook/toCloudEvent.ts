import { randomUUID } from 'node:crypto'
import {
  type EventSource,
  HTTP_EVENT,
  type OutgoingEvent,
  validId,
  writeCloudEvent,
} from '../../shared/eventbridge/cloudEvent'
import { isObject } from '../../shared/json'
import type { Content } from './readContent'
import type { WebhookRequest } from './readRequest'

/** Headers and query values that are secrets, or the platform's own business: they never travel. */
const SECRET_HEADER =
  /^x-(fc|ddpaas)-|authorization|authentication|cookie|credential|api-?key|token|secret|signature|password/i
const SECRET_QUERY = /authorization|credential|api[-_]?key|token|secret|signature|password|^sign$/i
/** A URL in a header (a referer, what a proxy was asked for) may be this request's own, with its token. */
const SECRET_IN_URL = /[?&][\w-]*(token|secret|sign|signature|password)=/i

/**
 * Makes the CloudEvent that the hosted HTTP event source would make of this request. The same example as in its document:
 * `{"source":"my.dingtalk","type":"eventbridge:Events:HTTPEvent","subject":"acs:eventbridge:cn-hangzhou:1234:eventbus/b/eventsource/my.dingtalk",
 *   "data":{"headers":{},"path":"/webhook/putEvents","body":{…},"httpMethod":"POST","queryString":{}},…}`
 * https://help.aliyun.com/zh/eventbridge/user-guide/create-a-custom-event-source-of-the-http-or-https-events-type
 */
export function toCloudEvent(
  request: WebhookRequest,
  content: Pick<Content, 'json' | 'value'>,
  source: EventSource,
  now: Date,
): OutgoingEvent {
  const data = [
    `"headers":${JSON.stringify(without(request.headers, SECRET_HEADER))}`,
    `"path":${JSON.stringify(request.path)}`,
    `"body":${content.json}`,
    `"httpMethod":${JSON.stringify(request.method)}`,
    `"queryString":${JSON.stringify(without(request.query, SECRET_QUERY))}`,
  ].join(',')
  return writeCloudEvent(source, {
    id: idOf(content.value),
    type: HTTP_EVENT,
    time: now,
    traceparent: traceparentOf(request),
    data: `{${data}}`,
  })
}

/** The caller's trace, if it sends one: https://www.w3.org/TR/trace-context/#traceparent-header */
export function traceparentOf(request: WebhookRequest): string | undefined {
  const value = request.header('traceparent') ?? ''
  return /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value) ? value : undefined
}

/**
 * DingTalk's own event id, so that a redelivery has the same source + id; else a random one. A number is not taken: its
 * digits may have been lost in parsing.
 */
function idOf(value: unknown): string {
  const [own, headers] = isObject(value) ? [value['eventId'], value['headers']] : []
  // a frame of DingTalk Stream has it in its headers
  const id = own ?? (isObject(headers) ? headers['eventId'] : undefined)
  return typeof id !== 'string' || id === '' ? randomUUID() : validId(id)
}

function without(values: Readonly<Record<string, string>>, secret: RegExp): Record<string, string> {
  const kept = Object.entries(values).filter(([name, value]) => !secret.test(name) && !SECRET_IN_URL.test(value))
  return Object.fromEntries(kept)
}
