import { inBatches } from './batches'
import type { OutgoingEvent } from './cloudEvent'
import { EventBridgeUnavailable, EventInvalid, eventBridgeError } from './errors'
import { failureOf, type PutEventsAnswer, type PutEventsEntry } from './putEventsAnswer'

/** Sends a batch of events' JSON texts to the bus; EventInvalid or EventBridgeUnavailable when that fails. */
export type PutEvents = (events: readonly string[]) => Promise<PutEventsAnswer>

/** An event that cannot be published, now or later. */
export interface SetAside {
  id: string
  code: string
}

export interface Published {
  /** EventBridge's own answer, of all batches together */
  answer: PutEventsAnswer
  /** the events that EventBridge refuses as invalid, and would refuse for ever */
  refused: SetAside[]
  /** why an event was not taken that may be taken later, or what of ours went wrong; the first of several */
  failure: unknown
}

interface Outcome {
  id: string
  /** of its batch; undefined when that has none */
  answer?: PutEventsAnswer
  entry: PutEventsEntry
  error?: unknown
}

/** Offers every event to EventBridge, whatever becomes of the others. */
export async function publish(events: readonly OutgoingEvent[], putEvents: PutEvents): Promise<Published> {
  const outcomes = (await Promise.all(inBatches(events).map((batch) => offer(batch, putEvents)))).flat()
  const failed = outcomes.filter(({ error }) => error !== undefined)
  const refused = failed.flatMap(({ id, error }) => (error instanceof EventInvalid ? [{ id, code: error.code }] : []))
  return {
    answer: Object.assign({ RequestId: '' }, outcomes.find(({ answer }) => answer !== undefined)?.answer, {
      FailedEntryCount: failed.length,
      EntryList: outcomes.map(({ entry }) => entry),
    }),
    refused,
    failure: failed.find(({ error }) => !(error instanceof EventInvalid))?.error,
  }
}

/** One invalid event makes EventBridge refuse a whole request: it is looked for by halves, and the others go through. */
async function offer(batch: readonly OutgoingEvent[], putEvents: PutEvents): Promise<Outcome[]> {
  try {
    return outcomesOf(batch, await putEvents(batch.map(({ json }) => json)))
  } catch (error) {
    if (!(error instanceof EventInvalid) || batch.length === 1) {
      const code = error instanceof EventInvalid ? error.code : 'NotAccepted'
      return batch.map(({ id }) => ({ id, entry: { EventId: id, ErrorCode: code }, error }))
    }
    const middle = Math.ceil(batch.length / 2)
    const halves = [batch.slice(0, middle), batch.slice(middle)]
    return (await Promise.all(halves.map((half) => offer(half, putEvents)))).flat()
  }
}

function outcomesOf(batch: readonly OutgoingEvent[], answer: PutEventsAnswer): Outcome[] {
  const { EntryList: entries, FailedEntryCount: failedCount } = answer
  // more failures than entries that say so: any of the others may be meant
  const isConfirmed = failedCount <= entries.map(failureOf).filter((code) => code !== undefined).length
  return batch.map(({ id }, index) => {
    const entry = entries[index]
    const code = entry && failureOf(entry)
    if (entry === undefined || (code === undefined && !isConfirmed)) {
      const error = new EventBridgeUnavailable('NotAccepted', 'EventBridge did not confirm every event')
      return { id, answer, entry: { EventId: id, ErrorCode: error.code }, error }
    }
    if (code === undefined) return { id, answer, entry }
    return { id, answer, entry, error: eventBridgeError(code, `EventBridge refused the event: ${code}`) }
  })
}
