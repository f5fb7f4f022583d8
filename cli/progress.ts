import { type Clock, systemClock } from '../shared/clock'

interface Output {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** What a work knows better than when it began. */
interface Known {
  what?: string
  total?: number
}

interface ProgressOptions {
  /** how much there is to do, where that is known */
  total?: number
  output?: Output
  clock?: Clock
}

/** What is over before this says nothing. */
const SILENT_MS = 3_000
const REWRITE_MS = 200
/** For a log, where each line stays. */
const LINE_MS = 10_000

/**
 * Tells how far a long work is, on stderr, so that stdout is what it was asked for: at a terminal a line that is rewritten
 * and goes at the end, elsewhere a line every ten seconds.
 * @param what it is, such as `sending`
 * @param work gets a function that takes how much is done, and what has become of the words and of the total
 */
export async function withProgress<T>(
  what: string,
  { total, output = process.stderr, clock = systemClock }: ProgressOptions,
  work: (report: (done: number, known?: Known) => void) => Promise<T>,
): Promise<T> {
  // a dumb one has no line that can be rewritten
  const isTerminal = output.isTTY === true && process.env['TERM'] !== 'dumb'
  let started = clock.now()
  let done = 0
  let known: Known = {}
  let hasLine = false
  let cancel = clock.after(SILENT_MS, tell)

  /** Also while nothing becomes done: a statement that takes minutes is no hang. */
  function tell(): void {
    const line = describe(known.what ?? what, done, known.total ?? total, clock.now() - started)
    output.write(isTerminal ? `\r\x1b[K${cut(line, (output.columns || 80) - 1)}` : `${line}\n`)
    hasLine = true
    cancel = clock.after(isTerminal ? REWRITE_MS : LINE_MS, tell)
  }

  try {
    return await work((count, now = known) => {
      // another part of the work, at a pace of its own
      if (count < done) started = clock.now()
      done = count
      known = now
    })
  } finally {
    cancel()
    if (isTerminal && hasLine) output.write('\r\x1b[K')
  }
}

/** Says so, since a number that is cut would be another one. */
function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
}

/** e.g. `sending: 1200 of 5000, 310/s, 12 s left` */
function describe(what: string, done: number, total: number | undefined, ms: number): string {
  // a purge counts rows that come meanwhile, too
  const count = total === undefined ? `${done}` : `${done} of ${Math.max(done, total)}`
  if (done === 0) return `${what}: ${total === undefined ? '' : `${count}, `}${duration(ms)} so far`
  const rate = (done * 1000) / ms
  const pace = rate >= 1 ? `${Math.round(rate)}/s` : `${duration(ms / done)} each`
  const left =
    total === undefined ? `${duration(ms)} so far` : `${duration(Math.max(0, total - done) * (ms / done))} left`
  return `${what}: ${count}, ${pace}, ${left}`
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
