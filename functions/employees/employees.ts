import { ConfigError } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import type { FcContext } from '../../shared/fc/types'
import { type LogFields, type Logger, whereFrom } from '../../shared/logging'
import type { Mapping } from '../../shared/mapping/mapping'
import { deliveryFields } from './logLine'
import { DatabaseError } from './mysqlErrors'
import { NeverStorable } from './neverStorable'
import { parseCloudEvents, rawEvent } from './parseCloudEvents'
import type { DeadLetter, Repository } from './repository'
import { type Change, type Defaults, toEmployeeChanges } from './toEmployeeChanges'

export interface EmployeesDependencies {
  mapping: Mapping
  defaults: Defaults
  repository: Repository
  /** LOG_HASH_KEY; without it no log line says whom an event is about */
  logHashKey: string | undefined
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
}

/**
 * The rule's target: maps the events of a delivery to rows and stores them, safe under repeated, late and unordered
 * delivery. It throws only what a later try can mend (the database is down, busy or read-only), so that EventBridge
 * delivers again.
 */
export function createEmployees({ mapping, defaults, repository, logHashKey, log }: EmployeesDependencies) {
  return async function employees(payload: Buffer, context: FcContext): Promise<Summary> {
    const started = performance.now()
    const { events, unreadable } = parseCloudEvents(payload)
    const summary: Summary = { received: events.length + unreadable.length, stored: 0, ignored: 0, deadLettered: 0 }
    const letters = unreadable.map((item) => letterFor(item, item.reason))
    const changes: Change[] = []
    for (const event of events) {
      try {
        const own = toEmployeeChanges(event, mapping, defaults)
        if (own.length === 0) summary.ignored++
        changes.push(...own)
      } catch (error) {
        if (!(error instanceof NeverStorable)) throw error
        letters.push(letterFor(event, error.message))
      }
    }

    try {
      const refused = await repository.apply(changes)
      letters.push(...refused.map(({ change, reason }) => letterFor(change.event, reason)))
      await repository.bury(letters)
    } catch (error) {
      // its message names variables and no value, and is what whoever deploys must read
      if (error instanceof ConfigError) throw error
      const code = errorCode(error) ?? 'unexpected'
      log.error({ ...line(), outcome: 'failed', code, detail: code === 'unexpected' ? whereFrom(error) : undefined })
      // of the database's error nothing but code and number is left; any other's message may quote data
      const cause = error instanceof DatabaseError ? error : undefined
      throw new Error(`the employees could not be stored (${code})`, { cause })
    }
    summary.deadLettered = new Set(letters.map(({ source, eventId }) => `${source} ${eventId}`)).size
    summary.stored = summary.received - summary.ignored - summary.deadLettered
    log.info({ ...line(), outcome: 'done', ...summary })
    return summary

    function line(): LogFields {
      const ms = Math.round(performance.now() - started)
      const badValues = [...new Set(changes.flatMap(({ unreadable }) => unreadable))].join(' ') || undefined
      return { requestId: context.requestId, ...deliveryFields(events, logHashKey), badValues, ms }
    }
    function letterFor(item: { id: string; source: string; index: number }, reason: string): DeadLetter {
      return { source: item.source, eventId: item.id, reason, event: rawEvent(payload, item.index) }
    }
  }
}
