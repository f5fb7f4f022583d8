import type { Range } from '../../shared/dingtalk/directory/events'

const MOST_IDS = 1000
/** An older page of PutEvents' limits has 64 KB for an event, of which its other attributes take some. */
const MOST_BYTES = 60_000

/**
 * Divides ids into ranges of about the same size that cover all ids there may be, in the order of their bytes, which is that
 * of the table's keys. No ids are no ranges: a list of nobody is never the truth.
 */
export function rangesOf(ids: Iterable<string>): Range[] {
  const sorted = inByteOrder([...new Set(ids)])
  const longest = sorted.reduce((most, id) => Math.max(most, Buffer.byteLength(JSON.stringify(id)) + 1), 1)
  const most = Math.max(1, Math.min(MOST_IDS, Math.floor(MOST_BYTES / longest)))
  const size = Math.ceil(sorted.length / Math.ceil(sorted.length / most))
  const ranges: Range[] = []
  for (let from = 0; from < sorted.length; from += size) {
    const part = sorted.slice(from, from + size)
    const isLast = from + size >= sorted.length
    ranges.push({
      after: sorted[from - 1] ?? '',
      upTo: isLast ? null : (part.at(-1) ?? null),
      ids: part,
    })
  }
  return ranges
}

/** JavaScript's own order is that of the bytes but for characters beyond 16 bits; bytes of 100,000 ids take 20 MB. */
function inByteOrder(ids: string[]): string[] {
  const isPlain = !ids.some((id) => /[\ud800-\udfff]/.test(id))
  return isPlain ? ids.sort() : ids.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}
