import { createHash } from 'node:crypto'
import { ConfigError } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import { deliveryFields, toldId } from '../../shared/eventbridge/deliveryFields'
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
import { type Change, type Reading, toChanges } from './toChanges'

export interface EmployeesDependencies {
  /** the tables of mapping.yaml */
  mappings: readonly Mapping[]
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

/** What became of a delivery, counted in events: each is one of these, of however many tables it is. */
export interface Summary {
  received: number
  /** what it says is in each table that it is of */
  stored: number
  /** of no table */
  ignored: number
  /** of which something can never be stored, in one table at least; kept in dead_letters with the reason, a letter a table */
  deadLettered: number
  /** the columns that were left out, since their values cannot be read or do not fit; absent when none was */
  badValues?: string
}

/** What an operator says of a delivery. */
export interface Replaying {
  /** how many of each roster may be marked, beside the limit */
  allowLeavers?: number
  /** the only table that it goes to */
  table?: string
}

/** What a delivery says of one table. */
interface Share {
  mapping: Mapping
  changes: Change[]
  rosters: Roster[]
}

/** An attribute of the CloudEvent, beside `type`: the only table that it goes to. Nothing that a sender's body holds gets there. */
export const ONLY_TABLE = 'onlytable'

/**
 * The rule's target: maps the events of a delivery to rows and stores them, safe under repeated, late and unordered
 * delivery. An event goes to every table that knows it, and each takes or refuses it by itself. It throws only what a
 * later try can mend (the database is down, busy or read-only), so that EventBridge delivers again.
 */
export function createEmployees({
  mappings,
  defaults,
  repository,
  logHashKey,
  now,
  log,
  ...more
}: EmployeesDependencies) {
  return async function employees(payload: Buffer, context: FcContext, replaying: Replaying = {}): Promise<Summary> {
    const started = performance.now()
    const { events, unreadable } = parseCloudEvents(payload)
    const summary: Summary = { received: events.length + unreadable.length, stored: 0, ignored: 0, deadLettered: 0 }
    const letters = new Map<ReceivedEvent | Unreadable, Map<string, DeadLetter>>()
    const badValues = new Set<string>()
    const shares = mappings.map((mapping): Share => ({ mapping, changes: [], rosters: [] }))
    for (const item of unreadable) bury(item, '', item.text, item.reason)
    for (const event of events) {
      const only = replaying.table ?? event.event[ONLY_TABLE]
      const known = shares.filter(({ mapping }) => only === undefined || mapping.table === only)
      // all of them, not the first alone
      const taken = known.filter((share) => read(event, share))
      if (taken.length === 0) summary.ignored++
    }

    const failures: { table: string; error: unknown }[] = []
    try {
      for (const share of shares) {
        const { table } = share.mapping
        await store(share).catch((error) => failures.push({ table, error: ofTableAlone(error) }))
      }
      await repository.bury([...letters.values()].flatMap((ofEvent) => [...ofEvent.values()]))
      if (failures.length > 0) throw failures[0]?.error
    } catch (error) {
      // its message names variables and no value, and is what whoever deploys must read
      if (error instanceof ConfigError) throw error
      const code = errorCode(error) ?? 'unexpected'
      const detail = code === 'unexpected' ? whereFrom(error) : undefined
      const isOfTables = mappings.length > 1 && failures[0]?.error === error
      const table = isOfTables ? failures.map((failure) => failure.table).join(' ') : undefined
      log.error({ ...line(), outcome: 'failed', table, code, detail })
      // of the database's error nothing but code and number is left; any other's message may quote data
      const cause = error instanceof DatabaseError ? error : undefined
      const where = table === undefined ? '' : ` in ${table}`
      throw new Error(`the employees could not be stored (${code})${where}`, { cause })
    }
    const bad = namesOfBad()
    if (bad !== undefined) summary.badValues = bad
    summary.deadLettered = letters.size
    summary.stored = summary.received - summary.ignored - summary.deadLettered
    log.info({ ...line(), outcome: 'done', ...summary })
    return summary

    /** @returns whether the event is of this table */
    function read(event: ReceivedEvent, { mapping, changes, rosters }: Share): boolean {
      const roster = readRoster(event, mapping, defaults, now(), replaying.allowLeavers)
      if (roster !== undefined) {
        if ('faults' in roster) bury(event, mapping.table, contentOf(event), roster.faults.join('; '))
        else rosters.push(roster)
        return true
      }
      const reading = readChanges(event, mapping)
      if (reading.faults.length > 0) {
        bury(event, mapping.table, contentOf(event), [...new Set(reading.faults)].join('; '))
      }
      for (const change of reading.changes) {
        changes.push(change)
        for (const column of change.unreadable) noteBad(mapping, column)
      }
      return reading.changes.length + reading.faults.length > 0
    }

    /** What the code itself is at a loss with would come again for ever, and its neighbours with it. */
    function readChanges(event: ReceivedEvent, mapping: Mapping): Reading {
      try {
        return toChanges(event, mapping, defaults, now())
      } catch (error) {
        log.error({
          ...line(),
          eventId: toldId(event),
          table: mapping.table,
          outcome: 'unreadable',
          detail: whereFrom(error),
        })
        return { changes: [], faults: ['the code cannot read it; its place is in the log'] }
      }
    }

    async function store({ mapping, changes, rosters }: Share): Promise<void> {
      if (changes.length > 0) {
        const { refused, unfit } = await repository.apply(changes, mapping)
        for (const { change, reason } of refused) bury(change.event, mapping.table, contentOf(change.event), reason)
        for (const column of unfit) noteBad(mapping, column)
      }
      for (const roster of rosters) await applyRoster(roster, mapping)
    }

    /** What the table refuses, a trigger say, refuses all of it: whoever is behind it has to be looked at by somebody. */
    async function applyRoster(roster: Roster, mapping: Mapping): Promise<void> {
      const { table } = mapping
      try {
        const limit = mapping.roster?.limit ?? more.maxLeavers ?? DEFAULT_LIMIT
        const braked = await repository.applyRoster(roster, mapping, limit)
        if (braked === undefined) return
        bury(roster.event, table, roster.content, reasonOf(braked))
        const { leavers, range, most } = braked
        log.error({ ...line(), eventId: toldId(roster.event), table, outcome: 'brake', leavers, range, most })
      } catch (error) {
        const reaction = reactionTo(error)
        if (reaction !== 'refused' && reaction !== 'unfit') throw error
        bury(roster.event, table, roster.content, `the table refuses the roster (${errorCode(error)})`)
      }
    }

    /** The first reason counts. */
    function bury(item: ReceivedEvent | Unreadable, table: string, content: string, reason: string): void {
      const ofEvent = letters.get(item) ?? new Map<string, DeadLetter>()
      letters.set(item, ofEvent)
      if (!ofEvent.has(table)) ofEvent.set(table, letterOf(item, table, content, reason))
    }

    /** By its name, and that of its table where there are several. */
    function noteBad({ table }: Mapping, column: string): void {
      badValues.add(mappings.length > 1 ? `${table}.${column}` : column)
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

/**
 * What one table has met, and the others need not, such as a column that it lacks: they take what is theirs all the same.
 * @throws whatever they would meet, too
 */
function ofTableAlone(error: unknown): unknown {
  const isServers = error instanceof DatabaseError && error.errno !== undefined
  if (!isServers || ['reconnect', 'failover'].includes(reactionTo(error))) throw error
  return error
}

/** Two letters are one when table, source, id and content are the same: then the event came again. */
function letterOf(
  { id, source, text }: ReceivedEvent | Unreadable,
  table: string,
  content: string,
  reason: string,
): DeadLetter {
  const digest = createHash('sha256')
    .update(JSON.stringify([source, id, content, ...(table === '' ? [] : [table])]))
    .digest()
  return { digest, table, source, eventId: id, reason, event: text }
}
