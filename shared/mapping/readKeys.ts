import { depthOf, isObject, MAX_DEPTH, parseExact } from '../json'
import { readJsonPath, readStep, withJsonPath } from '../jsonPath'
import { ITEM, type JsonPath, type KeyColumn, type Mapping } from './mapping'

type Fields = Readonly<Record<string, unknown>>

/** Whom or what an event is about. */
export interface Keys {
  /** a value for each key column; one key a row */
  keys: string[][]
  /** why some of those that the event names cannot be read; no value is quoted */
  faults: string[]
}

/**
 * The event with its fields in the first of these places: DingTalk Stream has them one level deeper, and as JSON text, and
 * so does whoever forwards an event as text. Of a field that is in several places the first that has a value counts. One
 * whose first letter is in the other case than the paths' is there in their spelling, too.
 * @param spellings as a Mapping has them; without it names are as they are
 */
export function openFields(
  [first = [], ...others]: readonly JsonPath[],
  event: Fields,
  spellings: Mapping['spellings'] = {},
): Fields {
  const value = readJsonPath(first, event)
  const fields = asFields(value)
  const opened = fields === value ? event : withJsonPath(first, event, fields)
  // each place by itself: what one has in another case goes before what the next has as it is written
  let found = fields && spelled(fields, spellings)
  for (const path of others) {
    const more = asFields(readJsonPath(path, opened))
    if (more !== undefined) found = gathered(found, spelled(more, spellings))
  }
  if (found === undefined || found === value) return event
  return first.length === 0 ? found : withJsonPath(first, event, found)
}

function gathered(first: Fields | undefined, more: Fields): Fields {
  const all: Record<string, unknown> = {}
  for (const place of [first ?? {}, more]) {
    for (const name of Object.keys(place)) {
      if (isEmpty(all[name])) all[name] = place[name]
    }
  }
  return all
}

/** As they are where none is spelled otherwise, or what has the paths' spelling already counts. */
function spelled(fields: Fields, spellings: Mapping['spellings']): Fields {
  let copy: Record<string, unknown> | undefined
  for (const name of Object.keys(fields)) {
    const wanted = Object.hasOwn(spellings, name) ? spellings[name] : undefined
    if (wanted === undefined || !isEmpty(fields[wanted])) continue
    copy ??= { ...fields }
    copy[wanted] = fields[name]
  }
  return copy ?? fields
}

function isEmpty(field: unknown): boolean {
  return field === undefined || field === null || field === ''
}

function asFields(value: unknown): Fields | undefined {
  const fields = parsedText(value)
  return isObject(fields) ? fields : undefined
}

/**
 * The event once an item of the list that the table reads item by item, with the item in it; once as it is where the table
 * reads none so.
 * @param event its fields gathered by openFields()
 * @returns undefined where it has no such list
 */
export function itemsOf({ each, spellings }: Mapping, event: Fields): Fields[] | undefined {
  if (each === undefined) return [event]
  const withItem = (item: unknown) => ({ ...event, [ITEM]: isObject(item) ? spelled(item, spellings) : item })
  for (const path of each) {
    const list = parsedText(readField(path, event))
    if (Array.isArray(list)) return list.map((item) => withItem(parsedText(item)))
    // the one that there is
    if (isObject(list)) return [withItem(list)]
  }
  return undefined
}

/** Values for key columns that an event does not name, by the variable's name in mapping.yaml. */
export type Defaults = Readonly<Record<string, string>>

/** DingTalk's own limit for user ids, where the key's type says none. */
const MAX_LENGTH = 64

/**
 * The keys that an event names: a list (several user ids in one event) fans out, and one item that cannot be read does not
 * take the others along.
 */
export function readKeys(columns: readonly KeyColumn[], event: unknown, defaults: Defaults): Keys {
  const faults: string[] = []
  const keys = columns.reduce<string[][]>(
    (found, column) => {
      const parts = partsOf(column, event, defaults, faults)
      return found.flatMap((key) => parts.map((part) => [...key, part]))
    },
    [[]],
  )
  return { keys, faults }
}

function partsOf(column: KeyColumn, event: unknown, defaults: Defaults, faults: string[]): string[] {
  const { name, defaultVariable } = column
  const ids = readIds(column.from, event)
  if (ids.length === 0 && defaultVariable !== undefined) return [defaults[defaultVariable] ?? '']
  const parts = new Set<string>()
  for (const id of ids) {
    if (id === undefined) continue
    const fault = misfit(column, id)
    if (fault === undefined) parts.add(id)
    else faults.push(fault)
  }
  if (ids.every((id) => id === undefined)) faults.push(`the event names no ${name} that can be read`)
  else if (ids.includes(undefined)) faults.push(`the event names a ${name} that cannot be read`)
  return [...parts]
}

/** The ids of the first path that yields any, a list or one; undefined in the place of one that cannot be read. */
export function readIds(paths: readonly JsonPath[], event: unknown): (string | undefined)[] {
  for (const path of paths) {
    const value = readField(path, event)
    // a list may come as its JSON text
    const list = parsedText(value)
    const items = Array.isArray(list) ? list : [value]
    if (items.some(hasValue)) return items.map(readId)
  }
  return []
}

/** Blanks are no value. An object is one; it is not made text, which its own `toString` could prevent. */
function hasValue(item: unknown): boolean {
  return typeof item === 'string' ? item.trim() !== '' : item !== undefined && item !== null
}

/**
 * An id as text, without what stands around it by mistake; some servers take ids that differ in a blank at the end for one.
 * @returns undefined for what is no id: a flag, an object, JSON as text, control characters, or a number beyond 2^53, which
 * may have lost its digits before it came here and would be somebody else's
 */
export function readId(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string') return undefined
  const id = text.trim()
  return id === '' || /^[[{"]|[\p{Cc}\p{Surrogate}\u2028\u2029]/u.test(id) ? undefined : id
}

/** What a text is the JSON of, where that is an object or a list, and not nested too deep; any other value as it is. */
export function parsedText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value) || depthOf(value) > MAX_DEPTH) return value
  try {
    return parseExact(value)
  } catch {
    // a text that only looks like JSON is a text
    return value
  }
}

/** The value at the path; what is JSON text on the way there is read as JSON. */
export function readField(path: JsonPath, event: unknown): unknown {
  return path.reduce<unknown>((place, step) => readStep(step, parsedText(place)), event)
}

/** Why an id cannot be one of this column; the id is not quoted. */
export function misfit({ name, type, maxLength = MAX_LENGTH, isAscii }: KeyColumn, id: string): string | undefined {
  // the server would round 1.4 to somebody else's
  if (/^(?:TINY|SMALL|MEDIUM|BIG)?INT/i.test(type) && !/^-?\d+$/.test(id)) return `${name} is no whole number`
  if ([...id].length > maxLength) return `${name} is longer than ${maxLength} characters`
  if (isAscii && /[^\0-\x7f]/.test(id)) return `${name} holds other characters than ASCII`
  return undefined
}
