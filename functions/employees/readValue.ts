import type { Reading } from '../../shared/mapping/mapping'

/** What goes to the driver. Dates go as text: the connection has no time zone of its own to shift them by. */
export type SqlValue = string | number | null

/** The value cannot be read as the column wants it. */
export const BAD = Symbol('bad value')

/**
 * Reads a value of an event as a column wants it.
 * @param value not null, not undefined, not ""
 */
export function readValue(reading: Reading, value: unknown): SqlValue | typeof BAD {
  switch (reading) {
    case 'text':
      return readText(value)
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
    case 'date':
      return readDate(value)
    case 'time': {
      const ms = readTime(value)
      return ms === undefined ? BAD : new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
    }
    case 'json':
      return JSON.stringify(value)
    case 'departmentMap':
      return readDepartmentMap(value)
  }
}

/** An integer beyond 2^53 has lost digits in parsing: as an id it would be somebody else's. */
function readText(value: unknown): string | typeof BAD {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  return BAD
}

/** DingTalk prints booleans as true, "true" and 1 (facts/dingtalk: field matrix). */
function readBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 'true' || value === 1 || value === '1') return true
  if (value === false || value === 'false' || value === 0 || value === '0') return false
  return undefined
}

function readInteger(value: unknown): number | string | typeof BAD {
  if (Number.isSafeInteger(value)) return value as number
  return typeof value === 'string' && /^-?\d{1,18}$/.test(value) ? value : BAD
}

/** `yyyy-mm-dd`, or milliseconds: midnight in China, where DingTalk's hired dates are meant. */
function readDate(value: unknown): string | typeof BAD {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    // Date takes the 30th of February for the 2nd of March
    const ms = Date.parse(value)
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value) ? value : BAD
  }
  const ms = readTime(value)
  return ms === undefined ? BAD : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** The year 2248, where a version ends (version.ts). */
const MAX_TIME_MS = 2 ** 43 - 1

/** Milliseconds as a number or its text, or RFC 3339; undefined where it is neither. */
export function readTime(value: unknown): number | undefined {
  const isDigits = typeof value === 'string' && /^\d{1,16}$/.test(value)
  const ms = typeof value === 'number' || isDigits ? Number(value) : Date.parse(typeof value === 'string' ? value : '')
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= MAX_TIME_MS ? ms : undefined
}

/** `"{1:false}"`: DingTalk's maps look like JSON with unquoted keys. Keys and values stay as written. */
function readDepartmentMap(value: unknown): string | typeof BAD {
  if (typeof value === 'object') return JSON.stringify(value)
  const inside = typeof value === 'string' ? /^\s*\{(.*)\}\s*$/s.exec(value)?.[1] : undefined
  if (inside === undefined) return BAD
  const pairs = inside.split(',').filter((pair) => pair.trim() !== '')
  const entries = pairs.map((pair) => /^\s*"?(-?\d+)"?\s*:\s*"?(true|false|-?\d+)"?\s*$/.exec(pair))
  if (entries.includes(null)) return BAD
  return `{${entries.map((entry) => `"${entry?.[1]}":${entry?.[2]}`).join(',')}}`
}
