import { isRfc3339 } from '../../shared/isRfc3339'

/** The end of the year 9999, where DATETIME ends. */
const MAX_TIME_MS = 253_402_300_799_999

/**
 * Milliseconds as a number or its text; nine or ten digits are seconds (1973 to 2286; as milliseconds the first months of
 * 1970); or RFC 3339, with seconds or without, with its offset or, as EventBridge's reference writes it, the name of a zone:
 * `2020-10-10T08:00:00.000PRC`, `…Asia/Shanghai`, `…+08:00[Asia/Shanghai]`; or what a clock on the wall shows, `2026-09-22
 * 15:00`. Undefined where it is none of them.
 * @param zone of the wall, by its IANA name; without it no such time is read
 */
export function readTime(value: unknown, zone?: string): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && /^\d+$/.test(value))) {
    const text = String(value)
    const ms = /^\d{9,10}$/.test(text) ? Number(text) * 1000 : Number(text)
    // 0 is what a sender writes who knows no time
    return Number.isSafeInteger(ms) && ms > 0 && ms <= MAX_TIME_MS ? ms : undefined
  }
  if (typeof value !== 'string') return undefined
  const text = value.trim().replace(WITHOUT_SECONDS, '$1:00')
  const ms = isRfc3339(text) ? Date.parse(text) : (zonedTime(text) ?? wallTime(text, zone))
  return ms !== undefined && ms >= 0 && ms <= MAX_TIME_MS ? ms : undefined
}

/** RFC 3339 wants seconds; DingTalk's API prints `2022-08-31T11:52Z`. */
const WITHOUT_SECONDS = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2})(?=[A-Za-z+-])/

/** No other short names: CST is China's time to one, and Chicago's to the other. */
const ZONED = /^(\S+?[\dZz])(?:\[[\w/+-]+\]|(PRC|UTC|GMT|[A-Za-z]+(?:\/[\w+-]+)+))$/

function zonedTime(text: string): number | undefined {
  const [, local = '', zone] = ZONED.exec(text) ?? []
  if (zone === undefined) return isRfc3339(local) ? Date.parse(local) : undefined
  return timeIn(zone, local)
}

/** As people and systems write it, with seconds and their fractions or without. */
const WALL = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?$/

function wallTime(text: string, zone: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second = '00', fraction = '0'] = WALL.exec(text) ?? []
  if (year === undefined || zone === undefined) return undefined
  const two = (digits = '') => digits.padStart(2, '0')
  return timeIn(zone, `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}.${fraction}`)
}

/** @param local RFC 3339 without its offset */
function timeIn(zone: string, local: string): number | undefined {
  if (!isRfc3339(`${local}Z`)) return undefined
  const wall = Date.parse(`${local}Z`)
  try {
    // the offset may change with the zone's summer time
    const guess = wall - offsetOf(zone, wall)
    return wall - offsetOf(zone, guess)
  } catch {
    return undefined // no such zone
  }
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. @throws RangeError for a zone that there is not */
function offsetOf(zone: string, ms: number): number {
  const text = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).format(ms)
  const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d{2}):(\d{2})/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
