import { LOCAL_ACCOUNT } from '../../local/account'
import { webhookEvent } from '../webhookEvent'

/** The CloudEvent that the webhook makes of a message, as EventBridge delivers it to a rule's target. */
export function delivery(message: unknown, now: Date): Record<string, unknown> {
  const { accountId, region } = LOCAL_ACCOUNT
  const event = webhookEvent(message, { name: 'my.dingtalk', busName: 'dingtalk', region, accountId }, now)
  return {
    ...JSON.parse(event.json),
    aliyunaccountid: accountId,
    aliyunregionid: region,
    aliyunpublishtime: now.toISOString(),
  }
}
