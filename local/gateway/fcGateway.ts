import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { sendJson } from '../../shared/sendJson'

/** What Function Compute takes in a synchronous call. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024

/** A request id in the form of Function Compute's: `1-<seconds>-<random>-<random>`, in hex. */
export function newRequestId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16)
  // of a UUID all but its middle is random; Node makes many at once, where random bytes are a call each
  const random = randomUUID()
  return `1-${seconds}-${random.slice(0, 6)}-${random.slice(-12)}`
}

/** Answers in the words of Function Compute itself, where it is not the function that answers. */
export function sendError(res: ServerResponse, status: number, code: string, message: string, requestId: string): void {
  sendJson(res, status, { Code: code, Message: message, RequestId: requestId }, { 'x-fc-request-id': requestId })
}

/** Answers once, whole. The client may have gone: then it is written to nobody. */
export function send(res: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void {
  const hasBody = status !== 204 && status !== 304
  res.writeHead(status, { ...headers, ...(hasBody && { 'content-length': body.length }) })
  res.end(body)
}
