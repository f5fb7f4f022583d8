import { LineCounter, parseDocument } from 'yaml'
import * as z from 'zod/mini'
import { errorMessage } from '../errorCode'
import { parseJsonPath } from '../jsonPath'
import { UserError } from '../userError'
import type { Column, EventRule, Implied, JsonPath, KeyColumn, Mapping, Source } from './mapping'
import { READINGS } from './mapping'

/** The one variable that may stand in for a key that an event does not name. */
const DEFAULT_VARIABLE = 'DINGTALK_CORP_ID'

/** Slots are kept in one VARBINARY of 8 bytes each. */
export const MAX_SLOTS = 128

const identifier = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a plain identifier of at most 64 characters'))
const oneOrMore = z.union([
  z.pipe(
    z.string(),
    z.transform((path: string) => [path]),
  ),
  z.array(z.string()).check(z.minLength(1)),
])
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const schema = z.strictObject({
  table: identifier,
  action: oneOrMore,
  time: oneOrMore,
  events: z.record(
    z.string(),
    z.strictObject({ wins: z._default(z.boolean(), false), set: z._default(z.record(z.string(), scalar), {}) }),
  ),
  key: z.record(
    identifier,
    z.strictObject({
      type: z.string(),
      from: oneOrMore,
      default: z.optional(z.literal(`\${${DEFAULT_VARIABLE}}`, `must be \${${DEFAULT_VARIABLE}}`)),
    }),
  ),
  columns: z.record(
    identifier,
    z.strictObject({
      slot: z.int().check(z.refine((slot) => slot >= 0 && slot < MAX_SLOTS, `must be 0 to ${MAX_SLOTS - 1}`)),
      type: z.string(),
      as: z._default(z.enum(READINGS, `must be one of ${READINGS.join(', ')}`), 'text'),
      from: z._default(oneOrMore, []),
      empty: z._default(z.enum(['clear', 'keep'], 'must be clear or keep'), 'clear'),
    }),
  ),
})

/**
 * Reads and checks mapping.yaml.
 * @param text the file's content
 * @param file its name, for errors
 * @throws UserError that names every fault with its line and column
 */
export function readMapping(text: string, file: string): Mapping {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const faults: string[] = []
  const fault = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset)
    faults.push(`${file}:${line}:${col} ${message}`)
  }
  const faultAt = (path: readonly PropertyKey[], message: string) =>
    fault(offsetOf(document, path), `${path.join('.')}: ${message}`)
  const refuse = () => {
    if (faults.length > 0) throw new UserError(faults.join('\n'))
  }

  // one broken line makes a cascade of errors: the first is the one to mend
  for (const error of document.errors.slice(0, 1)) fault(error.pos[0], error.message)
  refuse()
  const parsed = schema.safeParse(document.toJS())
  if (!parsed.success) for (const issue of parsed.error.issues) faultAt(issue.path, issue.message)
  refuse()
  if (!parsed.success) throw new Error('unreachable')
  const raw = parsed.data

  const path = (at: readonly PropertyKey[], text: string): JsonPath => {
    try {
      return parseJsonPath(text)
    } catch (error) {
      faultAt(at, errorMessage(error))
      return []
    }
  }
  const paths = (at: string[], texts: readonly string[]) => texts.map((text) => path(at, text))

  const columns = Object.entries(raw.columns).map(([name, column]): Column => {
    const maxLength = /^VARCHAR\((\d+)\)/i.exec(column.type)?.[1]
    const from = column.from.map(
      (text): Source => (text === '$time' ? { time: true } : { path: path(['columns', name, 'from'], text) }),
    )
    return {
      name,
      type: column.type,
      slot: column.slot,
      as: column.as,
      from,
      empty: column.empty,
      ...(maxLength !== undefined && { maxLength: Number(maxLength) }),
    }
  })
  const key = Object.entries(raw.key).map(
    ([name, column]): KeyColumn => ({
      name,
      type: column.type,
      from: paths(['key', name, 'from'], column.from),
      ...(column.default !== undefined && { defaultVariable: DEFAULT_VARIABLE }),
    }),
  )
  const events = Object.fromEntries(
    Object.entries(raw.events).map(([name, rule]): [string, EventRule] => [
      name,
      {
        wins: rule.wins,
        set: Object.fromEntries(
          Object.entries(rule.set).map(([column, value]): [string, Implied] => [
            column,
            value === '$time' ? { time: true } : { value },
          ]),
        ),
      },
    ]),
  )

  if (key.length === 0) faultAt(['key'], 'needs at least one column')
  const slots = new Map<number, string>()
  for (const { name, slot } of columns) {
    const other = slots.get(slot)
    if (other !== undefined) faultAt(['columns', name, 'slot'], `slot ${slot} is already ${other}'s`)
    slots.set(slot, name)
    if (name in raw.key || RESERVED.has(name)) faultAt(['columns', name], 'the name is taken')
  }
  for (const [event, rule] of Object.entries(events)) {
    for (const column of Object.keys(rule.set)) {
      if (!(column in raw.columns)) faultAt(['events', event, 'set', column], 'is not a column of this file')
    }
  }
  const mapping: Mapping = {
    table: raw.table,
    action: paths(['action'], raw.action),
    time: paths(['time'], raw.time),
    events,
    key,
    columns,
  }
  refuse()
  return mapping
}

/** Columns that every table has (shared/mapping/tables.ts). */
const RESERVED = new Set(['versions', 'createdAt', 'updatedAt'])

/** Where the innermost part of the path that is in the file begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return node.range[0]
  }
  return 0
}
