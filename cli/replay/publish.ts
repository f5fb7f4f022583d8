import type { EventBridgeClient } from '../../shared/eventbridge/client'
import { EventInvalid } from '../../shared/eventbridge/errors'
import { isFailed } from '../../shared/eventbridge/putEventsAnswer'
import type { FcCredentials } from '../../shared/fc/types'
import type { Replayable } from './replayable'

/** EventBridge's older limits, which are the stricter ones (see emulator/api/limits.ts). */
const MAX_EVENTS = 16
const MAX_BYTES = 256 * 1024
const ANSWER_WITHIN_MS = 10_000

export interface Published {
  published: Replayable[]
  refused: { id: string; code: string }[]
}

/**
 * Publishes events again, in their order and unchanged. One that is refused holds up no other.
 * @throws EventBridgeUnavailable: what was published before stays published
 */
export async function publishAgain(
  client: Pick<EventBridgeClient, 'putEvents'>,
  credentials: FcCredentials,
  events: readonly Replayable[],
  report: (done: number) => void,
): Promise<Published> {
  const result: Published = { published: [], refused: [] }
  let done = 0
  for (const batch of inBatches(events)) {
    for (const event of batch) await event.begin()
    const codes = await refusalsOf(batch)
    for (const [index, event] of batch.entries()) {
      const code = codes[index]
      if (code === undefined) result.published.push(event)
      else {
        result.refused.push({ id: event.id, code })
        await event.giveUp()
      }
    }
    done += batch.length
    report(done)
  }
  return result

  /** The code of each that is refused. A batch that is refused as a whole, for one of them, is sent one by one. */
  async function refusalsOf(batch: readonly Replayable[]): Promise<(string | undefined)[]> {
    const texts = batch.map(({ json }) => json)
    try {
      const deadline = performance.now() + ANSWER_WITHIN_MS
      const { EntryList } = await client.putEvents(texts, { credentials, deadline })
      return batch.map((_, index) => {
        const entry = EntryList[index]
        return entry === undefined || isFailed(entry) ? (entry?.ErrorCode ?? 'NoAnswer') : undefined
      })
    } catch (error) {
      if (!(error instanceof EventInvalid)) throw error
      if (batch.length === 1) return [error.code]
      const codes: (string | undefined)[] = []
      for (const event of batch) codes.push(...(await refusalsOf([event])))
      return codes
    }
  }
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
