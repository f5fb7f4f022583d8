import { toHttpEvent } from '../../local/gateway/httpTrigger'
import { connectorHeaders } from '../../local/sender/requests'
import { HTTP_EVENT } from '../../shared/eventbridge/cloudEvent'
import { CONTEXT } from './instance'

/** What a webhook that is measured asks for, of a connector. */
export const SECRETS = { token: 'a-token-of-the-bench', apiSecret: 'a-secret-of-the-bench' }

/** What the webhook receives. */
export interface Request {
  url: string
  headers: Record<string, string>
  body: string
}

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

/** The same with what proves who sends it, now. */
export function connectorRequest(by: 'token' | 'apiSecret', person: number, turn: number): Request {
  const proof = { token: undefined, apiSecret: undefined, [by]: SECRETS[by] }
  const headers = { 'content-type': 'application/json', ...connectorHeaders(proof, Date.now()) }
  return { url: '/webhook/putEvents', headers, body: JSON.stringify(connectorBody(person, turn)) }
}

/** As Function Compute's HTTP trigger gives a request to the webhook; text of JSON. */
export function triggerEvent({ url, headers, body }: Request): string {
  const all = { host: 'bench.cn-hangzhou.fcapp.run', 'user-agent': 'axios/1.6.0', ...headers }
  const request = {
    method: 'POST',
    url,
    httpVersion: '1.1',
    headers: all,
    rawHeaders: Object.entries(all).flat(),
    socket: { remoteAddress: '203.119.0.1' },
  }
  return JSON.stringify(toHttpEvent(request, Buffer.from(body), { ...CONTEXT, now: new Date() }))
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
