/** The moments that a schedule names, in its own time zone. */
export interface Cron {
  /** The first of them after this one, in milliseconds since 1970. */
  next(after: number): number
}

/** The message says what is wrong and what to write. */
export class InvalidSchedule extends Error {
  override name = 'InvalidSchedule' as const
}

interface Field {
  name: string
  min: number
  max: number
  /** that stand for numbers, the first for `min` */
  names?: readonly string[]
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const SECOND: Field = { name: 'second', min: 0, max: 59 }
const MINUTE: Field = { name: 'minute', min: 0, max: 59 }
const HOUR: Field = { name: 'hour', min: 0, max: 23 }
const DAY: Field = { name: 'day of month', min: 1, max: 31 }
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTHS }
// 0 and 7 are Sunday
const WEEKDAY: Field = { name: 'day of week', min: 0, max: 7, names: DAYS }
const FIELDS = [SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY]

const DAY_MS = 86_400_000
/** The longest that anything is away: a 29 February, over a year of a century without one. */
const MAX_DAYS = 8 * 366

/**
 * Reads a schedule of a scheduled event source: cron of six fields, second, minute, hour, day of month, month, day of week
 * (1-5 is Monday to Friday), each with `*`, numbers, lists, ranges and steps, months and days of the week by their English
 * names, too, and `?` for a `*` of the two days. Where both days are restricted, one of them is enough, as in cron.
 * https://help.aliyun.com/en/eventbridge/user-guide/create-a-custom-event-source-of-the-time-trigger-type
 * @param timeZone `GMT+8:00`; absent or empty it is UTC
 * @throws InvalidSchedule
 */
export function parseCron(schedule: string, timeZone?: string): Cron {
  const offset = parseTimeZone(timeZone)
  const texts = schedule.trim().split(/\s+/)
  if (texts.length !== FIELDS.length) {
    throw new InvalidSchedule(
      'Schedule: must have six fields: second, minute, hour, day of month, month, day of week, such as 0 0 9 * * 1-5',
    )
  }
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((field, at) =>
    parseField(field, texts[at] ?? ''),
  ) as [number[], number[], number[], number[], number[], number[]]
  const [isAnyDay, isAnyWeekday] = [texts[3], texts[5]].map((text) => /^[*?]$/.test(text ?? ''))

  function isDay(date: Date): boolean {
    if (!months.includes(date.getUTCMonth() + 1)) return false
    const isOfMonth = days.includes(date.getUTCDate())
    const isOfWeek = weekdays.includes(date.getUTCDay()) || (date.getUTCDay() === 0 && weekdays.includes(7))
    if (isAnyWeekday) return isOfMonth
    return isAnyDay ? isOfWeek : isOfMonth || isOfWeek
  }

  /** The first moment of a day at or after so many seconds from its midnight, in such seconds. */
  function timeFrom(from: number): number | undefined {
    for (const hour of hours) {
      if (hour * 3600 + 3599 < from) continue
      for (const minute of minutes) {
        const start = hour * 3600 + minute * 60
        if (start + 59 < from) continue
        const second = seconds.find((candidate) => start + candidate >= from)
        if (second !== undefined) return start + second
      }
    }
    return undefined
  }

  function find(after: number): number | undefined {
    // a second is the smallest step; what is in the day's own zone is told as if it were UTC
    const from = Math.floor(after / 1000) * 1000 + 1000 + offset
    const today = Math.floor(from / DAY_MS) * DAY_MS
    for (let ahead = 0; ahead <= MAX_DAYS; ahead++) {
      const midnight = today + ahead * DAY_MS
      const time = isDay(new Date(midnight)) ? timeFrom(Math.max(0, from - midnight) / 1000) : undefined
      if (time !== undefined) return midnight + time * 1000 - offset
    }
    return undefined
  }

  const next = (after: number): number => {
    const found = find(after)
    if (found === undefined) throw new InvalidSchedule('Schedule: its months have no such day, so it would never come')
    return found
  }
  next(0)
  return { next }
}

function parseField(field: Field, text: string): number[] {
  const values = new Set(text.split(',').flatMap((part) => parsePart(field, part)))
  return [...values].sort((a, b) => a - b)
}

/** A number, a name, a range, `*` or `?`, each with a step or without: from 5 on every 15th is `5/15`. */
function parsePart(field: Field, part: string): number[] {
  const [range = '', step, ...more] = part.split('/')
  const [first = '', last, ...others] = range.split('-')
  if (more.length > 0 || others.length > 0) throw wrong(field, part)
  const isAny = range === '*' || (range === '?' && (field === DAY || field === WEEKDAY))
  const from = isAny ? field.min : numberOf(field, first, part)
  const to = isAny || (last === undefined && step !== undefined) ? topOf(field) : numberOf(field, last ?? first, part)
  const by = step === undefined ? 1 : Number(step)
  if (from > to || (step !== undefined && !(/^\d{1,2}$/.test(step) && by >= 1 && by <= field.max)))
    throw wrong(field, part)
  const values: number[] = []
  for (let value = from; value <= to; value += by) values.push(value)
  return values
}

/** Sunday is in `*` once: a step over 0 to 7 would meet it twice. */
function topOf(field: Field): number {
  return field === WEEKDAY ? 6 : field.max
}

function numberOf(field: Field, text: string, part: string): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1
  if (named >= 0) return named + field.min
  const value = Number(text)
  if (/^\d{1,2}$/.test(text) && value >= field.min && value <= field.max) return value
  throw wrong(field, part)
}

function wrong({ name, min, max, names }: Field, part: string): InvalidSchedule {
  const named = names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`
  const what = `${min} to ${max}${named}, a range that rises, a list of them, * or a step such as */5`
  return new InvalidSchedule(`Schedule: ${JSON.stringify(part)} is no ${name}; it must be ${what}`)
}

/** Milliseconds that the zone is ahead of UTC. */
function parseTimeZone(text = ''): number {
  if (text.trim() === '') return 0
  const [all, sign, hours = '0', minutes = '0'] =
    /^(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?([0-5]\d))?)?$/i.exec(text.trim()) ?? []
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000
  // the zones there are: https://www.iana.org/time-zones
  if (all === undefined || ahead > (sign === '-' ? 12 : 14) * 3_600_000) {
    throw new InvalidSchedule('TimeZone: must be an offset such as GMT+8:00; without, it is GMT+0:00')
  }
  return sign === '-' ? -ahead : ahead
}
