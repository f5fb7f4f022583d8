import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import fcHttp from '@serverless-devs/fc-http'
import { isObject, parseJson } from '../json'
import { jsonLogger, type Logger, whereFrom } from '../logging'
import type { FcContext, FcHttpEvent, FcHttpResponse } from './types'

/** A Node request that also carries what only Function Compute knows. */
export interface FcRequest extends IncomingMessage {
  fc: {
    event: FcHttpEvent
    context: FcContext
    /** the body's bytes, whether the event carried text or base64 */
    body: Buffer
  }
}

/** A plain Node listener. If it returns a promise, the answer waits for that and for `res.end()`. */
export type HttpListener = (req: FcRequest, res: ServerResponse) => void | Promise<void>

/**
 * Mounts a Node listener on Function Compute 3.0's HTTP trigger, by @serverless-devs/fc-http.
 *
 * fc-http speaks Function Compute 2.0's `(req, resp, context)`; 3.0 calls `(event, context)`. This is the adapter
 * between them, and the one place where fc-http's traps are shut. The handler never rejects: whatever the listener
 * throws becomes a 500 that says nothing of it. Headers that repeat are joined, for the trigger knows single strings.
 */
export function mountHttp(
  listener: HttpListener,
  logger: Pick<Logger, 'error'> = jsonLogger,
): (event: Buffer, context: FcContext) => Promise<FcHttpResponse> {
  return async (bytes, context) => {
    const requestId = context.requestId ?? ''
    const event = parseHttpEvent(bytes)
    if (!event) {
      return failure(400, 'InvalidArgument', 'Expected the event of an HTTP trigger, as JSON of version v1.', requestId)
    }
    try {
      return await serve(listener, event, context)
    } catch (error) {
      logger.error({ code: 'InternalError', requestId, detail: whereFrom(error) })
      return failure(500, 'InternalError', 'The request could not be handled.', requestId)
    }
  }
}

function serve(listener: HttpListener, event: FcHttpEvent, context: FcContext): Promise<FcHttpResponse> {
  const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')
  const headers = ownHeaders(event)

  return new Promise((resolve, reject) => {
    let listening = Promise.resolve()

    // fc-http hangs when a listener rejects, and answers with err.message when it throws; so it gets to see neither.
    const listen = (req: IncomingMessage, res: ServerResponse) => {
      repairResponse(res)
      listening = callListener(listener, Object.assign(req, { fc: { event, context, body } }), res)
      listening.catch(reject)
    }
    // fc-http adds headers: the context, a content-length, and the client's X-Request-Id as if it were ours.
    const handle = fcHttp(listen, { request: (req) => Object.assign(req, { headers }) })

    const { method, sourceIp } = event.requestContext.http
    const request = { method, path: event.rawPath, headers, queries: event.queryParameters, clientIP: sourceIp }
    const answer: FcHttpResponse = { statusCode: 500, headers: {}, isBase64Encoded: false, body: '' }
    const response: fcHttp.Fc2Response = {
      setStatusCode(statusCode) {
        answer.statusCode = statusCode
      },
      setHeader(name, value) {
        answer.headers[name] = [value].flat().join(', ')
      },
      send(bytes) {
        // A listener's body is always bytes; text is the message of an error that fc-http caught itself.
        if (!Buffer.isBuffer(bytes)) return reject(new TypeError('fc-http failed'))
        listening.then(() => resolve(Object.assign(answer, encodeBody(bytes))), reject)
      },
    }
    // No context: fc-http would copy the role's credentials onto the request, and needs none of it.
    handle(Object.assign(Readable.from(body), request), response, {}).catch(reject)
  })
}

/** Also makes a rejection of a synchronous throw. */
async function callListener(listener: HttpListener, req: FcRequest, res: ServerResponse): Promise<void> {
  await listener(req, res)
}

/** The client's headers by lower-case name, without those that only the platform may set. */
function ownHeaders(event: FcHttpEvent): Record<string, string> {
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(headers.filter(([name]) => !name.startsWith('x-fc-')))
}

