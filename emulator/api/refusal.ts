import { inspect } from 'node:util'
import { errorMessage } from '../../shared/errorCode'
import { isStoreFailure, type StoreHealth } from '../store/storeHealth'

/**
 * A refused request, of EventBridge's API or of the trace page: the status, and `{"code","message"}` in lower case. As
 * EventBridge refuses, nearly every business error is 409; its codes are those of
 * https://help.aliyun.com/zh/eventbridge/error-codes and of apache/rocketmq-eventbridge.
 */
export class ApiError extends Error {
  override name = 'ApiError' as const
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Of a body whose sender has gone: nobody gets to see it, and there is nothing to be told of. */
export function brokeOff(): never {
  throw new ApiError(400, 'IncompleteBody', 'The request broke off.')
}

/**
 * What a client is told of an error that was to be expected: a refusal, or a store that cannot be written, which is 503, as
 * clients try again, terraform by this code; undefined for any other.
 */
export function expectedRefusal(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error
  if (!isStoreFailure(error)) return undefined
  const message = `The event store cannot be written (${errorMessage(error)}). Nothing of this request was kept; try again.`
  return new ApiError(503, 'ServiceUnavailable', message)
}

/**
 * What a client is told of an error, by whichever API: of one that nobody expected no more than that there was one.
 * @param health is told of a store that fails
 * @param log takes what nobody expected, whole
 */
export function toRefusal(
  error: unknown,
  { health }: { health: Pick<StoreHealth, 'failed'> },
  log: (line: string) => void,
): ApiError {
  const expected = expectedRefusal(error)
  if (expected === undefined) log(inspect(error))
  if (expected?.status === 503) health.failed(error)
  return expected ?? new ApiError(500, 'InternalError', 'InternalError')
}
