import { errorMessage } from '../../shared/errorCode'
import type { Clock } from '../clock'
import type { Retention } from './purge'
import type { Store } from './store'

const DAY_MS = 86_400_000

/** A week of events, and a quarter of a gigabyte. */
export const defaultRetention: Retention = { maxAgeMs: 7 * DAY_MS, maxBytes: 256 * 1024 * 1024 }

const EVERY_MS = 60_000
/** Between two chunks events are accepted and delivered. */
const BETWEEN_CHUNKS_MS = 50

/** Purges the store now and every minute, in chunks, until it is stopped. */
export function keepPurging(
  store: Pick<Store, 'purge'>,
  retention: Retention,
  clock: Clock,
  log: (line: string) => void,
): () => void {
  let cancel = () => {}
  let stopped = false

  async function purge(): Promise<void> {
    let forgotten = 0
    try {
      forgotten = await store.purge(retention, clock.now())
    } catch (error) {
      if (!stopped) log(`Old events could not be purged (${errorMessage(error)}). It is tried again in a minute.`)
    }
    if (!stopped) cancel = clock.after(forgotten > 0 ? BETWEEN_CHUNKS_MS : EVERY_MS, () => void purge())
  }

  void purge()
  return () => {
    stopped = true
    cancel()
  }
}
