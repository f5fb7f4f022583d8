import type { Day } from '../protocol'

export interface Part {
  /** its first day */
  from: string
  joiners: number
  leavers: number
  /** in the evening of its last day */
  headcount: number
}

/** The days as they are, or put together by weeks, from Monday, or months. */
export function partsOf(days: readonly Day[], unit: 'day' | 'week' | 'month'): Part[] {
  const parts: Part[] = []
  let last: string | undefined
  for (const { day, joiners, leavers, headcount } of days) {
    const key = unit === 'day' ? day : unit === 'month' ? day.slice(0, 7) : weekOf(day)
    const part = parts.at(-1)
    if (part === undefined || key !== last) parts.push({ from: day, joiners, leavers, headcount })
    else Object.assign(part, { joiners: part.joiners + joiners, leavers: part.leavers + leavers, headcount })
    last = key
  }
  return parts
}

/** 1970-01-01 was a Thursday. */
function weekOf(day: string): string {
  return String(Math.floor((Date.parse(day) / 86_400_000 + 3) / 7))
}
