import type { Clock } from '../../shared/clock'
import { errorMessage } from '../../shared/errorCode'
import { isStoreFailure } from './storeHealth'

export interface Retention {
  /** how long a finished event is kept */
  maxAgeMs: number
  /** how large the store may grow before the oldest finished events go */
  maxBytes: number
}

const DAY_MS = 86_400_000

/** A week of events, and a quarter of a gigabyte. */
export const defaultRetention: Retention = { maxAgeMs: 7 * DAY_MS, maxBytes: 256 * 1024 * 1024 }

const EVERY_MS = 60_000
/** Between two chunks events are accepted and delivered. */
const BETWEEN_CHUNKS_MS = 50

/** Purges the store now and again and again, in chunks, until it is stopped. */
export function keepPurging(
  store: { purge(retention: Retention, now: number): Promise<number> },
  retention: Retention,
  clock: Clock,
  log: (line: string) => void,
  everyMs = EVERY_MS,
): () => void {
  let cancel = () => {}
  let stopped = false

  async function purge(): Promise<void> {
    let forgotten = 0
    try {
      forgotten = await store.purge(retention, clock.now())
    } catch (error) {
      // that the store cannot be written is said once, whoever finds it
      if (!stopped && !isStoreFailure(error))
        log(`Old events could not be purged (${errorMessage(error)}). It is tried again.`)
    }
    if (!stopped) cancel = clock.after(forgotten > 0 ? BETWEEN_CHUNKS_MS : everyMs, () => void purge())
  }

  void purge()
  return () => {
    stopped = true
    cancel()
  }
}
