import { type FileFaults, type Place, readYamlDocuments } from '../yaml'
import { limitsOf, typeProblem } from './columnType'
import {
  type Column,
  type Constant,
  type EventRule,
  type JsonPath,
  type KeyColumn,
  MAX_SLOTS,
  type Mapping,
  type Part,
  type RosterRule,
  type Source,
} from './mapping'
import { DEFAULT_VARIABLE, type MappingFile, mappingFile } from './mappingFile'
import { readPaths } from './readPaths'
import { DEAD_LETTERS, OWN_COLUMNS } from './tables'

type RawRoster = NonNullable<MappingFile['roster']>

/** Columns that every table has, or had in the first version. */
const RESERVED = [...OWN_COLUMNS.map(({ name }) => name), 'versions']

/**
 * Reads and checks mapping.yaml, which has a table a YAML document.
 * @param text the file's content
 * @param file its name, for errors
 * @returns the tables in the file's order, at least one
 * @throws UserError that names every fault with its line and column
 */
export function readMappings(text: string, file: string): Mapping[] {
  const documents = readYamlDocuments(text, file, mappingFile)
  const tables = new Set([DEAD_LETTERS.name])
  const mappings = documents.map(({ data, faults }) => {
    const mapping = takeApart(data, faults)
    checkNames(mapping, data, faults)
    // names that differ in case alone are one table on some servers
    const name = data.table.toLowerCase()
    if (tables.has(name))
      faults.add(
        ['table'],
        name === DEAD_LETTERS.name
          ? 'there is a table of ours of this name already'
          : `there is a table ${data.table} in this file already: one document of it is enough`,
      )
    tables.add(name)
    return mapping
  })
  documents[0]?.faults.refuse()
  return mappings
}

function takeApart(raw: MappingFile, faults: FileFaults): Mapping {
  const { fields, paths, spellings } = readPaths(raw.fields, raw.each !== undefined, faults)
  const path = (place: Place, text: string): JsonPath => paths(place, [text])[0] ?? []
  const setting = (value: Constant): Source => (value === '$time' ? { time: true } : { constant: value })
  const settings = (set: Readonly<Record<string, Constant>>) =>
    Object.fromEntries(Object.entries(set).map(([column, value]): [string, Source] => [column, setting(value)]))

  const template = (place: Place, text: string): (string | JsonPath)[] =>
    text.split(/\$\{([^}]*)\}/).map((part, index) => {
      if (index % 2 === 1) return path(place, part)
      if (part.includes('${')) faults.add(place, `has a $\{ without its }`)
      return part
    })
  const sources = (name: string, { from, value, template: text }: MappingFile['columns'][string]): Source[] => {
    const place = ['columns', name]
    if ([from, value, text].filter((source) => source !== undefined).length > 1) {
      faults.add(place, 'takes one of from, value and template')
    }
    if (value !== undefined) return [{ constant: value }]
    if (text !== undefined && !text.includes('${')) {
      faults.add([...place, 'template'], `has no $\{…} with a path in it; a constant is a value`)
    }
    if (text !== undefined) return [{ template: template([...place, 'template'], text) }]
    const texts = from ?? []
    const found = paths(
      [...place, 'from'],
      texts.filter((source) => source !== '$time'),
    )
    return texts.map((source) => (source === '$time' ? { time: true } : { path: found.shift() ?? [] }))
  }
  const part = (index: number, { path: own, ...within }: MappingFile['parts'][number]): Part => {
    const { about, before, after } = within
    if ((before === undefined) !== (after === undefined)) faults.add(['parts', index], 'before and after go together')
    const whole = path(['parts', index, 'path'], own)
    const inside = (name: string, text: string): JsonPath => {
      const place = ['parts', index, name]
      const full = path(place, text)
      if (!whole.every((step, at) => full[at] === step)) faults.add(place, `must lie within ${own}`)
      return full.slice(whole.length)
    }
    const isChange = before !== undefined && after !== undefined
    const change = isChange && { before: inside('before', before), after: inside('after', after) }
    return { path: whole, about: about.map((text) => inside('about', text)), ...(change && { change }) }
  }
  const columns = Object.entries(raw.columns).map(([name, column]): Column => {
    const { slot, type, as, empty, bad, zone = raw.zone, personal, after, values } = column
    return {
      ...{ name, type, slot, as, from: sources(name, column), empty, bad, zone, personal },
      ...(after !== undefined && { after }),
      ...(values !== undefined && { values }),
      ...limitsOf(type),
    }
  })
  const events = Object.fromEntries(
    Object.entries(raw.events).map(([name, { type, set, wins, stage, ends, clears }]): [string, EventRule] => [
      name,
      {
        ...(type !== undefined && { type }),
        set: { ...settings(set), ...(ends && { [ends]: { time: true } }) },
        wins,
        ...(stage > 0 && { stage }),
        ...(ends && { ends }),
        ...(clears && { clears }),
      },
    ]),
  )
  const roster = ({ type, action, absent, after, upTo, ids, limit }: RawRoster): RosterRule => ({
    type,
    action,
    absent,
    after: paths(['roster', 'after'], after),
    upTo: paths(['roster', 'upTo'], upTo),
    ids: paths(['roster', 'ids'], ids),
    ...(limit !== undefined && { limit }),
  })

  return {
    table: raw.table,
    fields,
    spellings,
    action: paths(['action'], raw.action),
    subtype: paths(['subtype'], raw.subtype),
    time: paths(['time'], raw.time),
    zone: raw.zone,
    sequence: paths(['sequence'], raw.sequence),
    events,
    ...(raw.each && { each: paths(['each'], raw.each) }),
    ...(raw.failed && { failed: { paths: paths(['failed', 'path'], raw.failed.path), set: settings(raw.failed.set) } }),
    ...(raw.roster && { roster: roster(raw.roster) }),
    parts: raw.parts.map((item, index) => part(index, item)),
    key: Object.entries(raw.key).map(
      ([name, column]): KeyColumn => ({
        name,
        type: column.type,
        from: paths(['key', name, 'from'], column.from),
        ...limitsOf(column.type),
        ...(column.default !== undefined && { defaultVariable: DEFAULT_VARIABLE }),
      }),
    ),
    columns,
    ended: columns.flatMap(({ name }, column) => endedColumn(name, column)),
  }

  function endedColumn(name: string, column: number): Mapping['ended'] {
    const rules = Object.values(events).filter(({ ends, set }) => ends !== undefined && ends !== name && name in set)
    const since = columns.findIndex((other) => other.name === rules[0]?.ends)
    return since < 0 ? [] : [{ column, since, to: rules.map(({ set }) => set[name] as Source) }]
  }
}

