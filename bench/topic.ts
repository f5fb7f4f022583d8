import type { Database } from '../local/database/database'

/** One table of `npm run bench`: ours beside the peers and the floor. A file of topics/ each. */
export interface Topic {
  /** its name on the command line, and the file's */
  name: string
  /** Measures it: everything that is compared in turn, round by round, so that what else the machine does falls on all alike. */
  measure(bench: Bench): Promise<Table>
}

export interface Bench {
  /** how often each is measured; the table has the medians */
  rounds: number
  /** a small run, to see that it works: its figures mean nothing */
  quick: boolean
  /** a folder that is removed at the end */
  folder: string
  /** A private MariaDB at default durability, started with the first call. */
  database(): Promise<Database>
  /** The functions as they are deployed, `<folder>/<function>/index.js`, built with the first call. */
  bundles(): Promise<string>
  /** how much of the topic is done, from 0 to 1 */
  report(part: number): void
}

export interface Table {
  title: string
  /** what is compared, and how; one or two sentences */
  text: string
  /** of the columns, the first one's included */
  head: readonly string[]
  rows: readonly Row[]
  goals: readonly Goal[]
}

export interface Row {
  name: string
  /** a number is shown with three significant digits */
  cells: readonly (number | string)[]
  /** ours is shown apart from peers and floors */
  isOurs?: boolean
}

/** What the issue asks for, beside what came out. */
export interface Goal {
  what: string
  atMost?: number
  atLeast?: number
  measured: number
  unit?: string
  /** the two figures that it is the ratio of, where it is one */
  ratioOf?: Ratio
}

export interface Ratio {
  ours: number
  /** or the floor's */
  peer: number
  unit: string
}

export function isMet({
  atMost = Number.POSITIVE_INFINITY,
  atLeast = Number.NEGATIVE_INFINITY,
  measured,
}: Goal): boolean {
  return measured <= atMost && measured >= atLeast
}
