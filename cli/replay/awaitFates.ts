import { setTimeout as delay } from 'node:timers/promises'
import type { Replayable } from './replayable'

const PAUSE_MS = 300

export interface Fates {
  done: number
  /** they could not be stored, and were set aside anew */
  refused: number
  /** nothing is known of these: where they were kept they still are */
  open: Replayable[]
}

export interface Waiting {
  /** how long to wait after the last one whose fate became known */
  waitMs: number
  /** takes of how many the fate is known */
  report(known: number): void
  now?: () => number
  pause?: (ms: number) => Promise<unknown>
}

/** EventBridge has them, but whether a rule leads to the function, and the function can store them, shows only later. */
export async function awaitFates(events: readonly Replayable[], waiting: Waiting): Promise<Fates> {
  const { waitMs, report, now = Date.now, pause = delay } = waiting
  const fates: Fates = { done: 0, refused: 0, open: [...events] }
  let waitUntil = now() + waitMs
  while (fates.open.length > 0) {
    const open: Replayable[] = []
    for (const event of fates.open) {
      const fate = await event.fate()
      if (fate === undefined) open.push(event)
      else fates[fate]++
    }
    if (open.length < fates.open.length) {
      waitUntil = now() + waitMs
      report(events.length - open.length)
    }
    fates.open = open
    if (open.length === 0 || now() >= waitUntil) break
    await pause(PAUSE_MS)
  }
  return fates
}
