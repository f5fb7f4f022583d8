import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** As EventBridge's gateway throttles: https://help.aliyun.com/zh/eventbridge/error-codes */
export function answerThrottled(res: ServerResponse): void {
  answerError(res, 429, 'TooManyRequests', 'The request is denied by flow limiter for too many requests.')
}

/** A failure of the service itself. */
export function answerInternalError(res: ServerResponse): void {
  answerError(res, 500, 'InternalError', 'InternalError')
}

/** As a load balancer answers when nobody is behind it: no JSON, which the official SDK reports as a SyntaxError. */
export function answerUnavailable(res: ServerResponse): void {
  send(res, 503, 'text/html', '<html><body><h1>503 Service Unavailable</h1></body></html>')
}

function answerError(res: ServerResponse, status: number, code: string, message: string): void {
  const body = { code, message, requestId: randomUUID().toUpperCase() }
  send(res, status, 'application/json', JSON.stringify(body))
}

function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  res.end(body)
}
