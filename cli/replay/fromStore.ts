import type { DeadLetter } from '../../emulator/store/deadLetters'
import type { Store } from '../../emulator/store/store'
import type { TraceFilter } from '../../emulator/store/traceFilter'
import { jsonFields } from '../../shared/parseJson'
import { type Fate, onlyOnce, type Replayable } from './replayable'

const PAGE = 200
const nothing = async () => {}

/** The events that the embedded EventBridge has received, the oldest first. */
export function recordedEvents(store: Pick<Store, 'traces'>, filter: TraceFilter): Replayable[] {
  const events: Replayable[] = []
  let before: number | undefined
  do {
    const page = store.traces.list({ ...filter, ...(before !== undefined && { before }) }, PAGE)
    for (const { source, id, json } of store.traces.findAll(page.map(({ seq }) => seq))) {
      // they stay in the trace, whatever becomes of them
      events.push({ source, id, json, begin: nothing, giveUp: nothing, fate: async () => 'done' })
    }
    before = page.length === PAGE ? page.at(-1)?.seq : undefined
  } while (before !== undefined)
  return onlyOnce(events.reverse())
}

/**
 * The events in its dead-letter queues. One leaves the queue when the target that it could not be delivered to has it; or,
 * where that is forgotten, when every target of the event has it.
 */
export function queuedDeadLetters(store: Pick<Store, 'deadLetters' | 'traces'>): Replayable[] {
  return store.deadLetters.list().map((letter) => {
    const { json } = letter
    const fields = jsonFields(json)
    const event = { source: String(fields['source']), id: String(fields['id']) }
    const published = () => store.traces.findById({ bus: String(fields['aliyuneventbusname']), ...event })
    let last = 0
    return {
      ...event,
      json,
      async begin() {
        last = published()[0]?.seq ?? 0
      },
      giveUp: nothing,
      async fate() {
        const [again] = published()
        if (again === undefined || again.seq <= last) return undefined
        const states = again.deliveries.filter((delivery) => isOf(letter, delivery)).map(({ state }) => state)
        const fate = fateOf(states)
        // dropped, it is kept nowhere else
        if (fate !== undefined && !states.includes('dropped')) store.deadLetters.remove(letter.seq)
        return fate
      },
    }
  })
}

function isOf(letter: DeadLetter, { rule, target }: { rule: string; target: string }): boolean {
  return letter.rule === null || (letter.rule === rule && letter.target === target)
}

function fateOf(states: readonly string[]): Fate | undefined {
  if (states.length > 0 && states.every((state) => state === 'delivered')) return 'done'
  const isOver = states.every((state) => ['delivered', 'dead-lettered', 'dropped'].includes(state))
  return states.length > 0 && isOver ? 'refused' : undefined
}
