import { toHttpEvent } from '../local/gateway/httpTrigger'
import { LOCAL_ACCOUNT } from '../local/project/account'
import { connectorHeaders } from '../local/sender/requests'
import { HTTP_EVENT } from '../shared/eventbridge/cloudEvent'

/** The connector's secret, of a webhook that is measured. */
export const API_SECRET = 'secret-of-the-bench'

/** What the article's connector posts of a person; each turn says something else. */
export function connectorBody(person: number, turn: number): Record<string, unknown> {
  const isEven = turn % 2 === 0
  return {
    syncAction: 'user_add_org',
    userId: `1411463790012${person}`,
    name: `小明 ${turn}`,
    active: isEven,
    isAdmin: !isEven,
    dingId: `$:LWCP_v1:$5RUxxxxQhPpK4A==${turn}`,
    orderInDepts: `{1:${turn}}`,
    isLeaderInDepts: `{${turn}:false}`,
    isBoss: isEven,
    isSenior: !isEven,
    isHide: isEven,
    department: [turn],
  }
}

/** The same as Function Compute's HTTP trigger gives it to the webhook, signed now; text of JSON. */
export function triggerEvent(person: number, turn: number): string {
  const now = new Date()
  const signed = connectorHeaders({ token: undefined, apiSecret: API_SECRET }, now.getTime())
  const headers = { host: 'local.fcapp.run', 'content-type': 'application/json', ...signed }
  const request = {
    method: 'POST',
    url: '/webhook/putEvents',
    httpVersion: '1.1',
    headers,
    rawHeaders: Object.entries(headers).flat(),
    socket: { remoteAddress: '203.119.0.1' },
  }
  const place = { ...LOCAL_ACCOUNT, requestId: `request-${turn}-${person}`, now }
  return JSON.stringify(toHttpEvent(request, Buffer.from(JSON.stringify(connectorBody(person, turn))), place))
}

/** An event with this body as EventBridge delivers it, as text of JSON; each turn is newer than the last. */
export function delivery(body: Record<string, unknown>, id: string, turn: number): string {
  return JSON.stringify({
    id,
    source: 'my.dingtalk',
    specversion: '1.0',
    type: HTTP_EVENT,
    time: new Date(1_700_000_000_000 + turn * 1000).toISOString(),
    data: { headers: {}, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
  })
}
