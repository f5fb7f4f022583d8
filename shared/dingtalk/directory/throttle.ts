import type { Clock } from '../../clock'

/** Three side by side are well; six at once were refused (facts of projects that walk organisations). */
const CALLS_AT_ONCE = 3
/** A second, and what a clock of whole milliseconds and its timers may be off by. */
const SECOND_MS = 1010

interface Waiting {
  deadline: number
  start(): void
  expire(): void
}

interface Lane {
  waiting: Waiting[]
  running: number
  /** when the last calls ended */
  ended: number[]
  heldUntil: number
  cancelTimer?: (() => void) | undefined
}

export interface Throttle {
  /**
   * Does the work when it is its turn among those of this path.
   * @param expire makes the error for when that cannot be before the deadline
   */
  run<T>(path: string, deadline: number, expire: () => Error, work: () => Promise<T>): Promise<T>
  /** Nothing of this path begins before then. */
  hold(path: string, until: number): void
}

/**
 * A rate for each path that is never exceeded, however long calls are on their way: a call counts from when it begins to a
 * second after its answer, and at some moment between them it arrived. DingTalk counts 20 a second for an app and a path.
 */
export function createThrottle(callsPerS: number, clock: Clock): Throttle {
  const lanes = new Map<string, Lane>()
  const laneOf = (path: string) => {
    const lane = lanes.get(path) ?? { waiting: [], running: 0, ended: [], heldUntil: 0 }
    lanes.set(path, lane)
    return lane
  }

  function advance(lane: Lane): void {
    lane.cancelTimer?.()
    lane.cancelTimer = undefined
    const now = clock.now()
    const late = lane.waiting.filter(({ deadline }) => deadline <= Math.max(now, lane.heldUntil))
    if (late.length > 0) lane.waiting = lane.waiting.filter((item) => !late.includes(item))
    for (const { expire } of late) expire()
    // where the clock was set back, none ended after now
    lane.ended = lane.ended.filter((at) => at > now - SECOND_MS).map((at) => Math.min(at, now))
    while (lane.waiting.length > 0 && now >= lane.heldUntil && isFree(lane)) {
      lane.running++
      lane.waiting.shift()?.start()
    }
    const first = lane.ended[0]
    if (lane.waiting.length === 0) return
    const wake = now < lane.heldUntil ? lane.heldUntil : first === undefined ? undefined : first + SECOND_MS
    if (wake !== undefined) lane.cancelTimer = clock.after(wake - now, () => advance(lane))
  }

  const isFree = ({ running, ended }: Lane) => running < CALLS_AT_ONCE && running + ended.length < callsPerS

  return {
    run: (path, deadline, expire, work) =>
      new Promise((resolve, reject) => {
        const lane = laneOf(path)
        const start = () => {
          work()
            .then(resolve, reject)
            .finally(() => {
              lane.running--
              lane.ended.push(clock.now())
              advance(lane)
            })
        }
        lane.waiting.push({ deadline, start, expire: () => reject(expire()) })
        advance(lane)
      }),
    hold(path, until) {
      const lane = laneOf(path)
      lane.heldUntil = Math.max(lane.heldUntil, until)
      advance(lane)
    },
  }
}
