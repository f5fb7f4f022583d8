import { type Clock, systemClock } from '../emulator/clock'

const SLOW_MS = 2_000

/** Says a line when the work takes so long that it might be taken for a hang; on stderr, as stdout may go into a file. */
export async function sayWhenSlow<T>(
  line: string,
  work: Promise<T>,
  clock: Pick<Clock, 'after'> = systemClock,
  say: (line: string) => void = console.error,
): Promise<T> {
  const cancel = clock.after(SLOW_MS, () => say(line))
  try {
    return await work
  } finally {
    cancel()
  }
}
