/** What would end a line, move a terminal's cursor, or turn what follows round. */
const CONTROLS = /[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu

/**
 * Lines of a table, each indented, their cells padded to the widest of their column. Cells may hold what strangers wrote:
 * each stays in its line.
 */
export function alignColumns(written: readonly (readonly string[])[]): string[] {
  const lines = written.map((line) => line.map((cell) => cell.replace(CONTROLS, ' ')))
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => displayWidth(line[at] ?? ''))))
  return lines.map((line) => {
    const cells = line.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - displayWidth(cell)))
    return `  ${cells.join('  ').trimEnd()}`
  })
}

/** Chinese characters take two columns of a terminal. */
function displayWidth(text: string): number {
  return [...text].reduce(
    (width, character) => width + (/[\u{1100}-\u{115f}\u{2e80}-\u{ffe6}\u{1f300}-\u{3ffff}]/u.test(character) ? 2 : 1),
    0,
  )
}
