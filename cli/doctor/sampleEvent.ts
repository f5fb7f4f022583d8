import { parseContent } from '../../functions/webhook/readContent'
import { type EventSource, toCloudEvent } from '../../functions/webhook/toCloudEvent'

/** What the webhook publishes when somebody joins: an invented person. JSON text. */
export function sampleEvent(source: EventSource): string {
  const content = parseContent('{"syncAction":"user_add_org","userId":"0042","name":"小明"}')
  const request = {
    requestId: '',
    method: 'POST',
    path: '/webhook/putEvents',
    headers: {},
    query: {},
    sourceIp: '',
    body: Buffer.alloc(0),
    header: () => undefined,
  }
  return toCloudEvent(request, content, source, new Date()).json
}
