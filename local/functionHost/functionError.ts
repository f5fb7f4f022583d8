import { inspect } from 'node:util'

/**
 * What Function Compute answers for a function that failed. Only an error that was thrown has a type and a stack.
 * https://www.alibabacloud.com/help/en/functioncompute/fc/error-handling-nodejs
 */
export interface FunctionError {
  errorMessage: string
  errorType?: string
  stackTrace?: string[]
}

/** Goes by the shape, for an error that ended a worker thread reaches its parent as a plain object. */
export function describeError(error: unknown): FunctionError {
  if (typeof error === 'string') return { errorMessage: error }
  const { name, message, stack }: { name?: unknown; message?: unknown; stack?: unknown } = Object(error)
  if (typeof message !== 'string' || typeof stack !== 'string') return { errorMessage: inspect(error) }
  return { errorMessage: message, errorType: String(name), stackTrace: stack.split('\n') }
}
