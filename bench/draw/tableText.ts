import { type Goal, isMet, type Table } from '../topic'

/** A table for a terminal, and as Markdown. */
export function tableText({ title, text, head, rows, goals }: Table): string {
  const lines = [head, ...rows.map(({ name, cells }) => [name, ...cells.map(cellText)])]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const lineOf = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column > 0)).join(' | ')} |`
  const rule = `|${widths.map((width, column) => '-'.repeat(width + 1) + (column > 0 ? ':' : '-')).join('|')}|`
  const [first = head, ...others] = lines
  return [`${title}. ${text}`, '', lineOf(first), rule, ...others.map(lineOf), '', ...goals.map(goalText), ''].join(
    '\n',
  )
}

function pad(text: string, width: number, isNumber: boolean): string {
  return isNumber ? text.padStart(width) : text.padEnd(width)
}

/** A number with three significant digits. */
export function cellText(cell: number | string): string {
  if (typeof cell === 'string') return cell
  if (!Number.isFinite(cell)) return '–'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(cell) || 1)))
  return cell.toLocaleString('en', { maximumFractionDigits: digits })
}

function goalText(goal: Goal): string {
  const { what, measured, unit = '' } = goal
  return `${isMet(goal) ? '✓' : '✗'} ${what}: ${`${cellText(measured)} ${unit}`.trimEnd()} (${limitText(goal)})`
}

/** What is asked for, in the unit of what is measured. */
export function limitText({ atMost, atLeast = Number.NaN }: Goal): string {
  return atMost === undefined ? `≥ ${cellText(atLeast)}` : `≤ ${cellText(atMost)}`
}
