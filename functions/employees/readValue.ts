import type { SqlValue } from '../../shared/database'
import { isObject, stringifyLossless } from '../../shared/json'
import type { Column } from '../../shared/mapping/mapping'
import { parsedText } from '../../shared/mapping/readKeys'
import { readTime } from './readTime'

/** The value cannot be read as the column wants it, or does not fit into it. */
export const BAD = Symbol('bad value')

/** As a column wants its values. */
export type Wanted = Pick<Column, 'as' | 'zone' | 'maxLength' | 'isAscii'>

/**
 * Reads a value of an event as a column wants it. What only the server can tell (a number that is out of range, say) it
 * tells later: repository.ts.
 * @param value not null, not undefined, not ""
 */
export function readValue(wanted: Wanted, value: unknown): SqlValue | typeof BAD {
  const read = readAs(wanted, value)
  return typeof read === 'string' && !fits(wanted, read) ? BAD : read
}

/** A half of a surrogate pair alone is no character: the driver would send another one in its place. */
function fits({ maxLength = Number.POSITIVE_INFINITY, isAscii }: Wanted, text: string): boolean {
  if (text.length > maxLength && [...text].length > maxLength) return false
  return /^[\0-\x7f]*$/.test(text) || (isAscii !== true && !/\p{Surrogate}/u.test(text))
}

function readAs({ as, zone, maxLength }: Wanted, value: unknown): SqlValue | typeof BAD {
  switch (as) {
    case 'text':
      return readText(value)
    case 'name':
      return readName(value, maxLength)
    case 'booleanText': {
      const flag = readBoolean(value)
      return flag === undefined ? BAD : String(flag)
    }
    case 'boolean': {
      const flag = readBoolean(value)
      return flag === undefined ? BAD : Number(flag)
    }
    case 'integer':
      return readInteger(value)
    case 'decimal':
      return readDecimal(value)
    case 'date':
      return readDate(value, zone)
    case 'time': {
      const ms = readTime(value, zone)
      return ms === undefined ? BAD : new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
    }
    case 'json':
      return readJson(value)
    case 'departmentMap':
      return readDepartmentMap(value) ?? BAD
    case 'firstInteger':
      return readFirstInteger(value)
  }
}

/**
 * An id beyond 2^53 that came as a number may have lost its digits before it came here (EventBridge's twin makes doubles
 * of numbers), and would be somebody else's.
 */
function readText(value: unknown): string | typeof BAD {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  return BAD
}

/** A person's name for people to read: no control characters, no space around it, cut to what the column holds. */
function readName(value: unknown, maxLength: number | undefined): string | typeof BAD {
  if (typeof value !== 'string') return BAD
  const name = value.replace(/\p{Cc}/gu, '').trim()
  return name === '' ? BAD : [...name].slice(0, maxLength).join('')
}

/** DingTalk prints booleans as true, "true" and 1. */
function readBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 'true' || value === 1 || value === '1') return true
  if (value === false || value === 'false' || value === 0 || value === '0') return false
  return undefined
}

function readInteger(value: unknown): number | string | typeof BAD {
  if (Number.isSafeInteger(value)) return value as number
  if (typeof value === 'bigint') return readInteger(String(value))
  return typeof value === 'string' && /^-?\d{1,18}$/.test(value) ? value : BAD
}

/** Of what people write for a number: `100人`, `500人以上`, `约 1,000 人`. */
function readFirstInteger(value: unknown): number | string | typeof BAD {
  if (Number.isSafeInteger(value)) return value as number
  // one that is printed with an exponent has no digits to go by
  if (typeof value === 'number' || typeof value === 'bigint') {
    return /e/.test(String(value)) ? BAD : readFirstInteger(String(value))
  }
  if (typeof value !== 'string') return BAD
  // full-width digits are others; a comma belongs to a number only before three digits
  const digits = /(?:^\s*-)?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)/.exec(value.normalize('NFKC'))?.[0]
  return digits === undefined ? BAD : readInteger(digits.trim().replaceAll(',', ''))
}

