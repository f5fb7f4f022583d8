import { errorCode } from '../../shared/errorCode'
import { isObject } from '../../shared/isObject'
import { ApiError } from '../api/apiError'

/** Its message may hold data, its code does not. */
export function unreachable(code: string, who: string, error: unknown): never {
  // fetch puts the system's error into its own
  const cause = isObject(error) ? error['cause'] : undefined
  throw new ApiError(502, code, `${who} did not answer (${errorCode(error) ?? errorCode(cause) ?? 'unexpected'}).`)
}
