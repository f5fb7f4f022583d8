import { randomUUID } from 'node:crypto'
import { toHttpEvent } from '../../local/gateway/httpTrigger'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { EVENTS } from '../../local/sender/events'
import { messagesFor } from '../../local/sender/messages'
import type { Person } from '../../local/sender/person'
import {
  type CallbackKeys,
  type ConnectorSecrets,
  connectorHeaders,
  encryptedCallback,
} from '../../local/sender/requests'
import type { FcHttpEvent } from '../../shared/fc/types'
import { webhookEvent } from '../webhookEvent'

/** Published by DingTalk with its FAQ on callbacks, and no secret. https://open.dingtalk.com/document/development/event-subscription-and-data-push */
export const TEST_KEYS: CallbackKeys = {
  token: '123456',
  aesKey: '1234567890123456789012345678901234567890123',
  ownerKey: 'dingsnotzck6pm5veliw',
}

interface EventOptions {
  keys: CallbackKeys
  corpId: string
  secrets: ConnectorSecrets
  /** milliseconds since 1970 */
  now: number
}

interface EventFile {
  name: string
  functionName: 'dingtalk-webhook' | 'dingtalk-employees'
  content: unknown
}

const WEBHOOK_URL = new URL('https://local.cn-hangzhou.fcapp.run/webhook/putEvents')

/** Invented people; the first is the article's. */
const MING: Person = { userId: '141146379001246379', name: '小明' }
const HONG: Person = { userId: '141146379001246380', name: '小红' }
const GANG: Person = { userId: '141146379001246381', name: '小刚' }

/** One event a case: as the HTTP trigger hands it to the webhook, or as a rule delivers it to employees. */
export function eventFiles(options: EventOptions): EventFile[] {
  const { keys, corpId, secrets, now } = options
  const message = (form: 'connector' | 'native', action: string, person: Person) => {
    const kind = EVENTS.find(({ name }) => name === action)
    return kind && messagesFor(kind, form, { people: [person], corpId, now })[0]
  }
  const posted = (action: string) =>
    triggerEvent(WEBHOOK_URL, connectorHeaders(secrets, now), message('connector', action, MING), new Date(now))
  const delivered = (action: string, person: Person, secondsAgo = 0) =>
    delivery(message('connector', action, person), new Date(now - secondsAgo * 1000))
  const callback = encryptedCallback(WEBHOOK_URL, JSON.stringify(message('native', 'user_add_org', MING)), keys, now)
  const several = [
    delivered('user_add_org', HONG, 2),
    delivered('user_add_org', GANG, 1),
    delivered('user_leave_org', GANG),
  ]
  return [
    toWebhook('connector-add.json', posted('user_add_org')),
    toWebhook('connector-leave.json', posted('user_leave_org')),
    toWebhook('native-encrypted-add.json', triggerEvent(callback.url, {}, callback.body, new Date(now))),
    toEmployees('cloudevent-add.json', delivered('user_add_org', MING)),
    toEmployees('cloudevents-array.json', several),
  ]
}

function toWebhook(name: string, content: unknown): EventFile {
  return { name, functionName: 'dingtalk-webhook', content }
}

function toEmployees(name: string, content: unknown): EventFile {
  return { name, functionName: 'dingtalk-employees', content }
}

/** The CloudEvent that the webhook makes of a message, as EventBridge delivers it to a rule's target. */
function delivery(message: unknown, now: Date): Record<string, unknown> {
  const { accountId, region } = LOCAL_ACCOUNT
  const event = webhookEvent(message, { name: 'my.dingtalk', busName: 'dingtalk', region, accountId }, now)
  return {
    ...JSON.parse(event.json),
    aliyunaccountid: accountId,
    aliyunregionid: region,
    aliyunpublishtime: now.toISOString(),
  }
}

/** Function Compute's event for a message that is posted to this URL as JSON. */
function triggerEvent(url: URL, headers: Record<string, string>, message: unknown, now: Date): FcHttpEvent {
  const all = { host: url.host, 'content-type': 'application/json', 'user-agent': 'dingtalk', ...headers }
  const request = {
    method: 'POST',
    url: `${url.pathname}${url.search}`,
    httpVersion: '1.1',
    headers: all,
    rawHeaders: Object.entries(all).flat(),
    socket: { remoteAddress: '127.0.0.1' },
  }
  const { accountId, region } = LOCAL_ACCOUNT
  return toHttpEvent(request, Buffer.from(JSON.stringify(message)), { accountId, region, requestId: randomUUID(), now })
}
