/**
 * Which of the names somebody most likely meant: the same but for case, hyphens and underscores, or a few letters off, of
 * each word no more than a third: APP_KEY is not AES_KEY.
 * @param most how many, of the longest; of names below ten letters it is one, below five none
 */
export function nearest(word: string, names: readonly string[], most = 2): string | undefined {
  const folded = fold(word)
  const near = names.flatMap((name) => {
    const other = fold(name)
    const off = distance(folded, other)
    return isLikeByWords(word, name) && off <= Math.min(most, Math.floor(Math.min(folded.length, other.length) / 5))
      ? [{ name, off }]
      : []
  })
  return near.sort((a, b) => a.off - b.off)[0]?.name
}

function isLikeByWords(word: string, name: string): boolean {
  const [own, others] = [word, name].map((text) => text.split(/[^\p{L}\p{N}]+/u).map(fold)) as [string[], string[]]
  return (
    own.length !== others.length ||
    own.every((part, at) => {
      const other = others[at] ?? ''
      return distance(part, other) <= Math.max(part.length, other.length) / 3
    })
  )
}

function fold(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Letters that are changed, added, left out, or swapped with the next one. */
function distance(a: string, b: string): number {
  let rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= a.length; i++) {
    const [above = [], twoAbove = []] = rows
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwapped ? (twoAbove[j - 2] ?? 0) + 1 : change
      row.push(Math.min(change, swap, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    rows = [row, above]
  }
  return rows[0]?.[b.length] ?? 0
}
