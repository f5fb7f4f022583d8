import type { Clock } from '../clock'
import type { LogFields } from '../logging'
import { EVENTS_PER_BATCH } from './batches'
import type { OutgoingEvent } from './cloudEvent'
import { EventBridgeUnavailable } from './errors'
import { type PutEvents, publish } from './publish'

/** Before another try, each twice as long as the one before: whoever publishes thousands does not give up at the first. */
const FIRST_PAUSE_MS = 1000
const MAX_TRIES = 4

/** Publishes many events, of which few are known at a time. */
export interface Publisher {
  /** Takes events, and publishes what makes full batches. */
  add(events: readonly OutgoingEvent[]): Promise<void>
  /** Publishes what is left. */
  flush(): Promise<void>
  /** how many EventBridge has taken */
  published(): number
  /** those that EventBridge refuses as invalid, and would refuse for ever, by their codes */
  refused(): readonly string[]
}

/**
 * A publisher whose every method throws, when EventBridge takes an event neither now nor after some tries.
 * An event may be published twice: the same one, by source and id.
 */
export function createPublisher(putEvents: PutEvents, clock: Clock): Publisher {
  const waiting: OutgoingEvent[] = []
  const codes: string[] = []
  let count = 0

  async function send(events: readonly OutgoingEvent[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      const { refused, failure } = await publish(events, putEvents)
      if (failure === undefined) {
        count += events.length - refused.length
        codes.push(...refused.map(({ code }) => code))
        return
      }
      if (!(failure instanceof EventBridgeUnavailable) || tries === MAX_TRIES) throw failure
      await new Promise<void>((resolve) => clock.after(FIRST_PAUSE_MS * 2 ** (tries - 1), resolve))
    }
  }

  return {
    async add(events) {
      waiting.push(...events)
      while (waiting.length >= EVENTS_PER_BATCH) await send(waiting.splice(0, EVENTS_PER_BATCH))
    },
    async flush() {
      while (waiting.length > 0) await send(waiting.splice(0, EVENTS_PER_BATCH))
    },
    published: () => count,
    refused: () => codes,
  }
}

/** What the log says of the events that EventBridge refuses for ever; undefined when there are none. */
export function setAside(publisher: Pick<Publisher, 'refused'>): LogFields | undefined {
  const codes = publisher.refused()
  if (codes.length === 0) return undefined
  return { outcome: 'set_aside', count: codes.length, code: [...new Set(codes)].join(' ') }
}
