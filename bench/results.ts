import fs from 'node:fs'
import path from 'node:path'
import type { Table } from './topic'
import { topics } from './topics'

const FILE = path.join(__dirname, 'results.json')

/** How a topic was measured, and when: each may be of another run. */
export interface Measured {
  topic: string
  /** such as 2026-11-26 */
  date: string
  machine: string
  rounds: number
  table: Table
}

/** The last run of each topic that was kept, in the order of the topics. */
export function readResults(): Measured[] {
  // a figure that could not be had is null in JSON
  return inOrder(JSON.parse(fs.readFileSync(FILE, 'utf8'), (_, value) => value ?? Number.NaN))
}

/** In the place of what was kept of this topic. */
export function keepResult(result: Measured): void {
  const others = readResults().filter(({ topic }) => topic !== result.topic)
  fs.writeFileSync(FILE, `${JSON.stringify(inOrder([...others, result]), null, 2)}\n`)
}

function inOrder(results: readonly Measured[]): Measured[] {
  return topics.flatMap(({ name }) => results.filter(({ topic }) => topic === name))
}
