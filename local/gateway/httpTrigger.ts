import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import type { FcHttpEvent } from '../../shared/fc/types'
import { parseJson } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import type { FunctionHost } from '../functionHost/functionHost'
import { newRequestId, send, sendError } from './fcGateway'

interface HttpTriggerOptions {
  host: Pick<FunctionHost, 'invoke'>
  accountId: string
  region: string
  maxBodyBytes: number
  /** headers that are put into every request, in place of its own */
  addedHeaders?: Readonly<Record<string, string>>
  now(): Date
}

/**
 * Serves a Node request as Function Compute's HTTP trigger would: makes the event of it, invokes the function, and
 * writes its answer. A function that fails, or answers what is no HTTP response, is 502 and nothing is said of it.
 * Never rejects.
 */
export function createHttpTrigger(options: HttpTriggerOptions) {
  const { host, accountId, region, maxBodyBytes, addedHeaders = {} } = options
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const now = options.now()
    const requestId = newRequestId(now)
    const body = await readBody(req, maxBodyBytes).catch(() => 'gone' as const)
    if (body === 'gone') return
    if (body === undefined) {
      return sendError(res, 413, 'PayloadTooLarge', `The body may have ${maxBodyBytes} bytes.`, requestId)
    }
    const event = toHttpEvent(req, body, { accountId, region, requestId, now, addedHeaders })
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

/** A Node request, as far as the event is made of it. */
type HttpRequest = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'headers' | 'rawHeaders'> & {
  socket: { remoteAddress?: string | undefined }
}

interface Place {
  accountId: string
  region: string
  requestId: string
  now: Date
  /** headers that go in place of the request's own */
  addedHeaders?: Readonly<Record<string, string>>
}

/**
 * The event that Function Compute's HTTP trigger makes of a request.
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/http-trigger-invoking-function
 */
export function toHttpEvent(
  req: HttpRequest,
  body: Buffer,
  { accountId, region, requestId, now, addedHeaders = {} }: Place,
): FcHttpEvent {
  const [rawPath = '', ...query] = (req.url ?? '/').split('?')
  const isBase64Encoded = body.length > 0 && !(isTextual(req.headers['content-type']) && isUtf8(body))
  return {
    version: 'v1',
    rawPath,
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    headers: {
      ...joined(headerPairs(req)),
      ...Object.fromEntries(Object.entries(addedHeaders).map(([name, value]) => [canonical(name), value])),
    },
    queryParameters: query.length === 0 ? {} : joined(new URLSearchParams(query.join('?'))),
    requestContext: {
      accountId,
      domainName: `local.${region}.fcapp.run`,
      domainPrefix: 'local',
      requestId,
      time: now.toISOString(),
      timeEpoch: String(now.getTime()),
      http: {
        method: req.method ?? '',
        path: decoded(rawPath),
        protocol: `HTTP/${req.httpVersion}`,
        // The connection's: no header can forge it.
        sourceIp: req.socket.remoteAddress ?? '',
        userAgent: req.headers['user-agent'] ?? '',
      },
    },
  }
}

/** Which types count as text is not documented; a JSON body is known to arrive as text. */
function isTextual(contentType = ''): boolean {
  const type = contentType.replace(/;.*/s, '').trim().toLowerCase()
  return /^text\/|^application\/(json|xml|javascript|x-www-form-urlencoded)$|\+(json|xml)$/.test(type)
}

/** Node's own `headers` drops some repeated ones and spells names in lower case. */
function* headerPairs({ rawHeaders }: HttpRequest): Generator<[string, string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const value = rawHeaders[index + 1] ?? ''
    // Node reads a header's bytes as Latin-1.
    yield [
      canonical(rawHeaders[index] ?? ''),
      /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString() : value,
    ]
  }
}

/** `content-type` → `Content-Type` */
function canonical(name: string): string {
  return name
    .toLowerCase()
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('-')
}

/** Repeated names become one value, in the order they came. */
function joined(pairs: Iterable<[string, string]>): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(values)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
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
 * Answers a request with a function's result, as an HTTP trigger does. Without a statusCode, the whole result is taken
 * for a JSON body.
 * @param platformHeaders go before the function's own
 * @throws when the result has a statusCode and is no HTTP response; then nothing is sent
 */
export function sendHttpResult(res: ServerResponse, body: Buffer, platformHeaders: Record<string, string>): void {
  const result = parseJson(body.toString())
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    send(res, 200, { 'content-type': 'application/json', ...platformHeaders }, body)
    return
  }
  const response = httpResponse.parse(result)
  const headers = Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
  const bytes = Buffer.from(response.body, response.isBase64Encoded ? 'base64' : 'utf8')
  send(res, response.statusCode, { ...Object.fromEntries(headers), ...platformHeaders }, bytes)
}
