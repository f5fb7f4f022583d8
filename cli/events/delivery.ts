import { toCloudEvent } from '../../functions/webhook/toCloudEvent'
import { LOCAL_ACCOUNT } from '../../local/account'

/** The CloudEvent that the webhook makes of a message, as EventBridge delivers it to a rule's target. */
export function delivery(message: unknown, now: Date): Record<string, unknown> {
  const json = JSON.stringify(message)
  const request = {
    requestId: '',
    method: 'POST',
    path: '/webhook/putEvents',
    headers: { 'Content-Type': 'application/json' },
    query: {},
    sourceIp: '127.0.0.1',
    body: Buffer.from(json),
    header: () => undefined,
  }
  const { accountId, region } = LOCAL_ACCOUNT
  const source = { name: 'my.dingtalk', busName: 'dingtalk', region, accountId }
  const event = toCloudEvent(request, { json, value: message }, source, now)
  return {
    ...JSON.parse(event.json),
    aliyunaccountid: accountId,
    aliyunregionid: region,
    aliyunpublishtime: now.toISOString(),
  }
}
