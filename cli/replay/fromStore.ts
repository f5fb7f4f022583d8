import type { Store } from '../../emulator/store/store'
import type { TraceFilter } from '../../emulator/store/traceFilter'
import { onlyOnce, type Replayable } from './replayable'

const PAGE = 200
const nothing = async () => {}

/** The events that the embedded EventBridge has received, the oldest first. */
export function recordedEvents(store: Pick<Store, 'traces'>, filter: TraceFilter): Replayable[] {
  const events: Replayable[] = []
  let before: number | undefined
  do {
    const page = store.traces.list({ ...filter, ...(before !== undefined && { before }) }, PAGE)
    for (const { source, id, json } of store.traces.findAll(page.map(({ seq }) => seq))) {
      events.push({ source, id, json, begin: nothing, end: nothing })
    }
    before = page.length === PAGE ? page.at(-1)?.seq : undefined
  } while (before !== undefined)
  return onlyOnce(events.reverse())
}

/** The events in its dead-letter queues; one that is published leaves the queue. */
export function queuedDeadLetters(store: Pick<Store, 'deadLetters'>): Replayable[] {
  return store.deadLetters.list().map(({ seq, json }) => {
    const { source, id } = JSON.parse(json) as { source: string; id: string }
    return {
      source,
      id,
      json,
      begin: nothing,
      async end(accepted) {
        if (accepted) store.deadLetters.remove(seq)
      },
    }
  })
}
