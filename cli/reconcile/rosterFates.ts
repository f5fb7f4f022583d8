import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from '../../emulator'
import type { Tools } from '../../shared/dingtalk/directory/instance'
import { UserError } from '../../shared/userError'
import { localSettings } from '../localStack'
import { withProgress } from '../progress'
import { withLocalStore } from '../replay/fromStore'
import type { WalkTarget } from './target'

/** A delivery takes a second or two; one that is made again and again is not waited for. */
const WAIT_MS = 20_000
const PAUSE_MS = 200
const OVER = ['delivered', 'set-aside', 'dead-lettered', 'dropped']

/** Keeps the ids of the events that are rosters. */
export function noting(events: Tools['events'], ids: string[]): Tools['events'] {
  return {
    ...events,
    roster(...what) {
      const made = events.roster(...what)
      ids.push(made.id)
      return made
    },
  }
}

/**
 * What became of a walk's rosters, in a line: the event trace of the local stack tells. Of the cloud's, and of one that is
 * still on its way, it says who does.
 */
export async function tellRosters(ids: readonly string[], { isLocal, config }: WalkTarget): Promise<string> {
  const published = `${ids.length} lists of ids are published`
  const setAside = isLocal ? await countSetAside(ids, config.EVENT_BUS_NAME) : undefined
  if (setAside === undefined) {
    return `${published}; whether MAX_LEAVERS stops one shows when they arrive: npm run doctor (never stored)`
  }
  if (setAside === 0) return `${published} and have arrived; MAX_LEAVERS has stopped none`
  return `${published}; ${setAside} of them marked nobody. Why, and whom they take for gone: npm run replay -- --dead-letters --plan`
}

/** @returns undefined when not all of them have arrived */
async function countSetAside(ids: readonly string[], bus: string): Promise<number | undefined> {
  const wait = (store: Store) =>
    withProgress('waiting until they have arrived', { total: ids.length }, (report) =>
      awaitDeliveries(ids, bus, store, report),
    )
  try {
    return await withLocalStore(localSettings().localDir, wait)
  } catch (error) {
    // the walk is done, whatever the trace is
    if (error instanceof UserError) return undefined
    throw error
  }
}

async function awaitDeliveries(
  ids: readonly string[],
  bus: string,
  { traces }: Pick<Store, 'traces'>,
  report: (arrived: number) => void,
): Promise<number | undefined> {
  const until = performance.now() + WAIT_MS
  for (;;) {
    const states = ids.map((id) => traces.findById({ bus, id })[0]?.deliveries.map(({ state }) => state) ?? [])
    // no rule leads anywhere, or it is another EventBridge that has them
    if (states.some((ofOne) => ofOne.length === 0)) return undefined
    const arrived = states.filter((ofOne) => ofOne.every((state) => OVER.includes(state)))
    report(arrived.length)
    if (arrived.length === ids.length) {
      const lost = states.flat().filter((state) => state === 'dead-lettered' || state === 'dropped')
      return lost.length > 0 ? undefined : states.filter((ofOne) => ofOne.includes('set-aside')).length
    }
    if (performance.now() >= until) return undefined
    await delay(PAUSE_MS)
  }
}
