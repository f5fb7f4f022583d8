import { type Document, LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod/mini'
import { errorMessage } from '../errorCode'
import { parseJsonPath } from '../jsonPath'
import { UserError } from '../userError'
import type { Column, Constant, EventRule, JsonPath, KeyColumn, Mapping, Source } from './mapping'
import { DEFAULT_VARIABLE, type MappingFile, mappingFile } from './schema'

type Place = readonly PropertyKey[]

/** Columns that every table has (tables.ts). */
const RESERVED = new Set(['versions', 'createdAt', 'updatedAt'])

/**
 * Reads and checks mapping.yaml.
 * @param text the file's content
 * @param file its name, for errors
 * @throws UserError that names every fault with its line and column
 */
export function readMapping(text: string, file: string): Mapping {
  const faults = createFaults(text, file)
  const parsed = mappingFile.safeParse(faults.document.toJS())
  if (!parsed.success) for (const issue of parsed.error.issues) faults.add(issue.path, messageOf(issue))
  faults.refuse()
  if (!parsed.success) throw new Error('unreachable')

  const mapping = takeApart(parsed.data, faults)
  checkNames(mapping, parsed.data, faults)
  faults.refuse()
  return mapping
}

/** zod/mini comes without texts of its own: what is most often mistyped gets one here. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `does not know ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is missing' : `must be of type ${issue.expected}`
  return issue.message
}

interface Faults {
  document: Document
  /** notes a fault at a place of the file */
  add(place: Place, message: string): void
  /** @throws UserError when there are any */
  refuse(): void
}

function createFaults(text: string, file: string): Faults {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const faults: string[] = []
  const addAt = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset)
    faults.push(`${file}:${line}:${col} ${message}`)
  }
  const refuse = () => {
    if (faults.length > 0) throw new UserError(faults.join('\n'))
  }
  // one broken line makes a cascade of errors: the first is the one to mend
  for (const error of document.errors.slice(0, 1)) addAt(error.pos[0], error.message)
  refuse()
  return {
    document,
    add: (place, message) => addAt(offsetOf(document, place), `${place.join('.')}: ${message}`),
    refuse,
  }
}

/** Where the innermost part of the place that is in the file begins. */
function offsetOf(document: Document, place: Place): number {
  for (let length = place.length; length > 0; length--) {
    const node = document.getIn(place.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return node.range[0]
  }
  return 0
}

function takeApart(raw: MappingFile, faults: Faults): Mapping {
  const path = (place: Place, text: string): JsonPath => {
    try {
      return parseJsonPath(text)
    } catch (error) {
      faults.add(place, errorMessage(error))
      return []
    }
  }
  const paths = (place: Place, texts: readonly string[]) => texts.map((text) => path(place, text))
  const setting = (value: Constant): Source => (value === '$time' ? { time: true } : { constant: value })
  const settings = (set: Readonly<Record<string, Constant>>) =>
    Object.fromEntries(Object.entries(set).map(([column, value]): [string, Source] => [column, setting(value)]))

  const template = (place: Place, text: string): (string | JsonPath)[] =>
    text.split(/\$\{([^}]*)\}/).map((part, index) => (index % 2 === 0 ? part : path(place, part)))
  const sources = (name: string, { from, value, template: text }: MappingFile['columns'][string]): Source[] => {
    const place = ['columns', name]
    if ([from, value, text].filter((source) => source !== undefined).length > 1) {
      faults.add(place, 'takes one of from, value and template')
    }
    if (value !== undefined) return [{ constant: value }]
    if (text !== undefined) return [{ template: template([...place, 'template'], text) }]
    return (from ?? []).map((source) =>
      source === '$time' ? { time: true } : { path: path([...place, 'from'], source) },
    )
  }

  return {
    table: raw.table,
    action: paths(['action'], raw.action),
    time: paths(['time'], raw.time),
    events: Object.fromEntries(
      Object.entries(raw.events).map(([name, { set, wins }]): [string, EventRule] => [
        name,
        { set: settings(set), wins },
      ]),
    ),
    ...(raw.failed && { failed: { path: path(['failed', 'path'], raw.failed.path), set: settings(raw.failed.set) } }),
    parts: raw.parts.map(({ path: part, about }, index) => ({
      path: path(['parts', index, 'path'], part),
      about: path(['parts', index, 'about'], about),
    })),
    key: Object.entries(raw.key).map(
      ([name, column]): KeyColumn => ({
        name,
        type: column.type,
        from: paths(['key', name, 'from'], column.from),
        ...(column.default !== undefined && { defaultVariable: DEFAULT_VARIABLE }),
      }),
    ),
    columns: Object.entries(raw.columns).map(([name, column]): Column => {
      const { slot, type, as, empty, bad, zone, personal } = column
      const maxLength = /^VARCHAR\((\d+)\)/i.exec(type)?.[1]
      return {
        name,
        type,
        slot,
        as,
        from: sources(name, column),
        empty,
        bad,
        zone,
        personal,
        ...(maxLength !== undefined && { maxLength: Number(maxLength) }),
      }
    }),
  }
}

function checkNames({ events, failed, key, columns }: Mapping, raw: MappingFile, faults: Faults): void {
  if (key.length === 0) faults.add(['key'], 'needs at least one column')
  const slots = new Map<number, string>()
  for (const { name, slot } of columns) {
    const other = slots.get(slot)
    if (other !== undefined) faults.add(['columns', name, 'slot'], `slot ${slot} is already ${other}'s`)
    slots.set(slot, name)
    if (name in raw.key || RESERVED.has(name)) faults.add(['columns', name], 'the name is taken')
  }
  const settings: [Place, object][] = Object.entries(events).map(([event, { set }]) => [['events', event, 'set'], set])
  if (failed) settings.push([['failed', 'set'], failed.set])
  for (const [place, set] of settings) {
    for (const column of Object.keys(set)) {
      if (!(column in raw.columns)) faults.add([...place, column], 'is not a column of this file')
    }
  }
}
