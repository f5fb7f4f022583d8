import type { Measured } from '../results'
import { type Goal, isMet, type Table } from '../topic'
import { inChinese } from './chinese'
import { cellText, limitText } from './tableText'

export type Language = 'en' | 'zh'

/** Every topic that was measured: what it is, its table, and its goals. */
export function topicSections(results: readonly Measured[], language: Language): string {
  const say = wordsOf(language)
  const runs = new Set(results.map((measured) => howMeasured([measured], language)))
  const sections = results.map((measured) => {
    const { title, text, goals } = measured.table
    const lines = goals.map((goal) => goalLine(goal, language))
    // of several runs each topic says its own
    const how = runs.size > 1 ? [howMeasured([measured], language)] : []
    return [`## ${say(title)}`, say(text), ...how, topicTable(measured.table, language), lines.join('\n')]
  })
  return [...(runs.size === 1 ? runs : []), ...sections.flat()].join('\n\n')
}

/** Ours is in bold. */
export function topicTable({ head, rows }: Table, language: Language): string {
  const say = wordsOf(language)
  return markdownTable(
    head.map((column) => say(column)),
    rows.map(({ name, cells, isOurs }) => [
      isOurs ? `**${say(name)}**` : say(name),
      ...cells.map((cell) => (typeof cell === 'string' ? say(cell) : cellText(cell))),
    ]),
  )
}

/** Numbers from the second column on. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = `|---|${'--:|'.repeat(head.length - 1)}`
  const lineOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')
  return [lineOf(head), rule, ...rows.map(lineOf)].join('\n')
}

/** On which machine, when, and how often. */
export function howMeasured(results: readonly Measured[], language: Language): string {
  const all = (of: (measured: Measured) => string) => [...new Set(results.map(of))].sort()
  const dates = all(({ date }) => date)
  const when = dates.length > 1 ? `${dates[0]} – ${dates.at(-1)}` : (dates[0] ?? '–')
  const machines = all(({ machine }) => machine).join(' / ')
  const rounds = all(({ rounds }) => String(rounds)).join(', ')
  const isOnce = rounds === '1'
  if (language === 'zh') {
    return `测量日期：${when}；机器：${machines}；${isOnce ? '一轮' : `${rounds} 轮的中位数`}。`
  }
  return `Measured: ${when}, on ${machines}; ${isOnce ? 'one round' : `medians of ${rounds} rounds`}.`
}

export function wordsOf(language: Language): (text: string) => string {
  return language === 'zh' ? inChinese : (text) => text
}

export function withUnit(figure: number, unit: string | undefined, language: Language): string {
  return unit === undefined ? cellText(figure) : `${cellText(figure)} ${wordsOf(language)(unit)}`
}

function goalLine(goal: Goal, language: Language): string {
  const { what, measured, unit } = goal
  const said = [wordsOf(language)(what), withUnit(measured, unit, language), limitText(goal)] as const
  const [name, figure, limit] = said
  return `- ${isMet(goal) ? '✓' : '✗'} ${language === 'zh' ? `${name}：${figure}（${limit}）` : `${name}: ${figure} (${limit})`}`
}
