import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../../shared/readBody'
import { newRequestId, send, sendError } from '../fcGateway'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import type { FunctionHost } from '../functionHost/functionHost'
import { functionName, sendResult, wantsLog } from '../invokeApi'
import { type RecordedInvocation, recordInvocation } from '../recordInvocation'
import { sendHttpResult } from '../sendHttpResult'
import { toHttpEvent } from '../toHttpEvent'
import { readRequestHeaders } from './requestHeaders'

export interface RuntimeImageOptions {
  host: Pick<FunctionHost, 'invoke'>
  definition: FunctionDefinition
  maxBodyBytes: number
  now(): Date
}

/**
 * The contract of a runtime's image, as `s local` uses it: one function, at
 * `POST /2023-03-30/functions/function/invocations`, whatever name is there. The body is the event. With
 * `X-Fc-Event-Type: HTTP` any method is taken, the event is made of the request with `X-Fc-HTTP-Path` as its path, and
 * the result is an HTTP response. Never rejects.
 * https://github.com/devsapp/fc3/tree/master/src/subCommands/local/impl
 */
export function createRuntimeImage({ host, definition, maxBodyBytes, now }: RuntimeImageOptions) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const requestId = header(req, 'x-fc-request-id') || newRequestId(now())
    const fail = (status: number, code: string, message: string) => sendError(res, status, code, message, requestId)
    const isHttp = header(req, 'x-fc-event-type').toUpperCase() === 'HTTP'
    const body = await readBody(req, maxBodyBytes).catch(() => 'gone' as const)
    if (body === 'gone') return

    if (functionName(req.url ?? '') === undefined)
      return fail(404, 'PathNotSupported', 'The only path is /2023-03-30/functions/function/invocations.')
    if (req.method !== 'POST' && !isHttp)
      return fail(405, 'MethodNotAllowed', 'Without X-Fc-Event-Type: HTTP, functions are invoked with POST.')
    if (body === undefined) return fail(413, 'PayloadTooLarge', `The event may have ${maxBodyBytes} bytes.`)

    const { accountId, region } = definition.context
    const event = isHttp ? toHttpEvent(unwrap(req), body, { accountId, region, requestId, now: now() }) : undefined
    const bytes = event === undefined ? body : Buffer.from(JSON.stringify(event))
    const options = { tail: wantsLog(req), overrides: readRequestHeaders(req.headers, definition) }
    const recorded = await recordInvocation(host, bytes, requestId, options).catch(() => undefined)
    if (!recorded) return fail(503, 'ServiceUnavailable', 'The function takes no more requests.')
    if (isHttp) answerHttp(res, recorded)
    else sendResult(res, recorded)
  }
}

/** The request as it was before `s local start` passed it on; without a query its path ends in `?null`. */
function unwrap(req: IncomingMessage) {
  const query = (req.url ?? '').replace(/^[^?]*\??/, '')
  const { method, httpVersion, headers, rawHeaders, socket } = req
  return {
    method,
    httpVersion,
    headers,
    rawHeaders: withoutOwn(rawHeaders),
    socket,
    url: `${header(req, 'x-fc-http-path') || '/'}${query === '' || query === 'null' ? '' : `?${query}`}`,
  }
}

/** The headers that are meant for the image, and not for the function. */
function withoutOwn(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => !/^x-fc-/i.test(rawHeaders[index - (index % 2)] ?? ''))
}

/** The error of a function that failed is shown: nobody but its developer is there to see it. */
function answerHttp(res: ServerResponse, { result, headers }: RecordedInvocation): void {
  try {
    if (result.errorType === undefined) sendHttpResult(res, result.body, headers)
    else send(res, 502, { 'content-type': 'application/json', ...headers }, result.body)
  } catch {
    const message = 'The function did not answer with an HTTP response.'
    sendError(res, 502, 'BadGateway', message, headers['x-fc-request-id'] ?? '')
  }
}

function header({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? '')
}
