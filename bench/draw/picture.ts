import type { Measured } from '../results'
import type { Row } from '../topic'
import { type Language, wordsOf } from './tables'
import { cellText } from './tableText'

interface Panel {
  title: string
  bars: { name: string; value: number; fill: string }[]
}

const WIDTH = 760
const NAMES = 300
const LINE = 24
const HEADING = 40
const LONGEST = WIDTH - NAMES - 80
/** On white and on black alike: no theme is asked for, since a page may have another than its reader's system. */
const COLOURS = { ours: '#2f81f7', peer: '#8b949e', text: '#7a828a' }
const FONT = `system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif`

const TITLES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    all: 'Cold starts and throughput',
    coldStartWebhook: 'Cold start of the webhook: CPU ms until the first answer (less is better)',
    coldStartEmployees: 'Cold start of employees: CPU ms until the first row (less is better)',
    chain: 'The whole chain: events a second ÷ express + mysql2 (more is better)',
    alone: 'employees, an event a call: events a second ÷ mysql2 execute (more is better)',
    arrays: 'employees, arrays of 100: rows a second ÷ one statement by hand (more is better)',
  },
  zh: {
    all: '冷启动与吞吐量',
    coldStartWebhook: 'webhook 冷启动：到第一个响应为止的 CPU 毫秒（越小越好）',
    coldStartEmployees: 'employees 冷启动：到写入第一行为止的 CPU 毫秒（越小越好）',
    chain: '整条链路：每秒事件数 ÷ express + mysql2（越大越好）',
    alone: 'employees，每次调用一个事件：每秒事件数 ÷ mysql2 execute（越大越好）',
    arrays: 'employees，每批 100 个事件：每秒行数 ÷ 手写单条语句（越大越好）',
  },
}

/** Cold starts and throughput as bars, an SVG: what was not measured is left out. */
export function picture(results: readonly Measured[], language: Language): string {
  const panels = panelsOf(results, language).filter(({ bars }) => bars.length > 0)
  const lines: string[] = []
  let y = 0
  for (const { title, bars } of panels) {
    lines.push(`<text x="0" y="${y + 24}" font-weight="600">${escaped(title)}</text>`)
    y += HEADING
    const most = Math.max(...bars.map(({ value }) => value))
    for (const { name, value, fill } of bars) {
      const length = Math.max(1, Math.round((value / most) * LONGEST))
      lines.push(`<text x="${NAMES - 12}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`)
      lines.push(`<rect x="${NAMES}" y="${y}" width="${length}" height="${LINE - 6}" rx="2" fill="${fill}"/>`)
      lines.push(`<text x="${NAMES + length + 8}" y="${y + 14}">${cellText(value)}</text>`)
      y += LINE
    }
    y += LINE / 2
  }
  const size = `viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${FONT}" font-size="13" fill="${COLOURS.text}">`,
    `<title>${TITLES[language]['all']}</title>`,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

function panelsOf(results: readonly Measured[], language: Language): Panel[] {
  const say = wordsOf(language)
  const rowsOf = (topic: string) => results.find((measured) => measured.topic === topic)?.table.rows ?? []
  const panel = (title: string, rows: readonly Row[], of: (row: Row) => number) => ({
    title: TITLES[language][title] ?? title,
    bars: rows
      .map((row) => ({ name: say(row.name), value: of(row), fill: row.isOurs ? COLOURS.ours : COLOURS.peer }))
      .filter(({ value }) => Number.isFinite(value)),
  })
  // the last column of employees is its rate, the first one how many events a call has
  const employees = (size: number) => rowsOf('employees').filter(({ cells }) => cells[0] === size)
  const rateOf = ({ cells }: Row) => Number(cells.at(-1))
  const besideRow = (rows: readonly Row[], peer: string) => {
    const rate = rows.filter(({ name }) => name === peer).map(rateOf)[0] ?? Number.NaN
    return (row: Row) => rateOf(row) / rate
  }
  return [
    panel('coldStartWebhook', rowsOf('coldStartWebhook'), ({ cells }) => Number(cells[0])),
    panel('coldStartEmployees', rowsOf('coldStartEmployees'), ({ cells }) => Number(cells[0])),
    panel('chain', rowsOf('chain'), ({ cells }) => Number(cells[1])),
    panel('alone', employees(1), besideRow(employees(1), 'mysql2 execute')),
    panel('arrays', employees(100), besideRow(employees(100), 'mysql2, one statement')),
  ]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
