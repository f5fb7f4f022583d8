/** One line of the answer, in the order of the request. */
export interface PutEventsEntry {
  EventId?: string
  TraceId?: string
  /** Absent or `Success` when the event was accepted. */
  ErrorCode?: string
  ErrorMessage?: string
}

/**
 * EventBridge's answer to PutEvents. HTTP 200 does not mean that every event was accepted: look at FailedEntryCount.
 * https://help.aliyun.com/zh/eventbridge/developer-reference/api-eventbridge-2020-04-01-putevents
 */
export interface PutEventsAnswer {
  RequestId: string
  ResourceOwnerAccountId?: string
  FailedEntryCount: number
  EntryList: PutEventsEntry[]
}

/** Some entries of accepted events carry the code `Success` (apache/rocketmq-eventbridge, EventDataHandler). */
export function isFailed(entry: PutEventsEntry): boolean {
  return entry.ErrorCode !== undefined && entry.ErrorCode !== '' && entry.ErrorCode !== 'Success'
}
