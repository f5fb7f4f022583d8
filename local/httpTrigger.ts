import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import { readBody } from '../shared/readBody'
import { newRequestId, send, sendError } from './fcGateway'
import type { FunctionHost, InvokeResult } from './functionHost/functionHost'
import { toHttpEvent } from './toHttpEvent'

export interface HttpTriggerOptions {
  host: Pick<FunctionHost, 'invoke'>
  accountId: string
  region: string
  maxBodyBytes: number
  now(): Date
}

const httpResponse = z.object({
  statusCode: z.int().check(z.minimum(200), z.maximum(599)),
  headers: z._default(z.record(z.string(), z.string()), {}),
  isBase64Encoded: z._default(z.boolean(), false),
  body: z._default(z.string(), ''),
})

/** These are the connection's, and not for a function to set. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade'])

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
      const answer = toAnswer(result)
      send(res, answer.status, { ...answer.headers, 'x-fc-request-id': requestId }, answer.body)
    } catch {
      sendError(res, 502, 'BadGateway', 'The function failed, or did not answer with an HTTP response.', requestId)
    }
  }
}

/** Without a statusCode, the whole result is taken for a JSON body. */
function toAnswer({ body, errorType }: InvokeResult): {
  status: number
  headers: Record<string, string>
  body: Buffer
} {
  if (errorType !== undefined) throw new Error(errorType)
  const result = parseJson(body)
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  const response = httpResponse.parse(result)
  const headers = Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
  return {
    status: response.statusCode,
    headers: Object.fromEntries(headers),
    body: Buffer.from(response.body, response.isBase64Encoded ? 'base64' : 'utf8'),
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
