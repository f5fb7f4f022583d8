import { alignColumns } from '../shared/alignColumns'
import type { MutantStatus, Report } from './runStryker'

type Counts = Readonly<Partial<Record<MutantStatus, number>>>

/** What became of the changes to one folder. */
export interface Score {
  folder: string
  counts: Counts
  /** of those that count, how many a test has noticed */
  percent: number
  /** of those that a test has reached */
  percentOfCovered: number
  ms: number
  survivors: readonly Survivor[]
}

interface Survivor {
  /** e.g. `shared/eachOf.ts:12:5` */
  place: string
  status: MutantStatus
  mutator: string
  was: string
  is: string
}

export function scoreOf(folder: string, { files }: Report, ms: number): Score {
  const counts: Partial<Record<MutantStatus, number>> = {}
  const survivors: Survivor[] = []
  for (const [file, { source, mutants }] of Object.entries(files)) {
    for (const { status, location, mutatorName: mutator, replacement: is = '' } of mutants) {
      counts[status] = (counts[status] ?? 0) + 1
      if (status !== 'Survived' && status !== 'NoCoverage') continue
      const { line, column } = location.start
      survivors.push({ place: `${file}:${line}:${column}`, status, mutator, was: textAt(source, location), is })
    }
  }
  const { Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0 } = counts
  const noticed = Killed + Timeout
  return {
    folder,
    counts,
    percent: percentOf(noticed, noticed + Survived + NoCoverage),
    percentOfCovered: percentOf(noticed, noticed + Survived),
    ms,
    survivors,
  }
}

/** Rounded down: a score just below the goal is below it. */
function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part * 1000) / whole) / 10
}

export function scoresTable(scores: readonly Score[]): string {
  const rows = scores.map(({ folder, counts, percent, percentOfCovered, ms }) => [
    folder,
    `${percent} %`,
    `${percentOfCovered} %`,
    ...(['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'] as const).map((status) => `${counts[status] ?? 0}`),
    `${Math.round(ms / 60_000)} min`,
  ])
  const heads = ['', 'score', 'of covered', 'killed', 'timeout', 'survived', 'no coverage', 'ignored', 'took']
  return alignColumns([heads, ...rows]).join('\n')
}

/** A line each: where, what it was and what it became. */
export function survivorsText(scores: readonly Score[]): string {
  const lines = scores.flatMap(({ survivors }) =>
    survivors.map(
      ({ place, status, mutator, was, is }) => `${place} ${status} ${mutator}: ${short(was)} → ${short(is)}`,
    ),
  )
  return lines.map((line) => `${line}\n`).join('')
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`
}

function textAt(source: string, { start, end }: { start: Position; end: Position }): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join('\n')
}

interface Position {
  line: number
  column: number
}
