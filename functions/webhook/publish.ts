import { EventBridgeUnavailable, EventInvalid, eventBridgeError } from '../../shared/eventbridge/errors'
import { isFailed, type PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import { HttpError } from './httpError'
import type { OutgoingEvent } from './toCloudEvent'

/** Sends a batch of events' JSON texts to the bus; EventInvalid or EventBridgeUnavailable when that fails. */
export type PutEvents = (events: readonly string[]) => Promise<PutEventsAnswer>

/** https://help.aliyun.com/zh/eventbridge/product-overview/limits */
const EVENTS_PER_BATCH = 16

/**
 * Publishes the events and returns EventBridge's own answer, once EventBridge has said yes for each of them.
 * @throws HttpError 400 when EventBridge says that an event is invalid, else 503: DingTalk sends it again
 */
export async function publish(
  events: readonly OutgoingEvent[],
  putEvents: PutEvents,
): Promise<PutEventsAnswer | undefined> {
  let answer: PutEventsAnswer | undefined
  for (let from = 0; from < events.length; from += EVENTS_PER_BATCH) {
    const batch = events.slice(from, from + EVENTS_PER_BATCH).map(({ json }) => json)
    const accepted = await putBatch(batch, putEvents)
    answer = { ...accepted, EntryList: [...(answer?.EntryList ?? []), ...accepted.EntryList] }
  }
  return answer
}

async function putBatch(batch: readonly string[], putEvents: PutEvents): Promise<PutEventsAnswer> {
  try {
    const answer = await putEvents(batch)
    const failed = answer.EntryList.find(isFailed)
    if (failed) throw eventBridgeError(failed.ErrorCode ?? '', `EventBridge refused the event: ${failed.ErrorCode}`)
    if (answer.FailedEntryCount > 0 || answer.EntryList.length < batch.length) {
      throw new EventBridgeUnavailable('NotAccepted', 'EventBridge did not confirm every event')
    }
    return answer
  } catch (error) {
    if (error instanceof EventInvalid) {
      throw new HttpError(400, error.code, 'EventBridge refused the event as invalid.', { cause: error })
    }
    if (error instanceof EventBridgeUnavailable) {
      throw new HttpError(503, error.code, error.message, { cause: error })
    }
    throw error
  }
}
