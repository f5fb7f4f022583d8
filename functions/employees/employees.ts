import { createHash } from 'node:crypto'
import { ConfigError } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import { deliveryFields } from '../../shared/eventbridge/deliveryFields'
import {
  contentOf,
  parseCloudEvents,
  type ReceivedEvent,
  type Unreadable,
} from '../../shared/eventbridge/parseCloudEvents'
import type { FcContext } from '../../shared/fc/types'
import { type LogFields, type Logger, whereFrom } from '../../shared/logging'
import { DEFAULT_LIMIT, type LeaverLimit } from '../../shared/mapping/leaverLimit'
import type { Mapping } from '../../shared/mapping/mapping'
import type { Defaults } from '../../shared/mapping/readKeys'
import { reasonOf } from './applyRoster'
import { DatabaseError, reactionTo } from './mysqlErrors'
import { type Roster, readRoster } from './readRoster'
import type { DeadLetter, Repository } from './repository'
import { type Change, toEmployeeChanges } from './toEmployeeChanges'

export interface EmployeesDependencies {
  mapping: Mapping
  defaults: Defaults
  repository: Repository
  /** MAX_LEAVERS, where mapping.yaml says nothing else */
  maxLeavers?: LeaverLimit
  /** LOG_HASH_KEY; without it no log line says whom an event is about */
  logHashKey: string | undefined
  /** milliseconds since 1970 */
  now(): number
  log: Logger
}

/** What became of a delivery, counted in events. */
export interface Summary {
  received: number
  stored: number
  /** not about an employee */
  ignored: number
  /** can never be stored; kept in dead_letters with the reason */
  deadLettered: number
  /** the columns that were left out, since their values cannot be read or do not fit; absent when none was */
  badValues?: string
}

/**
 * The rule's target: maps the events of a delivery to rows and stores them, safe under repeated, late and unordered
 * delivery. It throws only what a later try can mend (the database is down, busy or read-only), so that EventBridge
 * delivers again.
 */
export function createEmployees({
  mapping,
  defaults,
  repository,
  logHashKey,
  now,
  log,
  ...more
}: EmployeesDependencies) {
  const limit = mapping.roster?.limit ?? more.maxLeavers ?? DEFAULT_LIMIT

  /** @param allowLeavers how many of each roster an operator lets through, beside the limit */
  return async function employees(payload: Buffer, context: FcContext, allowLeavers = 0): Promise<Summary> {
    const started = performance.now()
    const { events, unreadable } = parseCloudEvents(payload)
    const summary: Summary = { received: events.length + unreadable.length, stored: 0, ignored: 0, deadLettered: 0 }
    const letters = new Map<ReceivedEvent | Unreadable, DeadLetter>()
    const bury = (item: ReceivedEvent | Unreadable, content: string, reason: string) => {
      if (!letters.has(item)) letters.set(item, letterOf(item, content, reason))
    }
    for (const item of unreadable) bury(item, item.text, item.reason)
    const changes: Change[] = []
    const rosters: Roster[] = []
    for (const event of events) {
      const roster = readRoster(event, mapping, defaults, now(), allowLeavers)
      if (roster !== undefined) {
        if ('faults' in roster) bury(event, contentOf(event), roster.faults.join('; '))
        else rosters.push(roster)
        continue
      }
      const reading = toEmployeeChanges(event, mapping, defaults, now())
      if (reading.changes.length + reading.faults.length === 0) summary.ignored++
      if (reading.faults.length > 0) bury(event, contentOf(event), [...new Set(reading.faults)].join('; '))
      changes.push(...reading.changes)
    }
    const badValues = new Set(changes.flatMap(({ unreadable: columns }) => columns))

    try {
      const { refused, unfit } = await repository.apply(changes)
      for (const { change, reason } of refused) bury(change.event, contentOf(change.event), reason)
      for (const column of unfit) badValues.add(column)
      for (const roster of rosters) await applyRoster(roster)
      await repository.bury([...letters.values()])
    } catch (error) {
      // its message names variables and no value, and is what whoever deploys must read
      if (error instanceof ConfigError) throw error
      const code = errorCode(error) ?? 'unexpected'
      log.error({ ...line(), outcome: 'failed', code, detail: code === 'unexpected' ? whereFrom(error) : undefined })
      // of the database's error nothing but code and number is left; any other's message may quote data
      const cause = error instanceof DatabaseError ? error : undefined
      throw new Error(`the employees could not be stored (${code})`, { cause })
    }
    const bad = namesOfBad()
    if (bad !== undefined) summary.badValues = bad
    summary.deadLettered = letters.size
    summary.stored = summary.received - summary.ignored - summary.deadLettered
    log.info({ ...line(), outcome: 'done', ...summary })
    return summary

    /** What the table refuses, a trigger say, refuses all of it: whoever is behind it has to be looked at by somebody. */
    async function applyRoster(roster: Roster): Promise<void> {
      try {
        const braked = await repository.applyRoster(roster, limit)
        if (braked === undefined) return
        bury(roster.event, roster.content, reasonOf(braked))
        const { leavers, range, most } = braked
        log.error({ ...line(), eventId: roster.event.id, outcome: 'brake', leavers, range, most })
      } catch (error) {
        const reaction = reactionTo(error)
        if (reaction !== 'refused' && reaction !== 'unfit') throw error
        bury(roster.event, roster.content, `the table refuses the roster (${errorCode(error)})`)
      }
    }

    function line(): LogFields {
      const ms = Math.round(performance.now() - started)
      return { requestId: context.requestId, ...deliveryFields(events, logHashKey), badValues: namesOfBad(), ms }
    }

    function namesOfBad(): string | undefined {
      return [...badValues].join(' ') || undefined
    }
  }
}

/** Two letters are one when source, id and content are the same: then the event came again. */
function letterOf({ id, source, text }: ReceivedEvent | Unreadable, content: string, reason: string): DeadLetter {
  const digest = createHash('sha256')
    .update(JSON.stringify([source, id, content]))
    .digest()
  return { digest, source, eventId: id, reason, event: text }
}
