import { EventBridgeUnavailable, EventInvalid, eventBridgeError } from '../../shared/eventbridge/errors'
import { isFailed, type PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import { HttpError } from './httpError'
import type { OutgoingEvent } from './toCloudEvent'

/** Sends one event's JSON text to the bus; EventInvalid or EventBridgeUnavailable when that fails. */
export type PutEvent = (eventJson: string) => Promise<PutEventsAnswer>

/**
 * Publishes the event and returns EventBridge's own answer, once EventBridge has said yes for this very entry.
 * @throws HttpError 400 when EventBridge says that the event is invalid, else 503: DingTalk sends it again
 */
export async function publish(event: OutgoingEvent, putEvent: PutEvent): Promise<PutEventsAnswer> {
  try {
    const answer = await putEvent(event.json)
    const failed = answer.EntryList.find(isFailed)
    if (failed) throw eventBridgeError(failed.ErrorCode ?? '', `EventBridge refused the event: ${failed.ErrorCode}`)
    if (answer.FailedEntryCount > 0 || answer.EntryList.length === 0) {
      throw new EventBridgeUnavailable('NotAccepted', 'EventBridge did not confirm the event')
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
