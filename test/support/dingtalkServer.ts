import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { jsonFields, stringifyLossless } from '../../shared/json'

/** What a test's DingTalk is asked for, and what it answers: JSON, or a text as it is. */
export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: http.IncomingHttpHeaders
  body: Record<string, unknown>
  /** as it was sent */
  text: string
  /** how many requests of this path there were, with this one */
  count: number
}
export type Reply = object | string | { status: number; body: object | string } | 'hang up' | 'say nothing'
export type Answer = (asked: Asked) => Reply | undefined

export interface DingtalkServer {
  url: string
  /** asked first, newest first; undefined leaves it to the next */
  answer(answer: Answer): void
  asked: Asked[]
  askedFor(path: string): Asked[]
  /** the most requests that were under way at once, of one path */
  mostAtOnce(): number
  close(): Promise<void>
}

/** A success of the old API. */
export const ok = (result: unknown) => ({ errcode: 0, errmsg: 'ok', result, request_id: '6b9a0macp683' })

/** An error of the gateway before the old API, which has its own code in this one. */
export const gatewayError = (code: string, text = 'text') => ({
  errcode: 88,
  sub_code: code,
  sub_msg: text,
  errmsg: `ding talk error[subcode=${code},submsg=${text}]`,
  request_id: '15r6invented1',
})

const tokenReply = { accessToken: 'planted-token', expireIn: 7200 }

/** An HTTP server that answers as a test says; with tokens, if it says nothing about them. */
export async function dingtalkServer(): Promise<DingtalkServer> {
  const answers: Answer[] = [({ path }) => (path === 'v1.0/oauth2/accessToken' ? tokenReply : undefined)]
  const asked: Asked[] = []
  const running = new Map<string, number>()
  let most = 0
  const server = http.createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost')
    const path = pathname.slice(1)
    running.set(path, (running.get(path) ?? 0) + 1)
    most = Math.max(most, running.get(path) ?? 0)
    res.on('close', () => running.set(path, (running.get(path) ?? 1) - 1))
    let text = ''
    req.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    req.on('end', () => {
      const count = asked.filter((other) => other.path === path).length + 1
      const request: Asked = {
        method: req.method ?? '',
        path,
        query: searchParams,
        headers: req.headers,
        body: jsonFields(text),
        text,
        count,
      }
      asked.push(request)
      const reply = answers.map((answer) => answer(request)).find((found) => found !== undefined)
      send(req, res, reply ?? { errcode: 22, sub_msg: '不合法ApiName', errmsg: 'Invalid method' })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (answer) => answers.unshift(answer),
    asked,
    askedFor: (path) => asked.filter((request) => request.path === path),
    mostAtOnce: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(req: http.IncomingMessage, res: http.ServerResponse, reply: Reply): void {
  if (reply === 'say nothing') return
  if (reply === 'hang up') return void req.socket.destroy()
  const { status, body } = isWithStatus(reply) ? reply : { status: 200, body: reply }
  res.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' })
  res.end(typeof body === 'string' ? body : stringifyLossless(body))
}

function isWithStatus(reply: Reply): reply is { status: number; body: object | string } {
  return typeof reply === 'object' && 'status' in reply && 'body' in reply
}
