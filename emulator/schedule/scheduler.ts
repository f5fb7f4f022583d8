import type { Clock } from '../../shared/clock'
import { errorMessage } from '../../shared/errorCode'
import type { ScheduledParameters, SourceDefinition } from '../resources/definitions'
import { type Cron, parseCron } from './cron'

interface SchedulerOptions {
  /** every source that there is now */
  sources(): readonly SourceDefinition[]
  /** Publishes the event of this moment, unless that is done; resolves once it is on disk. */
  publish(source: ScheduledSource, tick: number): Promise<void>
  clock: Clock
  /** how often it is looked whether the clock was set; every minute, unless given */
  lookEveryMs?: number | undefined
  log(line: string): void
}

export type ScheduledSource = SourceDefinition & { scheduled: ScheduledParameters }

export interface Scheduler {
  /** Begins, and ever after takes up what was made, changed or removed. */
  refresh(): void
  /** Nothing is published any more; resolves once nothing is under way. */
  stop(): Promise<void>
}

/**
 * How late an event may be that is still published: a process that is busy is late, and one that slept, as a laptop does,
 * has missed what was due meanwhile, as it has what was due while it was down.
 */
const LATE_MS = 60_000
const LOOK_MS = 60_000
/** How long to wait for a store that fails. */
const AGAIN_MS = 1_000

/**
 * Publishes the events of scheduled event sources, each at its moments from now on. Where the clock is set back, moments
 * come again: `publish` knows which are done.
 */
export function createScheduler({ sources, publish, clock, log, lookEveryMs = LOOK_MS }: SchedulerOptions): Scheduler {
  /** by the source and its schedule: one that is changed begins anew */
  const running = new Map<string, { cancel(): void }>()
  const underWay = new Set<Promise<void>>()
  let stopped = false

  function refresh(): void {
    if (stopped) return
    const wanted = new Map(sources().flatMap((source) => (isScheduled(source) ? [[keyOf(source), source]] : [])))
    for (const [key, { cancel }] of running) {
      if (wanted.has(key)) continue
      cancel()
      running.delete(key)
    }
    for (const [key, source] of wanted) if (!running.has(key)) running.set(key, begin(source))
  }

  function begin(source: ScheduledSource): { cancel(): void } {
    let cancelTimer = () => {}
    let isOver = false
    const cancel = () => {
      isOver = true
      cancelTimer()
    }
    const cron = cronOf(source)
    if (cron !== undefined) waitFor(cron.next(clock.now()), cron)
    return { cancel }

    function waitFor(tick: number, cron: Cron): void {
      if (isOver) return
      cancelTimer = clock.after(Math.min(tick - clock.now(), lookEveryMs), () => {
        const now = clock.now()
        if (now < tick) waitFor(cron.next(now), cron)
        else if (now - tick >= LATE_MS) waitFor(cron.next(now - LATE_MS), cron)
        else publishNow(tick, cron)
      })
    }

    function publishNow(tick: number, cron: Cron): void {
      const publishing = publish(source, tick).then(
        () => waitFor(cron.next(tick), cron),
        () => {
          cancelTimer = isOver ? () => {} : clock.after(AGAIN_MS, () => waitFor(tick, cron))
        },
      )
      underWay.add(publishing)
      void publishing.then(() => underWay.delete(publishing))
    }
  }

  /** One that another version has taken: the others go on. */
  function cronOf({ name, scheduled }: ScheduledSource): Cron | undefined {
    try {
      return parseCron(scheduled.schedule, scheduled.timeZone)
    } catch (error) {
      log(`The event source ${name} publishes nothing. ${errorMessage(error)}`)
      return undefined
    }
  }

  return {
    refresh,
    async stop() {
      stopped = true
      for (const { cancel } of running.values()) cancel()
      await Promise.all(underWay)
    },
  }
}

function isScheduled(source: SourceDefinition): source is ScheduledSource {
  return source.scheduled !== undefined
}

function keyOf({ bus, name, scheduled }: ScheduledSource): string {
  return JSON.stringify([bus, name, scheduled.schedule, scheduled.timeZone, scheduled.userData])
}
