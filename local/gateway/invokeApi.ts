import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../../shared/readBody'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import type { FunctionHost, InvokeResult, Usage } from '../functionHost/functionHost'
import { newRequestId, send, sendError } from './fcGateway'

/** https://www.alibabacloud.com/help/doc-detail/2527064.html */
const MAX_ASYNC_BODY_BYTES = 128 * 1024

/**
 * Function Compute's InvokeFunction, `POST /2023-03-30/functions/{name}/invocations`: the body is the event, the answer
 * the function's result. A function that fails is answered 200 too, with the header x-fc-error-type. With
 * `x-fc-invocation-type: Async` the answer is 202 at once; with `x-fc-log-type: Tail` it carries the log's end.
 * Unsigned here. Never rejects.
 * https://help.aliyun.com/zh/functioncompute/fc/developer-reference/api-fc-2023-03-30-invokefunction
 */
export function createInvokeApi(
  functions: ReadonlyMap<string, Pick<FunctionHost, 'invoke'>>,
  { maxBodyBytes }: { maxBodyBytes: number },
) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const requestId = newRequestId(new Date())
    const fail = (status: number, code: string, message: string) => sendError(res, status, code, message, requestId)
    const name = functionName(req.url ?? '')
    const isAsync = headerIs(req, 'x-fc-invocation-type', 'async')
    const limit = isAsync ? Math.min(maxBodyBytes, MAX_ASYNC_BODY_BYTES) : maxBodyBytes
    const body = await readBody(req, limit).catch(() => 'gone' as const)
    if (body === 'gone') return

    if (name === undefined)
      return fail(404, 'PathNotSupported', 'The only path is /2023-03-30/functions/{name}/invocations.')
    if (req.method !== 'POST') return fail(405, 'MethodNotAllowed', 'Functions are invoked with POST.')
    const host = functions.get(name)
    if (!host) return fail(404, 'FunctionNotFound', `function '${name}' does not exist`)
    if (body === undefined) return fail(413, 'PayloadTooLarge', `The event may have ${limit} bytes.`)

    if (isAsync) {
      void invokeInBackground(host, body, requestId)
      return send(res, 202, { 'x-fc-request-id': requestId }, Buffer.alloc(0))
    }
    const recorded = await recordInvocation(host, body, requestId, { tail: wantsLog(req) }).catch(() => undefined)
    if (!recorded) return fail(503, 'ServiceUnavailable', 'The function takes no more requests.')
    sendResult(res, recorded)
  }
}

/** The name in the path of an invocation; undefined for any other path. */
export function functionName(url: string): string | undefined {
  return /^\/2023-03-30\/functions\/([^/?]+)\/invocations(?:\?|$)/.exec(url)?.[1]
}

function headerIs({ headers }: IncomingMessage, name: string, value: string): boolean {
  return String(headers[name] ?? '').toLowerCase() === value
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/error-handling-1-2 */
const ATTEMPTS = 4

/**
 * Asynchronous invocation: a function that fails is invoked again, up to three times. How long Function Compute waits in
 * between is not documented; here it does not wait. Events lie in memory only: those not done when the host stops are
 * lost. The host logs each failure. Never rejects.
 */
export async function invokeInBackground(
  host: Pick<FunctionHost, 'invoke'>,
  event: Buffer,
  requestId: string,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const result = await host.invoke(event, requestId).catch(() => undefined)
    if (result?.errorType === undefined) return
  }
}

/** Whether the end of the log is to come with the answer. */
export function wantsLog(req: IncomingMessage): boolean {
  return headerIs(req, 'x-fc-log-type', 'tail')
}

export interface RecordedInvocation {
  result: InvokeResult
  /** what Function Compute tells of the request beside its result */
  headers: Record<string, string>
}

/**
 * Invokes a function, and makes the headers of InvokeFunction's answer: the request's id, its error's type, what it took,
 * and the end of what it wrote, as Base64, if that is asked for.
 * @throws Error when the host is stopping
 */
export async function recordInvocation(
  host: Pick<FunctionHost, 'invoke'>,
  event: Buffer,
  requestId: string,
  { tail, overrides }: { tail: boolean; overrides?: Partial<FunctionDefinition> },
): Promise<RecordedInvocation> {
  const lines: string[] = []
  let usage: Usage | undefined
  const result = await host.invoke(event, requestId, {
    ...(overrides && { overrides }),
    ...(tail && { onLine: (line: string) => lines.push(line) }),
    onUsage: (given) => {
      usage = given
    },
  })
  const headers = {
    'x-fc-request-id': requestId,
    ...(result.errorType !== undefined && { 'x-fc-error-type': result.errorType }),
    ...usageHeaders(usage),
    ...(tail && { 'x-fc-log-result': logTail(requestId, lines).toString('base64') }),
  }
  return { result, headers }
}

/** Milliseconds, begun ones counted, and MB. */
function usageHeaders({ durationMs, memoryMb }: Partial<Usage> = {}): Record<string, string> {
  return {
    ...(durationMs !== undefined && { 'x-fc-invocation-duration': String(Math.ceil(durationMs)) }),
    ...(memoryMb !== undefined && { 'x-fc-max-memory-usage': memoryMb.toFixed(2) }),
  }
}

/** What comes back of the log of a request that asks for it. */
const LOG_TAIL_BYTES = 4096

function logTail(requestId: string, lines: readonly string[]): Buffer {
  const [start, end] = ['Start', 'End'].map((moment) => `FC Invoke ${moment} RequestId: ${requestId}\n`)
  const text = Buffer.from(`${start}${lines.map((line) => `${line}\n`).join('')}${end}`)
  let from = Math.max(0, text.length - LOG_TAIL_BYTES)
  // a character of several bytes is not cut in two
  while (((text[from] ?? 0) & 0xc0) === 0x80) from++
  return text.subarray(from)
}

/** Answers with the function's result, or its error: 200 both. */
export function sendResult(res: ServerResponse, { result, headers }: RecordedInvocation): void {
  const contentType = result.errorType === undefined ? 'application/octet-stream' : 'application/json'
  send(res, 200, { 'content-type': contentType, ...headers }, result.body)
}
