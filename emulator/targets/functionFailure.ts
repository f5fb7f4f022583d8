import type { DeliveryResult } from './target'

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
