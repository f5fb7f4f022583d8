import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bind, refuseHost } from '../../shared/ownServer'
import { readBody } from '../../shared/readBody'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import { createFunctionHost, type FunctionHost, STOP_GRACE_MS } from '../functionHost/functionHost'
import { MAX_BODY_BYTES, newRequestId, send, sendError } from './fcGateway'
import { sendHttpResult, toHttpEvent } from './httpTrigger'
import { DEFAULT_INITIALIZATION_TIMEOUT_S, type ImageSettings } from './imageVariables'
import { functionName, type RecordedInvocation, recordInvocation, sendResult, wantsLog } from './invokeApi'

interface RunningImage {
  /** where the function is invoked */
  url: string
  stop(): Promise<void>
}

/**
 * Runs one function behind the contract of its runtime's image, on the loopback interface; on a free port when it is 0.
 * @throws UserError when the port is taken
 */
export async function startRuntimeImage(
  { definition, port, addedHeaders }: ImageSettings,
  log: (line: string) => void,
): Promise<RunningImage> {
  const host = createFunctionHost(definition, log)
  const image = createRuntimeImage(host, definition, addedHeaders)
  const server = http.createServer((req, res) => {
    // a page in a browser must not reach a function through a name that resolves to 127.0.0.1
    const refusal = refuseHost(req, portOf(server))
    if (refusal !== undefined) return sendError(res, 403, 'Forbidden', refusal, newRequestId(new Date()))
    void image(req, res)
  })
  await bind(server, port, (other) => `FC_CUSTOM_LISTEN_PORT=${other}`)
  return {
    url: `http://127.0.0.1:${portOf(server)}/2023-03-30/functions/function/invocations`,
    async stop() {
      server.close()
      await host.stop(STOP_GRACE_MS)
      server.closeAllConnections()
    },
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/**
 * The contract of a runtime's image, as `s local` uses it: one function, at
 * `POST /2023-03-30/functions/function/invocations`, whatever name is there. The body is the event. With
 * `X-Fc-Event-Type: HTTP` any method is taken, the event is made of the request with `X-Fc-HTTP-Path` as its path, and
 * the result is an HTTP response. Never rejects.
 * https://github.com/devsapp/fc3/tree/master/src/subCommands/local/impl
 */
function createRuntimeImage(
  host: FunctionHost,
  definition: FunctionDefinition,
  addedHeaders: ImageSettings['addedHeaders'],
) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const requestId = header(req, 'x-fc-request-id') || newRequestId(new Date())
    const fail = (status: number, code: string, message: string) => sendError(res, status, code, message, requestId)
    const isHttp = header(req, 'x-fc-event-type').toUpperCase() === 'HTTP'
    const body = await readBody(req, MAX_BODY_BYTES).catch(() => 'gone' as const)
    if (body === 'gone') return

    if (functionName(req.url ?? '') === undefined)
      return fail(404, 'PathNotSupported', 'The only path is /2023-03-30/functions/function/invocations.')
    if (req.method !== 'POST' && !isHttp)
      return fail(405, 'MethodNotAllowed', 'Without X-Fc-Event-Type: HTTP, functions are invoked with POST.')
    if (body === undefined) return fail(413, 'PayloadTooLarge', `The event may have ${MAX_BODY_BYTES} bytes.`)

    const { accountId, region } = definition.context
    const place = { accountId, region, requestId, now: new Date(), ...(addedHeaders && { addedHeaders }) }
    const event = isHttp ? Buffer.from(JSON.stringify(toHttpEvent(unwrap(req), body, place))) : body
    const options = { tail: wantsLog(req), overrides: readRequestHeaders(req, definition) }
    const recorded = await recordInvocation(host, event, requestId, options).catch(() => undefined)
    if (!recorded) return fail(503, 'ServiceUnavailable', 'The function takes no more requests.')
    if (isHttp) answerHttp(res, recorded)
    else sendResult(res, recorded)
  }
}

function header({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? '')
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

/**
 * What a request to the image says of the function, as Function Compute does and `s local invoke` too: it goes before
 * the image's variables. What is absent, empty or no number is left out.
 */
function readRequestHeaders(req: IncomingMessage, variables: FunctionDefinition): Partial<FunctionDefinition> {
  const text = (name: string) => header(req, name)
  const number = (name: string) => (Number(text(name)) > 0 ? Number(text(name)) : undefined)

  const name = text('x-fc-function-name')
  const handler = text('x-fc-function-handler')
  const memoryMb = number('x-fc-function-memory')
  const timeout = number('x-fc-function-timeout')
  const initializer = text('x-fc-function-initializer')
  const initializationTimeout = number('x-fc-initialization-timeout') ?? DEFAULT_INITIALIZATION_TIMEOUT_S
  return {
    ...(name && { name }),
    ...(handler && { handler }),
    ...(memoryMb && { memoryMb }),
    ...(timeout && { timeoutMs: timeout * 1000 }),
    ...(initializer && { initializer: { handler: initializer, timeoutMs: initializationTimeout * 1000 } }),
    context: readContext(text, variables.context),
  }
}

function readContext(text: (name: string) => string, variables: FunctionDefinition['context']) {
  const accessKeyId = text('x-fc-access-key-id')
  const accessKeySecret = text('x-fc-access-key-secret')
  const securityToken = text('x-fc-security-token')
  return {
    ...variables,
    region: text('x-fc-region') || variables.region,
    accountId: text('x-fc-account-id') || variables.accountId,
    ...(accessKeyId &&
      accessKeySecret && {
        credentials: { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) },
      }),
  }
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
