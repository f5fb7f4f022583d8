import { compilePattern, type Mapped, type MappedEvent, type MappedTable, type RuleState } from '../../emulator'
import { readRoster } from '../../functions/employees/readRoster'
import { type Evidence, toChanges } from '../../functions/employees/toChanges'
import { HttpError } from '../../functions/webhook/httpError'
import { isForEmployees } from '../../local/stack/ruleSlips'
import { errorMessage } from '../../shared/errorCode'
import type { EventSource } from '../../shared/eventbridge/cloudEvent'
import { parseLossless } from '../../shared/json'
import type { Mapping } from '../../shared/mapping/mapping'
import type { Defaults } from '../../shared/mapping/readKeys'
import { type Delivered, deliver } from './deliver'
import { rosterRow, tellRow } from './explainRow'
import { InputFault, readInput } from './readInput'
import { whyNotOfTable } from './whyNotOfTable'

/** What an event goes through. */
export interface MapProject {
  /** the tables of mapping.yaml */
  mappings: readonly Mapping[]
  /** as what the webhook publishes */
  source: EventSource
  /** DROP_FIELDS */
  dropFields: readonly string[]
  /** DINGTALK_AES_KEY */
  aesKeys: readonly string[]
  /** what stands in where an event names no corporation */
  defaults: Defaults
}

/** A rule of any bus: of another than the webhook's it counts where a rule brings the event there. */
export type MapRule = Pick<RuleState, 'bus' | 'rule' | 'enabled' | 'pattern'> & {
  targets: readonly Pick<RuleState['targets'][number], 'endpoint'>[]
  /** the variable without which its function is not deployed, where it is not set */
  onlyWith?: string | undefined
}

/**
 * What an event would do: which rules match it, which tables take it, and what would stand in their rows, and why. It is
 * read by what the webhook, the bus and the employees function read it by; no database is asked, so whether something
 * newer is there already is not known.
 * @param text what somebody has of an event: see readInput
 * @param now milliseconds
 */
export function mapEvent(text: string, project: MapProject, rules: readonly MapRule[], now: number): Mapped {
  try {
    const input = readInput(text, project.aesKeys)
    const { delivered, notes } = deliver(input, project, now)
    const judges = rules.map(compileRule)
    const events = delivered.map((one) => mapOne(one, project, judges, now))
    const dropped = [...new Set(delivered.flatMap((one) => one.dropped))]
    return { form: input.form, notes, dropped, events }
  } catch (error) {
    const nothing = { notes: [], dropped: [], events: [] }
    if (error instanceof InputFault) return { ...nothing, fault: { ...error.place, message: error.message } }
    if (!(error instanceof HttpError)) throw error
    return { ...nothing, fault: { line: 1, column: 1, message: `is refused by the webhook: ${error.message}` } }
  }
}

function mapOne(delivered: Delivered, project: MapProject, judges: readonly Judge[], now: number): MappedEvent {
  const { event, id, text } = delivered.event
  const { busName } = project.source
  const judged = judgeOnBuses(parseLossless(text) as object, busName, judges)
  const { type, time } = event
  return {
    id,
    type: typeof type === 'string' ? type : '',
    ...(typeof time === 'string' && { time }),
    rules: judged.map(({ rule: { bus, rule }, why }) => ({
      rule: bus === busName ? rule : `${rule} of bus ${bus}`,
      ...(why !== undefined && { why }),
    })),
    isBrought: judged.some(({ rule, why }) => why === undefined && isForEmployees(rule.targets)),
    tables: project.mappings.map((mapping) => mapTable(delivered, mapping, project, now)),
  }
}

interface Judge {
  rule: MapRule
  /** why an event is none of the rule's, as the embedded EventBridge says it */
  whyNot(event: unknown): string | undefined
}

interface Judged {
  rule: MapRule
  why: string | undefined
}

/** On the webhook's bus, and on each that a rule which matches brings it to. */
function judgeOnBuses(event: object, first: string, judges: readonly Judge[]): Judged[] {
  const reached = new Set([first])
  const judged: Judged[] = []
  for (const bus of reached) {
    const there = { ...event, aliyuneventbusname: bus }
    for (const { rule, whyNot } of judges.filter((judge) => judge.rule.bus === bus)) {
      const why = whyNot(there)
      judged.push({ rule, why })
      const buses = rule.targets.map(({ endpoint }) => /^acs:eventbridge:.*:eventbus\/(.+)$/.exec(endpoint)?.[1])
      if (why === undefined) for (const other of buses) if (other !== undefined) reached.add(other)
    }
  }
  return judged
}

/** Once for all events: a push has hundreds. */
function compileRule(rule: MapRule): Judge {
  const { enabled, pattern, onlyWith } = rule
  const never = (why: string): Judge => ({ rule, whyNot: () => why })
  if (onlyWith !== undefined) return never(`the rule is not made without ${onlyWith}`)
  if (!enabled) return never('the rule is disabled')
  try {
    return { rule, whyNot: compilePattern(parseLossless(pattern)).whyNot }
  } catch (error) {
    return never(`the pattern is refused: ${errorMessage(error)}`)
  }
}

/** As `read` of employees.ts. */
function mapTable(
  { event, undropped, dropped }: Delivered,
  mapping: Mapping,
  project: MapProject,
  now: number,
): MappedTable {
  const { table } = mapping
  const { defaults } = project
  const roster = readRoster(event, mapping, defaults, now)
  if (roster !== undefined) {
    return 'faults' in roster
      ? { table, faults: roster.faults, rows: [] }
      : { table, faults: [], rows: [rosterRow(roster, mapping)] }
  }
  const evidence: Evidence[] = []
  const { changes, faults } = toChanges(event, mapping, defaults, now, (seen) => evidence.push(seen))
  if (changes.length + faults.length === 0) return { table, why: whyNotOfTable(event, mapping), faults: [], rows: [] }
  const before = undropped && toChanges(undropped, mapping, defaults, now).changes
  const rows = changes.flatMap((change, at) => {
    const seen = evidence.find(({ key }) => key === change.key)
    const inFull = before?.find(({ key }, index) => index >= at && String(key) === String(change.key))
    return seen === undefined ? [] : [tellRow(change, seen, mapping, { inFull, names: dropped })]
  })
  return { table, faults: [...new Set(faults)], rows }
}
