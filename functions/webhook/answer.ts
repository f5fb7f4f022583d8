import type { ServerResponse } from 'node:http'
import { EventBridgeUnavailable } from '../../shared/eventbridge/errors'
import { sendJson } from '../../shared/sendJson'
import { HttpError } from './httpError'

/** Sends an error as EventBridge writes its own: `{"code","message","requestId"}`. From 500 up the text is fixed. */
export function answerError(res: ServerResponse, error: HttpError, requestId: string): void {
  const hidden = error.status >= 500
  const code = hidden ? (error.status === 503 ? 'ServiceUnavailable' : 'InternalError') : error.code
  const message = hidden ? 'The event was not accepted. Send it again.' : error.message
  sendJson(res, error.status, { code, message, requestId }, error.headers)
}

/** What EventBridge may take later is 503. Whatever is not known is our fault: 500, and the detail stays in the log. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof EventBridgeUnavailable) return new HttpError(503, error.code, error.message, { cause: error })
  return error instanceof HttpError ? error : new HttpError(500, 'InternalError', 'unexpected', { cause: error })
}
