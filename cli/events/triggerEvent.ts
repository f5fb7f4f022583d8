import { randomUUID } from 'node:crypto'
import { LOCAL_ACCOUNT } from '../../local/account'
import { toHttpEvent } from '../../local/toHttpEvent'
import type { FcHttpEvent } from '../../shared/fc/types'

/** Function Compute's event for a message that is posted to this URL as JSON. */
export function triggerEvent(url: URL, headers: Record<string, string>, message: unknown, now: Date): FcHttpEvent {
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
