import { errorMessage } from '../../shared/errorCode'
import { type CompiledPattern, compilePattern } from '../pattern/compilePattern'
import { ApiError } from './apiError'

/**
 * Compiles a pattern that came as JSON text.
 * @throws ApiError with the reason
 */
export function readPattern(text: string): CompiledPattern {
  if (text.trim() === '') throw new ApiError(409, 'EventRuleFilterPatternEmpty', 'The filter pattern is empty!')
  try {
    return compilePattern(JSON.parse(text))
  } catch (error) {
    const message = `The filter pattern schema is error! ${errorMessage(error)}`
    throw new ApiError(409, 'EventRuleFilterPatternSchemaError', message)
  }
}