function encodeBody(bytes: Buffer): Pick<FcHttpResponse, 'isBase64Encoded' | 'body'> {
  const isBase64Encoded = !isUtf8(bytes)
  return { isBase64Encoded, body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8') }
}

function failure(statusCode: number, code: string, message: string, requestId: string): FcHttpResponse {
  const body = JSON.stringify({ code, message, requestId })
  return { statusCode, headers: { 'content-type': 'application/json' }, isBase64Encoded: false, body }
}

/**
 * Reads the bytes that an HTTP trigger hands to a function, and asks only for what no answer can be made without: local
 * runtimes leave much of the rest out. By hand, for a schema would take its time at each cold start, and with each request.
 * Undefined when they are anything else, as when the function is invoked without its trigger.
 */
function parseHttpEvent(bytes: Buffer): FcHttpEvent | undefined {
  const event = parseJson(bytes.toString())
  if (!isObject(event) || !isObject(event['requestContext'])) return undefined
  const { version, rawPath, requestContext } = event
  const isBase64Encoded = event['isBase64Encoded'] ?? false
  const content = readTexts(event, ['body'])
  const headers = readJoined(event['headers'])
  const queryParameters = readJoined(event['queryParameters'])
  const context = readTexts(requestContext, CONTEXT_NAMES)
  const http = readTexts(requestContext['http'], HTTP_NAMES)
  if (version !== 'v1' || typeof rawPath !== 'string' || typeof isBase64Encoded !== 'boolean') return undefined
  if (!content || !headers || !queryParameters || !context || !http?.method) return undefined
  const { body } = content
  const known = Object.assign(context, { http })
  return { version, rawPath, body, isBase64Encoded, headers, queryParameters, requestContext: known }
}

const CONTEXT_NAMES = ['accountId', 'domainName', 'domainPrefix', 'requestId', 'time', 'timeEpoch'] as const
const HTTP_NAMES = ['method', 'path', 'protocol', 'sourceIp', 'userAgent'] as const

/** The fields of these names, empty where they are absent; undefined when one is no text. */
function readTexts<N extends string>(place: unknown, names: readonly N[]): Record<N, string> | undefined {
  if (!isObject(place)) return undefined
  const values = names.map((name) => [name, place[name] ?? ''] as const)
  if (values.some(([, value]) => typeof value !== 'string')) return undefined
  return Object.fromEntries(values) as Record<N, string>
}

/** Texts by name: Function Compute joins those that repeat, not every local runtime does. Undefined for anything else. */
function readJoined(place: unknown): Record<string, string> | undefined {
  if (!isObject(place ?? {})) return undefined
  const values = Object.entries(place ?? {}).filter(([name]) => name !== '__proto__')
  if (values.some(([, value]) => [value].flat().some((text) => typeof text !== 'string'))) return undefined
  return Object.fromEntries(values.map(([name, value]) => [name, String(value)]))
}

/**
 * Makes fc-http's response (lib/response.js of @serverless-devs/serverless-http 3.0.1) behave as Node's where it does
 * not: it reads chunks by characters instead of bytes, takes a string in any encoding for UTF-8, and its writeHead
 * cannot be chained.
 */
function repairResponse(res: ServerResponse): void {
  Object.defineProperty(res, 'chunkedEncoding', NEVER)

  const getHeaders = res.getHeaders.bind(res)
  const write = res.write.bind(res) as (...args: unknown[]) => boolean
  const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => unknown
  // not `res.end = …`: V8 puts a function that is assigned so among what lives long, and with it all of the request
  Object.assign(res, {
    getHeaders: () => {
      const { 'transfer-encoding': _framing, ...headers } = getHeaders()
      return headers
    },
    write: (...args: unknown[]) => write(...decoded(args)),
    end: (...args: unknown[]) => end(...decoded(args)),
    writeHead: (...args: unknown[]) => {
      writeHead(...args)
      return res
    },
  })
}

/**
 * The trigger sends one whole body, so the framing has no meaning: it is never applied, nor reported afterwards. One for
 * all responses: of accessors of its own V8 makes a hidden class for each response.
 */
const NEVER = { get: () => false, set: () => {} }

/** Turns the arguments (chunk, encoding, callback?) of write and end into (bytes, callback?). */
function decoded([chunk, encoding, ...rest]: unknown[]): unknown[] {
  if (typeof chunk !== 'string' || typeof encoding !== 'string') return [chunk, encoding, ...rest]
  return [Buffer.from(chunk, encoding as BufferEncoding), ...rest]
}
