import { errorMessage } from '../errorCode'
import { parseJsonPath } from '../jsonPath'
import type { Place } from '../yaml/plainIssues'
import { type Faults, readYaml } from '../yaml/readYaml'
import type { Column, Constant, EventRule, JsonPath, KeyColumn, Mapping, Source } from './mapping'
import { DEFAULT_VARIABLE, type MappingFile, mappingFile } from './schema'
import { OWN_COLUMNS } from './tables'

/** Columns that every table has (tables.ts). */
const RESERVED = new Set(OWN_COLUMNS.map(({ name }) => name))

/**
 * Reads and checks mapping.yaml.
 * @param text the file's content
 * @param file its name, for errors
 * @throws UserError that names every fault with its line and column
 */
export function readMapping(text: string, file: string): Mapping {
  const { data, faults } = readYaml(text, file, mappingFile)
  const mapping = takeApart(data, faults)
  checkNames(mapping, data, faults)
  faults.refuse()
  return mapping
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
