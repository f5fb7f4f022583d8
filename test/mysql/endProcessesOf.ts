import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Kills whatever runs with this temporary folder in its arguments, as servers do, or in its variables, as jest's workers
 * and what they started do; returns when all are gone.
 */
export async function endProcessesOf(folder: string): Promise<void> {
  for (;;) {
    const pids = await processesOf(folder)
    if (pids.length === 0) return
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it has ended in the meantime
      }
    }
    await delay(20)
  }
}

async function processesOf(folder: string): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const texts = ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''))
    if (pid !== process.pid && (await Promise.all(texts)).some((text) => text.includes(folder))) found.push(pid)
  }
  return found
}
