const IDS_IN_LINE = 10

/**
 * Ids of people below what they are, some in a line, each line indented.
 * Example: `would leave:`, `  0147 0148`
 * @param most shows the first so many of them, and says so
 */
export function tellIds(what: string, ids: readonly string[], most = Number.POSITIVE_INFINITY): string[] {
  if (ids.length === 0) return []
  const shown = ids.slice(0, most)
  const title = shown.length < ids.length ? `${what}, the first ${shown.length} of ${ids.length}:` : `${what}:`
  const lines: string[] = []
  for (let at = 0; at < shown.length; at += IDS_IN_LINE) {
    // what strangers wrote stays in its line
    const ofLine = shown.slice(at, at + IDS_IN_LINE).map((id) => id.replace(/[\s\p{Cc}]+/gu, ' '))
    lines.push(`  ${ofLine.join(' ')}`)
  }
  return [title, ...lines]
}
