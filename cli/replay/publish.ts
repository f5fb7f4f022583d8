import type { EventBridgeClient } from '../../shared/eventbridge/client'
import { isFailed } from '../../shared/eventbridge/putEventsAnswer'
import type { FcCredentials } from '../../shared/fc/types'
import type { Replayable } from './replayable'

/** EventBridge's older limits, which are the stricter ones (see emulator/api/limits.ts). */
const MAX_EVENTS = 16
const MAX_BYTES = 256 * 1024
const ANSWER_WITHIN_MS = 10_000

export interface Refusal {
  id: string
  code: string
}

/**
 * Publishes events again, in their order and unchanged. One that is refused holds up no other.
 * @returns those that EventBridge refused
 * @throws EventBridgeUnavailable: what was published before stays published
 */
export async function publishAgain(
  client: Pick<EventBridgeClient, 'putEvents'>,
  credentials: FcCredentials,
  events: readonly Replayable[],
  report: (published: number) => void,
): Promise<Refusal[]> {
  const refused: Refusal[] = []
  let published = 0
  for (const batch of inBatches(events)) {
    for (const event of batch) await event.begin()
    const texts = batch.map(({ json }) => json)
    const { EntryList } = await client.putEvents(texts, { credentials, deadline: performance.now() + ANSWER_WITHIN_MS })
    for (const [index, event] of batch.entries()) {
      const entry = EntryList[index]
      const accepted = entry !== undefined && !isFailed(entry)
      if (!accepted) refused.push({ id: event.id, code: entry?.ErrorCode ?? 'NoAnswer' })
      await event.end(accepted)
    }
    published += batch.length
    report(published)
  }
  return refused
}

function inBatches(events: readonly Replayable[]): Replayable[][] {
  const batches: Replayable[][] = []
  let bytes = 0
  for (const event of events) {
    const size = Buffer.byteLength(event.json)
    const last = batches.at(-1)
    if (last === undefined || last.length === MAX_EVENTS || bytes + size > MAX_BYTES) {
      batches.push([event])
      bytes = size
    } else {
      last.push(event)
      bytes += size
    }
  }
  return batches
}
