import { setTimeout as sleep } from 'node:timers/promises'
import { openEventStore, storeFileIn } from '../../emulator'

// A process of its own, which prints how many events still wait, again and again: SQLite lets go of a store only when the
// memory of it is reclaimed, and a stack that starts takes whoever has it open for another stack.

const EVERY_MS = 200

async function tell(localDir: string): Promise<void> {
  const store = await openEventStore(storeFileIn(localDir))
  for (;;) {
    const { pending = 0, retrying = 0, blocked = 0 } = store.traces.count({})
    process.stdout.write(`${pending + retrying + blocked}\n`)
    await sleep(EVERY_MS)
  }
}

void tell(process.argv[2] ?? '')
