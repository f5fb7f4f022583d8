import * as z from 'zod/mini'

/** How many of a range one roster may take for gone: the greater of the two. */
export interface LeaverLimit {
  count: number
  /** of those who are there, in the range */
  percent: number
}

const LIMIT = /^(?:(\d{1,9})|(\d{1,3}(?:\.\d{1,3})?)%)$/
const EXPECTED = 'must be a number, a percentage or both, such as 5,2%'

/** `5,2%`, `5` or `2%`: MAX_LEAVERS, or a table's own `limit` in mapping.yaml. */
export const leaverLimit = z.pipe(
  z.union([z.string(), z.number()], EXPECTED).check(z.refine((text) => parseLimit(text) !== undefined, EXPECTED)),
  z.transform((text: string | number): LeaverLimit => parseLimit(text) ?? DEFAULT_LIMIT),
)

export const DEFAULT_LIMIT: LeaverLimit = { count: 5, percent: 2 }

function parseLimit(text: string | number): LeaverLimit | undefined {
  const parts = String(text)
    .split(',')
    .map((part) => LIMIT.exec(part.trim()))
  const counts = parts.filter((part) => part?.[1] !== undefined)
  const percents = parts.filter((part) => part?.[2] !== undefined)
  if (counts.length + percents.length !== parts.length || counts.length > 1 || percents.length > 1) return undefined
  const percent = Number(percents[0]?.[2] ?? 0)
  return percent > 100 ? undefined : { count: Number(counts[0]?.[1] ?? 0), percent }
}

/** @param range how many are there */
export function mostLeavers({ count, percent }: LeaverLimit, range: number): number {
  return Math.max(count, Math.floor((range * percent) / 100))
}
