import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../shared/readBody'
import { newRequestId, send, sendError } from './fcGateway'
import type { FunctionHost } from './functionHost/functionHost'

/**
 * Function Compute's InvokeFunction, `POST /2023-03-30/functions/{name}/invocations`: the body is the event, the answer
 * the function's result. A function that fails is answered 200 too, with the header x-fc-error-type. Unsigned here, and
 * always synchronous. Never rejects.
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
    const body = await readBody(req, maxBodyBytes).catch(() => 'gone' as const)
    if (body === 'gone') return

    if (name === undefined)
      return fail(404, 'PathNotSupported', 'The only path is /2023-03-30/functions/{name}/invocations.')
    if (req.method !== 'POST') return fail(405, 'MethodNotAllowed', 'Functions are invoked with POST.')
    const host = functions.get(name)
    if (!host) return fail(404, 'FunctionNotFound', `function '${name}' does not exist`)
    if (body === undefined) return fail(413, 'PayloadTooLarge', `The event may have ${maxBodyBytes} bytes.`)

    const result = await host.invoke(body, requestId).catch(() => undefined)
    if (!result) return fail(503, 'ServiceUnavailable', 'The function takes no more requests.')
    const { errorType } = result
    const headers = {
      'content-type': errorType === undefined ? 'application/octet-stream' : 'application/json',
      'x-fc-request-id': requestId,
      ...(errorType !== undefined && { 'x-fc-error-type': errorType }),
    }
    send(res, 200, headers, result.body)
  }
}

function functionName(url: string): string | undefined {
  return /^\/2023-03-30\/functions\/([^/?]+)\/invocations(?:\?|$)/.exec(url)?.[1]
}