/** As text: a double would round it on the way to the server. */
function readDecimal(value: unknown): string | typeof BAD {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  return typeof text === 'string' && /^-?\d{1,40}(\.\d{1,30})?$/.test(text) ? text : BAD
}

/** A date as people and systems write it, perhaps with a time of the same place behind it, which does not count. */
const WALL_DATE = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/
const COMPACT_DATE = /^(\d{4})(\d{2})(\d{2})$/

/** A date, or a time, whose date depends on where one is: midnight in China is the day before in UTC. */
function readDate(value: unknown, zone: string): string | typeof BAD {
  const text = typeof value === 'object' ? '' : String(value).trim()
  const [, year, month = '', day = ''] = WALL_DATE.exec(text) ?? COMPACT_DATE.exec(text) ?? []
  if (year !== undefined) {
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    // Date takes the 30th of February for the 2nd of March
    const ms = Date.parse(date)
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) ? date : BAD
  }
  // before 1970
  const isNegative = /^-\d{9,14}$/.test(text)
  const ms = isNegative ? -(readTime(text.slice(1)) ?? Number.NaN) : readTime(value)
  return ms === undefined || Number.isNaN(ms) ? BAD : dateIn(zone, ms)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The date, yyyy-mm-dd, of a moment in a time zone, by its IANA name; the build has checked it. */
function dateIn(zone: string, ms: number): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  formats.set(zone, format)
  return format.format(ms)
}

/** JSON for a JSON column; DingTalk sends some objects and lists as their JSON text. */
function readJson(value: unknown): string | typeof BAD {
  const json = stringifyLossless(parsedText(value))
  // half of a surrogate pair is printed as an escape, which MySQL's parser refuses
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/i.test(json) ? BAD : json
}

/**
 * DingTalk's maps by department, as JSON text: `"{1:false}"` looks like JSON with unquoted keys; other interfaces send a
 * list, `[{"dept_id":1,"leader":false}]`, or the one item that there is, or their JSON text. Keys and values stay as they
 * are written: an order has up to 18 digits. Undefined when it is none of them.
 */
function readDepartmentMap(value: unknown): string | undefined {
  const entries = departmentEntries(value)
  const pairs = entries?.map(([id, of]) => [departmentId(id), departmentValue(of)] as const)
  if (pairs === undefined || pairs.some((pair) => pair.includes(undefined))) return undefined
  return `{${pairs.map(([id, of]) => `"${id}":${of}`).join(',')}}`
}

function departmentEntries(value: unknown): [unknown, unknown][] | undefined {
  if (typeof value === 'string') {
    const unquoted = unquotedEntries(value)
    if (unquoted !== undefined) return unquoted
    const map = parsedText(value)
    return map === value ? undefined : departmentEntries(map)
  }
  if (Array.isArray(value)) return value.map(departmentItem)
  if (!isObject(value)) return undefined
  return 'dept_id' in value ? [departmentItem(value)] : Object.entries(value)
}

function unquotedEntries(text: string): [unknown, unknown][] | undefined {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  const entries = inside
    ?.split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => /^\s*"?(-?\d+)"?\s*:\s*"?(true|false|-?\d+)"?\s*$/.exec(pair))
  return entries?.includes(null) ? undefined : entries?.map((entry) => [entry?.[1], entry?.[2]])
}

function departmentItem(item: unknown): [unknown, unknown] {
  if (!isObject(item)) return [undefined, undefined]
  return [item['dept_id'], item['leader'] ?? item['order']]
}

function departmentId(id: unknown): string | undefined {
  const text = Number.isSafeInteger(id) || typeof id === 'bigint' ? String(id) : id
  return typeof text === 'string' && /^-?\d{1,20}$/.test(text.trim()) ? text.trim() : undefined
}

/** As JSON: whether somebody leads it, or their place in it. */
function departmentValue(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : value
  if (typeof text === 'boolean' || text === 'true' || text === 'false') return String(text)
  return departmentId(text)
}
