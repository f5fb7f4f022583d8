import fs from 'node:fs'
import { type DeadLetter, openEventStore, type Store, storeFileIn, type TraceFilter } from '../../emulator'
import { errorCode } from '../../shared/errorCode'
import { jsonFields } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { type Fate, onlyOnce, type Replayable } from './publish'

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
      reason: letter.error,
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
  const isOver = states.every((state) => ['delivered', 'set-aside', 'dead-lettered', 'dropped'].includes(state))
  return states.length > 0 && isOver ? 'refused' : undefined
}

/**
 * Works on the event store of the local stack. The running stack has it open too: SQLite's write-ahead log takes several
 * processes.
 * @param localDir LOCAL_DIR
 * @throws UserError when there is none, or when it cannot be read or written
 */
export async function withLocalStore<T>(localDir: string, work: (store: Store) => Promise<T>): Promise<T> {
  const file = storeFileIn(localDir)
  if (!fs.existsSync(file)) throw new UserError('The local stack has no events yet.')
  let store: Store | undefined
  try {
    store = await openEventStore(file)
    return await work(store)
  } catch (error) {
    const code = errorCode(error)
    if (!code?.startsWith('SQLITE_')) throw error
    throw new UserError(
      `The event store ${file} cannot be used (${code}). Run the command again, or restart npm start.`,
    )
  } finally {
    store?.close()
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * A moment in milliseconds since 1970: a time such as 2026-11-24T08:00:00+08:00, or how long ago, such as 30m, 2h, 1d.
 * @throws UserError
 */
export function readSince(text: string, now: number): number {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const time = number === undefined ? Date.parse(text) : now - Number(number) * (UNITS[unit] ?? 0)
  if (Number.isFinite(time) && /^\d/.test(text) && (number !== undefined || text.length >= 10)) return time
  throw new UserError('--since takes how long ago (30m, 2h, 1d) or a time (2026-11-24T08:00:00+08:00).')
}
