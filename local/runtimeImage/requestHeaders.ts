import type { IncomingHttpHeaders } from 'node:http'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import { DEFAULT_INITIALIZATION_TIMEOUT_S } from './imageVariables'

/**
 * What a request to the image says of the function, as Function Compute does and `s local invoke` too: it goes before
 * the image's variables. What is absent, empty or no number is left out.
 */
export function readRequestHeaders(
  headers: IncomingHttpHeaders,
  variables: FunctionDefinition,
): Partial<FunctionDefinition> {
  const text = (name: string) => String(headers[name] ?? '')
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
