import type { MappedColumn, MappedRow } from '../../emulator'
import type { Roster } from '../../functions/employees/readRoster'
import { saidTime, sequenceOf } from '../../functions/employees/timeOf'
import { type Change, type Evidence, firstSource, sourcesOf } from '../../functions/employees/toChanges'
import type { SqlValue } from '../../shared/database'
import { foldName } from '../../shared/dropFields/fieldNames'
import { stringifyLossless } from '../../shared/json'
import { tellJsonPath } from '../../shared/jsonPath'
import { type Column, ITEM, type JsonPath, type Mapping, pathsOf, type Source } from '../../shared/mapping/mapping'
import { readField } from '../../shared/mapping/readKeys'
import { own } from '../../shared/mapping/ruleOf'

interface Dropping {
  /** what the event would say with the fields that DROP_FIELDS removes */
  inFull: Change | undefined
  /** of these fields */
  names: readonly string[]
}

/** The row that a change would write, with the reason of each column. */
export function tellRow(change: Change, evidence: Evidence, mapping: Mapping, dropping: Dropping): MappedRow {
  const { time, rule, event } = evidence
  const said = saidTime(mapping, event)
  return {
    key: keyOf(change.key, mapping),
    version: {
      time,
      stage: rule.stage ?? 0,
      sequence: String(sequenceOf(mapping, event)),
      timeIs: said === undefined ? 'arrival' : said > time ? 'ahead' : 'said',
    },
    columns: mapping.columns.map((column, at): MappedColumn => {
      const { name } = column
      const value = change.values[at]
      const source = sourceOf(column, evidence)
      const from = source && tellSource(source, column, evidence, mapping)
      const bad = change.unreadable.includes(name) ? whyBad(column, evidence) : undefined
      if (value !== undefined) {
        const why = bad ?? (source === undefined ? takenBack(name, rule.clears) : undefined)
        return { name, value: shown(value, column), ...(from && { from }), ...(why && { why }) }
      }
      return { name, ...(from && { from }), why: bad ?? whyAbsent(column, at) }
    }),
  }

  function whyAbsent(column: Column, at: number): string {
    if (sourceOf(column, evidence) !== undefined) return 'is empty, which keeps the column as it is (empty: keep)'
    const since = mapping.ended.find(({ column: ended }) => ended === at)?.since
    const name = since === undefined ? undefined : mapping.columns[since]?.name
    const isCleared = since !== undefined && change.values[since] === null
    if (dropping.inFull?.values[at] !== undefined) return `DROP_FIELDS removes ${removed(column).join(', ')}`
    if (isCleared) return `is not said: unknown (NULL) where ${name} was set`
    if (evidence.failed !== undefined) return 'the event reports an error: its fields say nothing'
    return column.from.length === 0 ? 'only other events set it' : `nothing at ${searched(column, mapping)}`
  }

  function removed(column: Column): string[] {
    const steps = new Set(
      column.from
        .flatMap(pathsOf)
        .flat()
        .map((step) => foldName(String(step))),
    )
    const named = dropping.names.filter((name) => steps.has(foldName(name)))
    return named.length > 0 ? named : [...dropping.names]
  }
}

/** The row of each whom a roster does not name. */
export function rosterRow(roster: Roster, mapping: Mapping): MappedRow {
  const { prefix, after, upTo, ids, values, time } = roster
  const rule = mapping.roster && mapping.events[mapping.roster.absent]
  return {
    key: keyOf(prefix, mapping),
    absent: { after, ...(upTo !== undefined && { upTo }), ids: ids.size },
    version: { time, stage: 0, sequence: '0', timeIs: 'said' },
    columns: mapping.columns.flatMap((column, at) => {
      const value = values[at]
      if (value === undefined) return []
      const set = rule?.ends === column.name ? 'ends' : 'set'
      const from = rule && own(rule.set, column.name) ? set : searched(column, mapping)
      return [{ name: column.name, value: shown(value, column), from }]
    }),
  }
}

function keyOf(key: readonly string[], mapping: Mapping): MappedRow['key'] {
  return key.map((value, at) => ({ name: mapping.key[at]?.name ?? '', value }))
}

/** The source that counts: of those that yield something the first, else of those that yield emptiness. */
function sourceOf(column: Column, { rule, failed, ...context }: Evidence): Source | undefined {
  const yielding = sourcesOf(column, rule, failed)
    .map((source) => ({ source, value: firstSource(column, [source], context) }))
    .filter(({ value }) => value !== undefined)
  return (yielding.find(({ value }) => value !== null && value !== '') ?? yielding[0])?.source
}

function tellSource(source: Source, column: Column, evidence: Evidence, mapping: Mapping): string {
  const { rule, failed, event } = evidence
  const { name } = column
  if (rule.ends === name) return 'ends'
  if (own(rule.set, name) === source) return 'set'
  if (failed && own(failed.set, name) === source) return 'failed.set'
  if (name === rule.clears) return 'clears'
  const words = inWords(source, mapping)
  if (!('path' in source)) return words
  // of one that `after` or `values` changes, as it came
  const came = readField(source.path, event)
  const isSame = came === undefined || came === null || came === '' || came === firstSource(column, [source], evidence)
  return isSame ? words : `${words} (${inShort(stringifyLossless(came))})`
}

function inWords(source: Source, mapping: Mapping): string {
  if ('path' in source) return tellPath(source.path, mapping)
  if ('time' in source) return '$time'
  if ('constant' in source) return 'value'
  const parts = source.template.map((part) => (typeof part === 'string' ? part : `\${${tellPath(part, mapping)}}`))
  return parts.join('')
}

/** Where a column's value is looked for. */
function searched({ from }: Column, mapping: Mapping): string {
  return from.map((source) => inWords(source, mapping)).join(', ')
}

/** As mapping.yaml would write it: what is among the event's fields with a point at its beginning, what is in an item with @. */
export function tellPath(path: JsonPath, { fields: [first = []] }: Pick<Mapping, 'fields'>): string {
  if (path[0] === ITEM) return ITEM + tellJsonPath(path.slice(1))
  const isField = path.length > first.length && first.every((step, at) => path[at] === step)
  return isField ? tellJsonPath(path.slice(first.length)) : `$${tellJsonPath(path)}`
}

function whyBad(column: Column, { rule, failed, ...context }: Evidence): string {
  const raw = inShort(stringifyLossless(firstSource(column, sourcesOf(column, rule, failed), context)))
  const then = column.bad === 'clear' ? 'is cleared' : 'stays as it is'
  return `${raw} cannot be read as ${column.as}, or does not fit ${column.type}: the column ${then} (bad: ${column.bad})`
}

/** As much of a value as tells which it is. */
function inShort(json: string): string {
  return json.length > 60 ? `${json.slice(0, 60)}…` : json
}

function takenBack(name: string, clears: string | undefined): string | undefined {
  return name === clears ? undefined : 'the event says otherwise than what had ended it'
}

/** As explain shows it: times are in UTC, and say so. */
function shown(value: SqlValue, { as }: Column): unknown {
  if (as === 'boolean' && value !== null) return Number(value) !== 0
  if (as === 'time' && typeof value === 'string') return `${value.replace(' ', 'T')}Z`
  return value
}
