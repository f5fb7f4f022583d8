import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../shared/readBody'
import { newRequestId, sendError } from './fcGateway'
import type { FunctionHost } from './functionHost/functionHost'
import { sendHttpResult } from './sendHttpResult'
import { toHttpEvent } from './toHttpEvent'

export interface HttpTriggerOptions {
  host: Pick<FunctionHost, 'invoke'>
  accountId: string
  region: string
  maxBodyBytes: number
  now(): Date
}

/**
 * Serves a Node request as Function Compute's HTTP trigger would: makes the event of it, invokes the function, and
 * writes its answer. A function that fails, or answers what is no HTTP response, is 502 and nothing is said of it.
 * Never rejects.
 */
export function createHttpTrigger(options: HttpTriggerOptions) {
  const { host, accountId, region, maxBodyBytes } = options
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const now = options.now()
    const requestId = newRequestId(now)
    const body = await readBody(req, maxBodyBytes).catch(() => 'gone' as const)
    if (body === 'gone') return
    if (body === undefined) {
      return sendError(res, 413, 'PayloadTooLarge', `The body may have ${maxBodyBytes} bytes.`, requestId)
    }
    const event = toHttpEvent(req, body, { accountId, region, requestId, now })
    const result = await host.invoke(Buffer.from(JSON.stringify(event)), requestId).catch(() => undefined)
    if (!result) {
      return sendError(res, 503, 'ServiceUnavailable', 'The function takes no more requests.', requestId)
    }
    try {
      if (result.errorType !== undefined) throw new Error(result.errorType)
      sendHttpResult(res, result.body, { 'x-fc-request-id': requestId })
    } catch {
      sendError(res, 502, 'BadGateway', 'The function failed, or did not answer with an HTTP response.', requestId)
    }
  }
}
