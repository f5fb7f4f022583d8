import path from 'node:path'
import type { PendingDelivery } from '../../emulator/store/dueDeliveries'
import type { AcceptedEvent } from '../../emulator/store/records'
import { openStore, type Store } from '../../emulator/store/store'
import type { EventTrace } from '../../emulator/store/traces'
import { nextTurn } from '../../shared/realTimers'
import type { ManualClock } from './manualClock'
import { temporaryFolder } from './temporaryFolder'

/** An accepted event with these fields; the rest is nothing in particular. */
export function acceptedEvent(fields: Partial<AcceptedEvent> & { id: string }): AcceptedEvent {
  return {
    bus: 'bus',
    source: 'my.source',
    type: 'my.type',
    traceId: 'trace',
    receivedAt: 1_000,
    json: JSON.stringify({ id: fields.id }),
    deliveries: [{ rule: 'rule', target: 'target' }],
    mismatches: [],
    ...fields,
  }
}

/** Called where the tests of a file are defined: makes stores in a folder that is gone after them. */
export function temporaryStores(): () => Store {
  const folder = temporaryFolder()
  let files = 0
  return () => openStore(path.join(folder, `${++files}.db`))
}

/** Has a turned clock wait for the disk, too: for what is written, and for what follows from that. */
export function waitForDisk(clock: ManualClock, store: () => Pick<Store, 'written'>): void {
  clock.waitFor(async () => {
    for (let turn = 0; turn < 20; turn++) {
      await store().written()
      await new Promise<void>((resolve) => nextTurn(resolve))
    }
  })
}

/** Everything that is to be delivered, lane by lane, in order of arrival. */
export function pendingDeliveries(store: Store): PendingDelivery[] {
  return store.pendingLanes().flatMap((lane) => store.next(lane, 'arrival', 10_000, []))
}

/** Everything that the store knows, in order of arrival. */
export function tracesOf(store: Store): EventTrace[] {
  const newestFirst = store.traces.list({}, 10_000).map(({ seq }) => seq)
  return store.traces.findAll(newestFirst.reverse())
}
