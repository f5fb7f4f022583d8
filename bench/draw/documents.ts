import fs from 'node:fs'
import path from 'node:path'
import { type Measured, readResults } from '../results'
import { picture } from './picture'
import { summaryTable } from './summary'
import { howMeasured, type Language, topicSections, topicTable } from './tables'
import { cellText } from './tableText'

const PROJECT = path.join(__dirname, '../..')

/** What has parts that are drawn, each between `<!-- bench: NAME -->` and `<!-- /bench -->`. */
const DOCUMENTS: Readonly<Record<Language, readonly string[]>> = {
  en: ['README.md', 'docs/performance.md', 'docs/scale.md'],
  zh: ['README.zh-CN.md', 'docs/zh-CN/performance.md', 'docs/zh-CN/scale.md'],
}
const PICTURES: Readonly<Record<Language, string>> = {
  en: 'docs/images/performance.svg',
  zh: 'docs/zh-CN/images/performance.svg',
}
/** All that is drawn. */
export const DRAWN: readonly string[] = [...Object.values(DOCUMENTS).flat(), ...Object.values(PICTURES)]

const PART = /(<!-- bench: ([\w-]+) -->)[\s\S]*?(<!-- \/bench -->)/g

/** Writes the documents and pictures anew. */
export function drawDocuments(): void {
  for (const [file, text] of drawn(readResults())) fs.writeFileSync(path.join(PROJECT, file), text)
}

/** The documents and pictures as these results make them, by their names. */
export function drawn(results: readonly Measured[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const language of ['en', 'zh'] as const) {
    const parts = partsOf(results, language)
    for (const file of DOCUMENTS[language]) files.set(file, withParts(file, parts))
    files.set(PICTURES[language], picture(results, language))
  }
  return files
}

function withParts(file: string, parts: Readonly<Record<string, string>>): string {
  return fs
    .readFileSync(path.join(PROJECT, file), 'utf8')
    .replaceAll(PART, (_, begin: string, name: string, end: string) => {
      const part = parts[name]
      if (part === undefined) throw new Error(`${file}: the bench draws no ${name}`)
      return `${begin}${part}${end}`
    })
}

/** Tables stand apart, figures within a sentence. */
function partsOf(results: readonly Measured[], language: Language): Readonly<Record<string, string>> {
  const apart = (...texts: string[]) => `\n\n${texts.filter((text) => text !== '').join('\n\n')}\n\n`
  const walk = results.find(({ topic }) => topic === 'walk')
  return {
    summary: apart(summaryTable(results, language), howMeasured(results, language)),
    topics: apart(topicSections(results, language)),
    walk: walk === undefined ? apart() : apart(topicTable(walk.table, language), howMeasured([walk], language)),
    'delivery-ms': employeesFigure(results, 'employees', 1, 'p50 ms a call'),
    'array-rows': employeesFigure(results, 'employees', 100, 'events/s'),
    'statement-rows': employeesFigure(results, 'mysql2 execute', 1, 'events/s'),
  }
}

/** @param size how many events a call has, the first figure of each row */
function employeesFigure(results: readonly Measured[], name: string, size: number, column: string): string {
  const table = results.find(({ topic }) => topic === 'employees')?.table
  const row = table?.rows.find((row) => row.name === name && row.cells[0] === size)
  return cellText(row?.cells[(table?.head.indexOf(column) ?? 0) - 1] ?? Number.NaN)
}
