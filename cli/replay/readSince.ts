import { UserError } from '../../shared/userError'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * A moment in milliseconds since 1970: a time such as 2026-11-24T08:00:00+08:00, or how long ago, such as 30m, 2h, 1d.
 * @throws UserError
 */
export function readSince(text: string, now: number): number {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const time = number === undefined ? Date.parse(text) : now - Number(number) * (UNITS[unit] ?? 0)
  if (Number.isFinite(time) && /^\d/.test(text) && (number !== undefined || text.length >= 10)) return time
  throw new UserError('--since takes how long ago (30m, 2h, 1d) or a time (2026-11-24T08:00:00+08:00).')
}
