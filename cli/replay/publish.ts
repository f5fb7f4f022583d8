import { setTimeout as delay } from 'node:timers/promises'
import { ONLY_TABLE } from '../../functions/employees/employees'
import { inBatches } from '../../shared/eventbridge/batches'
import type { EventBridgeClient } from '../../shared/eventbridge/client'
import { EventInvalid } from '../../shared/eventbridge/errors'
import { contentOf, parseCloudEvents } from '../../shared/eventbridge/parseCloudEvents'
import { failureOf } from '../../shared/eventbridge/putEventsAnswer'
import type { FcCredentials } from '../../shared/fc/types'

/** What became of an event that was published again: its letter is gone, or it was set aside anew. */
export type Fate = 'done' | 'refused'

/** An event that can be published again, from wherever it was kept. */
export interface Replayable {
  source: string
  id: string
  /** the CloudEvent's JSON text, unchanged */
  json: string
  /** why it is where it is kept */
  reason?: string
  /** of a list of ids: whom it takes for gone, as the table is now */
  leavers?(): Promise<string[]>
  /** Called before it is published: from then on a new failure can be told from the old one. */
  begin(): Promise<void>
  /** Called when EventBridge refuses it. */
  giveUp(): Promise<void>
  /** Looks what became of it, and takes it from where it was kept once that is known; undefined while it is not. */
  fate(): Promise<Fate | undefined>
}

/**
 * The first of each source, id and content: an event that was published several times is replayed once, and one with
 * letters of several tables once for each of these.
 */
export function onlyOnce(events: readonly Replayable[]): Replayable[] {
  const seen = new Map<string, Set<unknown>>()
  return events.filter(({ source, id, json }) => {
    const [event] = parseCloudEvents(Buffer.from(json)).events
    const key = JSON.stringify([source, id, event && contentOf(event)])
    const table = event?.event[ONLY_TABLE]
    const tables = seen.get(key) ?? new Set()
    seen.set(key, tables)
    const isNew = tables.size === 0 || (table !== undefined && !tables.has(undefined) && !tables.has(table))
    if (isNew) tables.add(table)
    return isNew
  })
}

const ANSWER_WITHIN_MS = 10_000

interface Published {
  published: Replayable[]
  refused: { id: string; code: string }[]
}

/**
 * Publishes events again, in their order and unchanged. One that is refused holds up no other.
 * @throws EventBridgeUnavailable: what was published before stays published, and is published once more by the next run
 */
export async function publishAgain(
  client: Pick<EventBridgeClient, 'putEvents'>,
  credentials: FcCredentials,
  events: readonly Replayable[],
  report: (done: number) => void,
): Promise<Published> {
  const result: Published = { published: [], refused: [] }
  let done = 0
  for (const batch of inBatches(events)) {
    for (const event of batch) await event.begin()
    const codes = await refusalsOf(batch)
    for (const [index, event] of batch.entries()) {
      const code = codes[index]
      if (code === undefined) result.published.push(event)
      else {
        result.refused.push({ id: event.id, code })
        await event.giveUp()
      }
    }
    done += batch.length
    report(done)
  }
  return result

  /** The code of each that is refused. A batch that is refused as a whole, for one of them, is sent one by one. */
  async function refusalsOf(batch: readonly Replayable[]): Promise<(string | undefined)[]> {
    const texts = batch.map(({ json }) => json)
    try {
      const deadline = performance.now() + ANSWER_WITHIN_MS
      const { EntryList } = await client.putEvents(texts, { credentials, deadline })
      return batch.map((_, index) => {
        const entry = EntryList[index]
        return entry === undefined ? 'NoAnswer' : failureOf(entry)
      })
    } catch (error) {
      if (!(error instanceof EventInvalid)) throw error
      if (batch.length === 1) return [error.code]
      const codes: (string | undefined)[] = []
      for (const event of batch) codes.push(...(await refusalsOf([event])))
      return codes
    }
  }
}

const PAUSE_MS = 300

interface Fates {
  done: number
  /** they could not be stored, and were set aside anew */
  refused: number
  /** nothing is known of these: where they were kept they still are */
  open: Replayable[]
}

interface Waiting {
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
