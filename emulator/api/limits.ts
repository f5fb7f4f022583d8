import { EVENTS_PER_BATCH } from '../../shared/eventbridge/batches'
import { ApiError } from './refusal'

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
