import { inspect } from 'node:util'
import type { Clock } from '../../shared/clock'
import { errorMessage } from '../../shared/errorCode'
import { EVENTS_PER_BATCH } from '../../shared/eventbridge/batches'
import type { Resources } from '../resources/resources'
import type { Store } from '../store/store'
import { isStoreFailure, type StoreHealth } from '../store/storeHealth'
import type { Connections } from '../targets/target'

/** What operations work on. */
export interface ApiContext {
  resources: Resources
  /** what targets reach the world by; a target that they do not allow is refused */
  connections: Connections
  store: Pick<Store, 'accept' | 'traces' | 'periods' | 'unblock'>
  clock: Clock
  limits: Limits
  accountId: string
  region: string
  /** to be called when deliveries became due, or a rule changed */
  wake(): void
  /** is told when the store fails */
  health: Pick<StoreHealth, 'failed'>
}

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
  { health }: Pick<ApiContext, 'health'>,
  log: (line: string) => void,
): ApiError {
  const expected = expectedRefusal(error)
  if (expected === undefined) log(inspect(error))
  if (expected?.status === 503) health.failed(error)
  return expected ?? new ApiError(500, 'InternalError', 'InternalError')
}

export interface Limits {
  /** bytes of one event's JSON text */
  eventBytes: number
  eventsPerBatch: number
  /** bytes of a whole request, whatever the operation */
  batchBytes: number
  /** beside the default bus */
  customBuses: number
  rulesPerBus: number
  targetsPerRule: number
  /** addresses or domains that an HTTP event source may list */
  httpSourceList: number
  /** what a list gives at most in one answer, and when no Limit is given */
  pageSize: number
}

/**
 * The newest limits of the service (https://help.aliyun.com/en/eventbridge/product-overview/limits; the page size is of
 * https://help.aliyun.com/en/eventbridge/listrules). An older page of PutEvents says 64 KB an event and 256 KB a batch,
 * so a client does well to stay below those.
 */
export const defaultLimits: Limits = {
  eventBytes: 256 * 1024,
  eventsPerBatch: EVENTS_PER_BATCH,
  batchBytes: 1024 * 1024,
  customBuses: 50,
  rulesPerBus: 50,
  targetsPerRule: 5,
  httpSourceList: 5,
  pageSize: 100,
}

/**
 * Called before another one is made.
 * @param count how many there are
 * @throws ApiError when there may be no more
 */
export function refuseOneTooMany(kind: 'Bus' | 'Rule' | 'Target', count: number, limit: number): void {
  if (count < limit) return
  const what = `event ${kind.toLowerCase()}`
  const message = `The current count of ${what} is [${count}], which will exceed the limit quota [${limit}]`
  throw new ApiError(409, `Event${kind}CountExceedLimit`, message)
}
