import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import readline from 'node:readline'
import type { ChaosStack } from './stack'

/** Longer than the longest pause before another delivery. */
const PAST_RETRIES_MS = 15 * 60_000
/** In which something that is due would be over. */
const QUIET_MS = 8_000
/** What is pending even then is in the account. */
const MOST_STARTS = 30

/** Until nothing is pending: what waits for another try has its time after a start with a later clock. */
export async function drain(stack: ChaosStack, localDir: string): Promise<void> {
  for (let starts = 0; starts < MOST_STARTS; starts++) {
    if ((await pendingWhenQuiet(localDir)) === 0) return
    await stack.stop()
    stack.control({ shiftMs: stack.shiftMs() + PAST_RETRIES_MS })
    await stack.start()
  }
}

/** How many events wait once none has been over for a while. */
async function pendingWhenQuiet(localDir: string): Promise<number> {
  const script = path.join(__dirname, 'tellPending.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, localDir], {
    cwd: path.join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  let last = Number.POSITIVE_INFINITY
  let quietSince = performance.now()
  for await (const line of readline.createInterface({ input: child.stdout })) {
    if (Number(line) < last) quietSince = performance.now()
    last = Number(line)
    if (last === 0 || performance.now() - quietSince > QUIET_MS) break
  }
  child.kill('SIGKILL')
  await ended
  return last
}
