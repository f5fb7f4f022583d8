import type { ServerResponse } from 'node:http'
import { EventBridgeUnavailable } from '../../shared/eventbridge/errors'
import type { PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import type { CallbackReply } from './dingtalkCallback'
import { HttpError } from './httpError'

/** Sends EventBridge's own answer, as the hosted HTTP event source does, or the encrypted reply to a callback. */
export function answerAccepted(res: ServerResponse, answer: PutEventsAnswer | CallbackReply): void {
  send(res, 200, answer)
}

/** Sends an error as EventBridge writes its own: `{"code","message","requestId"}`. From 500 up the text is fixed. */
export function answerError(res: ServerResponse, error: HttpError, requestId: string): void {
  const hidden = error.status >= 500
  const code = hidden ? (error.status === 503 ? 'ServiceUnavailable' : 'InternalError') : error.code
  const message = hidden ? 'The event was not accepted. Send it again.' : error.message
  send(res, error.status, { code, message, requestId }, error.headers)
}

/** What EventBridge may take later is 503. Whatever is not known is our fault: 500, and the detail stays in the log. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof EventBridgeUnavailable) return new HttpError(503, error.code, error.message, { cause: error })
  return error instanceof HttpError ? error : new HttpError(500, 'InternalError', 'unexpected', { cause: error })
}

function send(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body))
  // With a length set, the answer is never chunked (fc-http would corrupt it: shared/fc/mountHttp.ts).
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers })
  res.end(bytes)
}
