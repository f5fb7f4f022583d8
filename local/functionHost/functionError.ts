import { inspect, types } from 'node:util'

/**
 * What Function Compute answers for a function that failed. Only an error that was thrown has a type and a stack.
 * https://www.alibabacloud.com/help/en/functioncompute/fc/error-handling-nodejs
 */
export interface FunctionError {
  errorMessage: string
  errorType?: string
  stackTrace?: string[]
}

export function describeError(error: unknown): FunctionError {
  if (!types.isNativeError(error)) return { errorMessage: typeof error === 'string' ? error : inspect(error) }
  return { errorMessage: error.message, errorType: error.name, stackTrace: error.stack?.split('\n') ?? [] }
}
