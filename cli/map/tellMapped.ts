import type { Mapped, MappedColumn, MappedEvent, MappedForm, MappedRow, MappedTable } from '../../emulator'
import { alignColumns } from '../../shared/alignColumns'

const FORMS: Readonly<Record<MappedForm, string>> = {
  posted: 'as it is posted to the webhook',
  push: 'a SyncHTTP push: each of its rows is an event',
  stream: 'a frame of DingTalk Stream, as npm run listen passes it on',
  callback: 'an encrypted callback, opened with DINGTALK_AES_KEY',
  cloudevent: 'a CloudEvent, as EventBridge delivers it',
  lines: 'a recording: an event a line',
}

/** An event may name hundreds, and a push have hundreds of rows. */
const MAX_EVENTS = 20
const MAX_ROWS = 20
/** A value that is longer would push what stands behind it off the screen. */
const MAX_VALUE = 60

/** What an event would do, for a person at a terminal. */
export function tellMapped({ form, notes, dropped, events }: Mapped): string {
  const head = [
    ...(form === undefined ? [] : [FORMS[form]]),
    ...(dropped.length === 0 ? [] : [`removed at the door (DROP_FIELDS): ${dropped.join(', ')}`]),
    ...new Set(notes),
  ]
  const shown = events.slice(0, MAX_EVENTS).map(tellEvent)
  return [head.join('\n'), ...shown, ...andOthers(events.length - MAX_EVENTS, 'events')].join('\n\n')
}

function tellEvent({ id, type, time, rules, isBrought, tables }: MappedEvent): string {
  const matching = rules.map(({ rule, why }) => [rule, why ?? 'matches'])
  return [
    `CloudEvent ${[id, type, time].filter(Boolean).join('  ')}`,
    'rules:',
    ...(rules.length === 0 ? ['  there is none'] : alignColumns(matching)),
    ...(isBrought ? [] : ['No rule brings it to the employees function. If one did:']),
    ...tables.flatMap(tellTable),
  ].join('\n')
}

function tellTable({ table, why, faults, rows }: MappedTable): string[] {
  if (why !== undefined) return [`${table}: ${why}`]
  return [
    ...(faults.length === 0 ? [] : [`${table}: a dead letter: ${faults.join('; ')}`]),
    ...rows.slice(0, MAX_ROWS).flatMap((row) => tellRow(table, row)),
    ...andOthers(rows.length - MAX_ROWS, 'rows'),
  ]
}

function tellRow(table: string, { key, absent, version, columns }: MappedRow): string[] {
  const names = key.map(({ name, value }) => `${name} ${value || '–'}`).join(', ')
  const whom = absent && [
    `  whoever is there ${absent.after === '' ? '' : `after ${absent.after} `}${absent.upTo === undefined ? '' : `up to ${absent.upTo} `}`.trimEnd(),
    `, is not among the ${absent.ids} of the list, and was not heard of since, is written as:`,
  ]
  return [
    `${table}: ${names}`,
    ...(whom ? [whom.join('')] : []),
    `  ${tellVersion(version)}`,
    ...alignColumns(columns.map(tellColumn)),
  ]
}

function tellVersion({ time, stage, sequence, timeIs }: MappedRow['version']): string {
  const of = {
    said: '',
    arrival: ', when it arrived, as it does not say',
    ahead: ', when it arrived, as it says a time ahead of that',
  }[timeIs]
  const parts = [
    `version ${new Date(time).toISOString()}${of}`,
    ...(stage === 0 ? [] : [`stage ${stage}`]),
    ...(sequence === '0' ? [] : [`sequence ${sequence}`]),
  ]
  return parts.join(', ')
}

function tellColumn({ name, value, from, why }: MappedColumn): string[] {
  const reason = [from, why].filter((text) => text !== undefined).join(': ')
  return [name, asText(value), reason]
}

function asText(value: unknown): string {
  if (value === undefined) return '–'
  if (value === null) return 'NULL'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const letters = [...text]
  return letters.length > MAX_VALUE ? `${letters.slice(0, MAX_VALUE - 1).join('')}…` : text
}

function andOthers(count: number, what: string): string[] {
  return count > 0 ? [`… and ${count} ${what} more: --json has them all`] : []
}
