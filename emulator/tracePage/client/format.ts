const two = (number: number, digits = 2) => String(number).padStart(digits, '0')

/** `15:03:22`, in the browser's time zone; with the day where that is not today. */
export function clockTime(ms: number, now: number): string {
  const [time, today] = [new Date(ms), new Date(now)]
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  return time.toDateString() === today.toDateString()
    ? text
    : `${two(time.getMonth() + 1)}-${two(time.getDate())} ${text}`
}

/** `2026-11-24 15:03:22.042`, in the browser's time zone. */
export function exactTime(ms: number): string {
  const time = new Date(ms)
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  return `${date} ${clock}.${two(time.getMilliseconds(), 3)}`
}

/** `45 ms`, `1.2 s`, `3 min`, in the units of a language */
export function duration(ms: number, units: Record<'ms' | 's' | 'min' | 'h' | 'd', string>): string {
  if (ms < 1_000) return `${Math.round(ms)} ${units.ms}`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} ${units.s}`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} ${units.min}`
  return ms < 86_400_000 ? `${Math.round(ms / 3_600_000)} ${units.h}` : `${Math.round(ms / 86_400_000)} ${units.d}`
}

/** A column's value; of one that has none, a dash. */
export function asText(value: unknown): string {
  if (value === undefined) return '–'
  if (value === null) return 'NULL'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

interface AnswerTexts {
  answer(name: string, value: string): string
  separator: string
}

/**
 * What a function answered, in short: of a summary, an object of numbers, those that are not 0, such as `stored 1`, and
 * which columns were left out.
 */
export function shortAnswer(answer: string, texts: AnswerTexts): string {
  try {
    const entries = Object.entries(JSON.parse(answer) as object)
    if (entries.length > 0 && entries.every(([name, value]) => typeof value === 'number' || name === 'badValues')) {
      const said = entries.filter(([, value]) => value !== 0)
      return said.map(([name, value]) => texts.answer(name, String(value))).join(texts.separator)
    }
  } catch {
    // it is no JSON, or was shortened
  }
  return answer
}
