import type { Directory } from '../directory'
import { type Arguments, textOf } from './arguments'

const LONGEST_MS = 365 * 86_400_000
const MAX_RESULTS = 50

/**
 * v1.0/contact/empLeaveRecords: who left between two times, and came back or not; a page of them.
 * @returns undefined when an argument is wrong
 */
export function listLeaveRecords(
  args: Arguments,
  { organisation, access }: Directory,
): Record<string, unknown> | undefined {
  const from = timeOf(args, 'startTime')
  const to = timeOf(args, 'endTime')
  const offset = Number(textOf(args, 'nextToken') ?? NaN)
  const size = Number(textOf(args, 'maxResults') ?? NaN)
  const isPage = Number.isInteger(offset) && offset >= 0 && Number.isInteger(size) && size >= 1 && size <= MAX_RESULTS
  if (from === undefined || to === undefined || from > to || to - from > LONGEST_MS || !isPage) return undefined
  const all = organisation.leavers.filter(({ at }) => at >= from && at <= to)
  const next = offset + size
  return {
    nextToken: next < all.length ? String(next) : '0',
    records: all.slice(offset, next).map(({ userid, name, at, reason, person }) => ({
      userId: userid,
      name,
      ...(access.grants.includes('mobile') && { stateCode: '86', mobile: person?.mobile ?? '' }),
      leaveTime: new Date(at).toISOString(),
      leaveReason: reason,
    })),
  }
}

/** In UTC, and nothing else. */
function timeOf(args: Arguments, name: string): number | undefined {
  const text = textOf(args, name) ?? ''
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(ms) ? undefined : ms
}
