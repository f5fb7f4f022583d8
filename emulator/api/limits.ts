export interface Limits {
  /** bytes of one event's JSON text */
  eventBytes: number
  eventsPerBatch: number
  /** bytes of a whole PutEvents body */
  batchBytes: number
}

/**
 * The newest limits of the service (https://help.aliyun.com/en/eventbridge/product-overview/limits). An older page of
 * PutEvents says 64 KB an event and 256 KB a batch, so a client does well to stay below those.
 */
export const defaultLimits: Limits = { eventBytes: 256 * 1024, eventsPerBatch: 16, batchBytes: 1024 * 1024 }
