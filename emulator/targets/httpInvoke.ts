import { randomUUID } from 'node:crypto'
import { type Answer, type PostOptions, post } from './post'
import type { DeliveryResult, InvokeFunction } from './target'

/**
 * Invokes functions that are given as addresses by Function Compute's contract: `POST
 * <origin>/2023-03-30/functions/<name>/invocations`, or the address itself when it has a path. A function that fails is
 * answered 200 with the header x-fc-error-type.
 * https://help.aliyun.com/zh/functioncompute/fc/developer-reference/api-fc-2023-03-30-invokefunction
 * @param addresses by the function's name
 */
export function createHttpInvoke(
  addresses: ReadonlyMap<string, URL>,
  options: Pick<PostOptions, 'timeoutMs' | 'signal'>,
): InvokeFunction {
  return async function invoke(functionName, payload, { async, agents }) {
    const address = addresses.get(functionName)
    if (address === undefined) return { error: `no address is given for the function ${functionName}` }
    const path = `/2023-03-30/functions/${encodeURIComponent(functionName)}/invocations`
    const headers = {
      'content-type': 'application/octet-stream',
      'x-fc-invocation-type': async ? 'Async' : 'Sync',
      'x-fc-request-id': randomUUID(),
    }
    const url = address.pathname === '/' ? new URL(path, address) : address
    return toResult(await post(url, payload, { ...options, headers, agents }))
  }
}

function toResult({ status, headers, body }: Answer): DeliveryResult {
  const errorType = headers['x-fc-error-type']
  if (status >= 300) return { error: `HTTP ${status} ${codeOf(body)}`.trim() }
  if (errorType === undefined) return body === '' ? {} : { answer: body }
  return functionFailure(String(errorType), body)
}

/** Function Compute's own code for a refused request, such as FunctionNotFound. */
function codeOf(body: string): string {
  return /"Code":\s*"([A-Za-z.]{1,64})"/.exec(body)?.[1] ?? ''
}

/**
 * What came of a function that failed. Its own words may hold anything, such as the row that a database refused: of them
 * the error has no more than a code in brackets, such as (ECONNREFUSED); the whole is its answer, which is shown masked.
 * @param errorType of the header x-fc-error-type
 * @param body the function's error, as JSON
 */
export function functionFailure(errorType: string, body: string): DeliveryResult {
  const type = /^[A-Za-z]{1,64}$/.test(errorType) ? errorType : 'UnhandledInvocationError'
  const [, code] = /\(([A-Z][A-Z0-9_]{2,63})\)/.exec(body) ?? []
  return { error: code === undefined ? type : `${type} (${code})`, ...(body !== '' && { answer: body }) }
}
