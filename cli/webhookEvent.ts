import type { EventBridgeFile } from '../emulator'
import type { Content } from '../functions/webhook/readContent'
import { toCloudEvent } from '../functions/webhook/toCloudEvent'
import type { Environment } from '../shared/config'
import type { EventSource, OutgoingEvent } from '../shared/eventbridge/cloudEvent'

/** As what the webhook publishes that is deployed with these variables, where eventbridge.yaml is provisioned. */
export function webhookSource(
  { EVENT_SOURCE_NAME }: Environment,
  { bus, sources }: Pick<EventBridgeFile, 'bus' | 'sources'>,
  { accountId, region }: Pick<EventSource, 'accountId' | 'region'>,
): EventSource {
  return { name: EVENT_SOURCE_NAME || sources[0]?.name || 'my.dingtalk', busName: bus, accountId, region }
}

/** The CloudEvent that the webhook makes of a message that is posted to it as JSON. */
export function webhookEvent(message: unknown, source: EventSource, now: Date): OutgoingEvent {
  return publishedEvent({ json: JSON.stringify(message), value: message }, source, now)
}

/** The same of a content that is read already. */
export function publishedEvent(
  content: Pick<Content, 'json' | 'value'>,
  source: EventSource,
  now: Date,
): OutgoingEvent {
  const request = {
    requestId: '',
    method: 'POST',
    path: '/webhook/putEvents',
    headers: { 'Content-Type': 'application/json' },
    query: {},
    sourceIp: '127.0.0.1',
    body: Buffer.from(content.json),
    header: () => undefined,
  }
  return toCloudEvent(request, content, source, now)
}
