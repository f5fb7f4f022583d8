import { tellJsonPath } from '../../shared/jsonPath'
import { endColumn } from '../../shared/mapping/endColumn'
import { type Column, ITEM, type JsonPath, type KeyColumn, type Mapping, pathsOf } from '../../shared/mapping/mapping'
import { actionIn } from '../../shared/mapping/ruleOf'
import { placeIn } from '../../shared/yaml'
import { tellUnknownEvent } from '../sender/knownEvents'

const FILE = 'mapping.yaml'

/**
 * What in a table of mapping.yaml never stores anything, or is never erased, and is no fault of the file.
 * @param text the file's content
 * @param isDropped whether the webhook removes the field of this name; it keeps all where nobody knows
 * @returns a sentence each, with its place
 */
export function mappingSlips(
  mapping: Mapping,
  text: string,
  isDropped: (field: string) => boolean = () => false,
): string[] {
  const { table } = mapping
  const events = Object.entries(mapping.events).flatMap(([name, { type }]) => {
    const where = () => placeIn(text, FILE, [['events', name]], { table })
    const action = actionIn(name)
    if (action !== name && mapping.subtype.length === 0) {
      return [`${where()} names ${name}, and the table has no subtype, where an event says what is behind the /`]
    }
    // of a type of its own: another publisher's
    const unknown = type === undefined ? tellUnknownEvent(action) : undefined
    return unknown === undefined ? [] : [`${where()} names ${unknown}`]
  })
  const key = mapping.key.flatMap((column) => unfilled('key', column, column.from))
  const columns = mapping.columns.flatMap((column) => {
    return isSet(column, mapping)
      ? []
      : unfilled('columns', column, column.from.flatMap(pathsOf), column.from.length === 0)
  })
  return [...events, ...key, ...columns, ...neverErased()]

  /** The purge refuses, and would else leave them there for ever. */
  function neverErased(): string[] {
    const personal = mapping.columns.find((column) => column.personal)
    if (personal === undefined || endColumn(mapping)?.as === 'time') return []
    const where = placeIn(text, FILE, [['columns', personal.name, 'personal']], { table })
    return [
      `${where} column ${personal.name} is personal, and the table has neither an event with ends nor a column leftAt that is read as a time: npm run migrate -- --purge-left erases nothing, of no table`,
    ]
  }

  function unfilled(
    part: 'key' | 'columns',
    { name }: Column | KeyColumn,
    paths: readonly JsonPath[],
    isBare = false,
  ): string[] {
    const places = [
      [part, name, 'from'],
      [part, name, 'template'],
      [part, name],
    ]
    // the file is read again for it, which is for those alone that need it
    const filled = () => `${placeIn(text, FILE, places, { table })} column ${name} is never filled:`
    if (isBare) return [`${filled()} it has no from, value or template, and no event sets it`]
    if (paths.length === 0) return []
    if (paths.every((path) => !isInEvent(path))) {
      return [`${filled()} no event has ${paths.map(inWords).join(', ')}; what DingTalk sent is in $.data.body`]
    }
    const dropped = paths.map((path) => path.find((step) => typeof step === 'string' && isDropped(step)))
    if (dropped.some((field) => field === undefined)) return []
    return [
      `${filled()} DROP_FIELDS has the webhook remove ${[...new Set(dropped)].join(', ')}. Take that out of DROP_FIELDS, or leave the column out`,
    ]
  }
}

/** By what an event says beyond its fields. */
function isSet({ name }: Column, { events, failed }: Mapping): boolean {
  return [...Object.values(events), ...(failed ? [failed] : [])].some(({ set }) => name in set)
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
const ATTRIBUTES =
  /^(id|source|specversion|type|subject|time|datacontenttype|dataschema|traceparent|tracestate|aliyun.*)$/
/** What the webhook puts into `data`. */
export const OF_DATA = ['headers', 'path', 'body', 'httpMethod', 'queryString']

function isInEvent([first, second]: JsonPath): boolean {
  if (first === undefined || first === ITEM) return true
  if (first !== 'data') return ATTRIBUTES.test(String(first))
  return second === undefined || OF_DATA.includes(String(second))
}

function inWords(path: JsonPath): string {
  return `$${tellJsonPath(path)}`
}
