import { isRfc3339 } from '../../shared/isRfc3339'
import { parseLossless, stringifyLossless } from '../../shared/losslessJson'
import type { Column } from '../../shared/mapping/mapping'
import { dateIn } from './dateIn'
import { readDepartmentMap } from './departmentMap'

/** What goes to the driver. Dates go as text: the connection has no time zone of its own to shift them by. */
export type SqlValue = string | number | null

/** The value cannot be read as the column wants it, or does not fit into it. */
export const BAD = Symbol('bad value')

/** As a column wants its values. */
export type Wanted = Pick<Column, 'as' | 'zone' | 'maxLength'>

/**
 * Reads a value of an event as a column wants it.
 * @param value not null, not undefined, not ""
 */
export function readValue(wanted: Wanted, value: unknown): SqlValue | typeof BAD {
  const read = readAs(wanted, value)
  const isTooLong = typeof read === 'string' && wanted.maxLength !== undefined && [...read].length > wanted.maxLength
  return isTooLong ? BAD : read
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
      const ms = readTime(value)
      return ms === undefined ? BAD : new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
    }
    case 'json':
      return readJson(value)
    case 'departmentMap':
      return readDepartmentMap(value) ?? BAD
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

/** As text: a double would round it on the way to the server. */
function readDecimal(value: unknown): string | typeof BAD {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  return typeof text === 'string' && /^-?\d{1,40}(\.\d{1,30})?$/.test(text) ? text : BAD
}

/** `yyyy-mm-dd`, or a time, whose date depends on where one is: midnight in China is the day before in UTC. */
function readDate(value: unknown, zone: string): string | typeof BAD {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    // Date takes the 30th of February for the 2nd of March
    const ms = Date.parse(value)
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value) ? value : BAD
  }
  const ms = readTime(value)
  return ms === undefined ? BAD : dateIn(zone, ms)
}

/** The year 2248, where a version ends (version.ts). */
const MAX_TIME_MS = 2 ** 43 - 1

/**
 * Milliseconds as a number or its text; ten digits are seconds (until the year 2286, as milliseconds the spring of 1970);
 * or RFC 3339 with its offset. Undefined where it is none of them.
 */
export function readTime(value: unknown): number | undefined {
  const text = String(value)
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{1,16}$/.test(value))) {
    const ms = /^\d{10}$/.test(text) ? Number(text) * 1000 : Number(text)
    return Number.isSafeInteger(ms) && ms >= 0 && ms <= MAX_TIME_MS ? ms : undefined
  }
  return typeof value === 'string' && isRfc3339(value) ? Date.parse(value) : undefined
}

/** JSON for a JSON column; DingTalk sends some objects and lists as their JSON text. */
function readJson(value: unknown): string {
  if (typeof value === 'string' && /^\s*[{[]/.test(value)) {
    try {
      return stringifyLossless(parseLossless(value))
    } catch {
      // a text that only looks like JSON is a text
    }
  }
  return stringifyLossless(value)
}