function checkNames({ events, roster, failed, key, columns }: Mapping, raw: MappingFile, faults: FileFaults): void {
  if (key.length === 0) faults.add(['key'], 'needs at least one column')
  const slots = new Map<number, string>()
  const next = 1 + Math.max(...columns.map(({ slot }) => slot))
  for (const { name, slot } of columns) {
    const other = slots.get(slot)
    const instead = next < MAX_SLOTS ? `: take ${next}, unless a column that is gone had it` : ''
    if (other !== undefined) faults.add(['columns', name, 'slot'], `slot ${slot} is already ${other}'s${instead}`)
    slots.set(slot, name)
  }
  // the database takes names that differ in case alone for one
  const names = new Set<string>()
  for (const place of ['key', 'columns'] as const) {
    for (const [name, { type }] of Object.entries(raw[place])) {
      const own = RESERVED.find((other) => other.toLowerCase() === name.toLowerCase())
      if (own !== undefined)
        faults.add([place, name], `${own} is a column of our own in every table: take another name`)
      if (names.has(name.toLowerCase())) faults.add([place, name], 'there is a column of this name already')
      names.add(name.toLowerCase())
      const problem = typeProblem(type)
      if (problem !== undefined) faults.add([place, name, 'type'], problem)
    }
  }
  for (const [name, { from, template, after, values }] of Object.entries(raw.columns)) {
    if (from !== undefined || template !== undefined) continue
    if (after !== undefined) faults.add(['columns', name, 'after'], 'goes with from or template')
    if (values !== undefined) faults.add(['columns', name, 'values'], 'goes with from or template')
  }
  for (const [event, { set, stage, ends, clears }] of Object.entries(events)) {
    // a roster goes by times alone, which it compares with those of all columns
    if (stage !== undefined && roster) faults.add(['events', event, 'stage'], 'goes with no roster')
    checkColumns(['events', event, 'set'], set)
    if (ends !== undefined) checkEnds(event, ends, set)
    if (clears === undefined) continue
    checkColumns(['events', event], { [clears]: null }, 'clears')
    if (ends !== undefined) faults.add(['events', event, 'clears'], 'goes with no ends')
  }
  if (roster) checkRoster(roster)
  if (failed) checkColumns(['failed', 'set'], failed.set)

  function checkColumns(place: Place, set: object, name?: string): void {
    for (const column of Object.keys(set)) {
      if (!Object.hasOwn(raw.columns, column)) faults.add([...place, name ?? column], 'is not a column of this file')
    }
  }

  function checkRoster({ action, absent }: RosterRule): void {
    if (Object.hasOwn(events, action)) faults.add(['roster', 'action'], `${action} is one of the events already`)
    const rule = Object.hasOwn(events, absent) ? events[absent] : undefined
    if (rule?.ends === undefined) faults.add(['roster', 'absent'], 'must name one of the events, with ends')
  }

  function checkEnds(event: string, ends: string, set: object): void {
    const place = ['events', event, 'ends']
    if (ends in raw.columns && raw.columns[ends]?.as !== 'time') faults.add(place, `${ends} must be read as: time`)
    for (const [other, rule] of Object.entries(events)) {
      if (rule.ends === undefined || rule.ends === ends) continue
      const both = Object.keys(rule.set).find((column) => column in set)
      if (both !== undefined) faults.add(place, `${both} holds as long as ${rule.ends} already, by ${other}`)
    }
  }
}
