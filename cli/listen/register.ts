import type { Exchange } from '../../shared/dingtalk/directory/exchange'
import { ConnectionFailed } from '../../shared/dingtalk/directory/exchange'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { jsonFields, parseJson } from '../../shared/json'

/** Why there is no connection, in words that name no secret. */
export class StreamRefused extends Error {
  override name = 'StreamRefused' as const
  /** whether somebody has to do something first */
  readonly isFinal: boolean
  constructor(message: string, isFinal = false) {
    super(message)
    this.isFinal = isFinal
  }
}

export interface StreamApp {
  appKey: string
  appSecret: string
  /** DINGTALK_API_ENDPOINT */
  endpoint: string
}

const TIME_LIMIT_MS = 10_000
const SUBSCRIPTIONS = [{ type: 'EVENT', topic: '*' }]

/**
 * Asks DingTalk's gateway where to connect, which is good once and for 90 s.
 * https://opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol
 * @returns the address of the websocket, with the ticket in it
 * @throws StreamRefused
 */
export async function register({ appKey, appSecret, endpoint }: StreamApp, exchange: Exchange): Promise<URL> {
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/v1.0/gateway/connections/open`)
  const body = JSON.stringify({ clientId: appKey, clientSecret: appSecret, subscriptions: SUBSCRIPTIONS, ua: 'listen' })
  const call = { method: 'POST', headers: {}, body, timeLimitMs: TIME_LIMIT_MS } as const
  const { status, text } = await exchange.send(url, call).catch((error: unknown) => {
    const code = error instanceof ConnectionFailed ? error.code : 'NetworkError'
    throw new StreamRefused(`No answer from ${url.host} (${code}).`)
  })
  if (status !== 200) throw refusal(status, text)
  const { endpoint: place, ticket } = jsonFields(text)
  const socket = typeof place === 'string' && URL.canParse(place) ? new URL(place) : undefined
  if (socket === undefined || typeof ticket !== 'string' || ticket === '' || !mayCarryTicket(socket)) {
    throw new StreamRefused('DingTalk’s gateway answered, but not where to connect: is something else between?')
  }
  socket.searchParams.set('ticket', ticket)
  return socket
}

/** Whoever has the ticket gets the events: plain text is for this machine only. */
function mayCarryTicket({ protocol, hostname }: URL): boolean {
  return protocol === 'wss:' || (protocol === 'ws:' && isLoopbackHost(hostname))
}

/** What the gateway's answer means, and what to do. Its own words are left out: they quote what was sent. */
function refusal(status: number, text: string): StreamRefused {
  if (parseJson(text) === undefined) {
    return new StreamRefused(
      `${status} and no JSON, which is not DingTalk’s gateway: a proxy, or its gate for too many calls.`,
    )
  }
  const { code: given } = jsonFields(text)
  const code = typeof given === 'string' && /^[\w.]{1,80}$/.test(given) ? given : ''
  const said = `DingTalk’s gateway refuses the connection (${[status, code].filter(Boolean).join(' ')})`
  if (/IpNotInWhiteList$/.test(code)) {
    return new StreamRefused(`${said}: add this machine’s address to the app’s 服务器出口IP, under 安全设置.`, true)
  }
  if (status === 429 || /Qps|CountLimit/.test(code)) return new StreamRefused(`${said}: too many calls.`)
  if (status === 401 || /auth|client/i.test(code)) {
    const where = '凭证与基础信息 of the app in https://open-dev.dingtalk.com/, without a blank'
    return new StreamRefused(
      `${said}: DINGTALK_APP_KEY or DINGTALK_APP_SECRET is wrong. Copy both again from ${where}.`,
      true,
    )
  }
  if ([400, 403, 404].includes(status)) {
    const what = 'the app is published, and takes its events by Stream (开发配置 → 事件订阅 → Stream 模式推送)'
    return new StreamRefused(`${said}: look whether ${what}, and at DINGTALK_API_ENDPOINT.`, true)
  }
  return new StreamRefused(`${said}.`)
}
