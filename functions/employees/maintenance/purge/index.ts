import type { Database } from '../../../../shared/database'
import { UserError } from '../../../../shared/userError'
import { type Action, Interrupted } from '../action'
import { codeFor, toldWith } from '../confirmation'
import { countPurge, purgesOf, readDays } from './purgeLeft'
import { type Purge, runPurge } from './runPurge'

/** What is left for the statement under way, and for the answer. */
const RESERVE_MS = 5_000

/**
 * `{"maintenance":"purge","days":90}`: what `npm run migrate -- --purge-left 90` does, which asks before it erases. Here
 * the first invocation only counts, and tells the code that the second one needs.
 */
export const purge: Action = {
  keys: ['days', 'confirm'],
  grants: (tables) => `SELECT and UPDATE on ${tables}, and SELECT and DELETE on dead_letters`,
  async run({ days: wanted, confirm }, { mappings, instance, now, remainingMs }) {
    const days = readDays(wanted, 'days')
    const built = instance()
    const told = confirmedPurge(built, confirm, days, now())
    if (confirm !== undefined && told === undefined) throw new UserError(noSuchCode(days))

    const nowMs = told?.nowMs ?? now()
    const parts = purgesOf(mappings, days, nowMs)
    const counts = await countAll(built.database, parts)
    const lines = parts.map(({ what }, index) => `${what}: ${counts[index]}`)
    if (told === undefined || hasGrown(counts, told)) {
      const code = confirmationFor(built, { days, nowMs, counts }, now())
      const since = told === undefined ? [] : ['These are more than were told with that code.']
      return [...lines, ...since, howToErase(days, code)].join('\n')
    }
    return [...lines, await erase(built.database, parts, () => remainingMs() > RESERVE_MS)].join('\n')
  },
}

/** One after the other: an instance has one connection. */
async function countAll(database: Database, parts: readonly Purge[]): Promise<number[]> {
  const counts: number[] = []
  for (const part of parts) counts.push(await countPurge(database, part))
  return counts
}

/** They may be fewer: what an invocation before this one has erased. */
function hasGrown(counts: readonly number[], told: ToldPurge): boolean {
  return counts.some((count, index) => count > (told.counts[index] ?? 0))
}

async function erase(database: Database, parts: readonly Purge[], mayGoOn: () => boolean): Promise<string> {
  let before = 0
  let erased = 0
  const soFar = () => `${before + erased} rows are erased.`
  try {
    for (const part of parts) {
      erased = 0
      const isDone = await runPurge(database, part, {
        mayGoOn,
        report: (rows) => {
          erased = rows
        },
      })
      if (!isDone) return `${soFar()} The time is up: the same invocation, within ten minutes, goes on.`
      before += erased
    }
  } catch (cause) {
    throw new Interrupted(`${soFar()} The same invocation, within ten minutes, goes on.`, { cause })
  }
  return 'Erased.'
}

function howToErase(days: number, code: string): string {
  return `Nothing is erased yet. Within ten minutes: {"maintenance":"purge","days":${days},"confirm":"${code}"}`
}

function noSuchCode(days: number): string {
  return (
    `Nothing is erased: this instance of the function has told no such code for ${days} days in the last ten minutes. ` +
    'Each has codes of its own: leave confirm out to get one of this one, and use it at once. ' +
    `Where the database is within reach, npm run migrate -- --purge-left ${days} needs none.`
  )
}

/** A purge as it was told before anything was erased. */
export interface ToldPurge {
  days: number
  /** its time, from which the days count */
  nowMs: number
  /** how many rows each part of it held */
  counts: readonly number[]
}

/** See codeFor: it confirms this purge. */
export function confirmationFor(instance: object, purge: ToldPurge, now: number): string {
  return codeFor(instance, nameOf(purge.days), purge, now)
}

/** @returns undefined when this instance has told no such code for these days, or not of late */
export function confirmedPurge(instance: object, code: unknown, days: number, now: number): ToldPurge | undefined {
  return toldWith<ToldPurge>(instance, nameOf(days), code, now)
}

function nameOf(days: number): string {
  return `purge ${days}`
}
