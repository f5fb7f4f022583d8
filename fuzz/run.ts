import fc from 'fast-check'
import { withProgress } from '../cli/progress'
import type { Area, AreaOptions } from './area'

export interface Ran {
  requests: number
  seconds: number
  /** held by the processes that were asked, garbage collected: after a tenth of all, and at the end */
  heldBytes: { before: number; after: number }
  counts: ReadonlyMap<string, number>
  /** each with the seed, and the smallest input that was found */
  findings: string[]
}

interface Drawing {
  requests?: number | undefined
  seed: number
  /** ends it with what was found so far */
  stopping?: AbortSignal
  /** takes each finding at once */
  found?(finding: string): void
}

/** So many have a seed of their own, so that one that fails does not end the run. */
const CHUNK = 500
/** For one chunk and what fast-check shrinks of it. */
const CHUNK_WITHIN_MS = 120_000
const MAX_FINDINGS = 10
/** What caches and compiled code may take on top; a leak of a hundred bytes a request is more. */
const MAX_GROWTH_BYTES = 8 * 1024 * 1024
/** In a shorter run most of what is held is still being made. */
const GROWTH_FROM = 10_000

/** Draws inputs for an area and holds what becomes of each. The same seed and number draw the same. */
export async function runArea(
  area: Area,
  options: AreaOptions,
  { requests = area.requests, seed, stopping, found = () => {} }: Drawing,
): Promise<Ran> {
  const open = await area.open(options)
  const findings: string[] = []
  const note = (finding: string) => {
    findings.push(finding)
    found(finding)
  }
  try {
    const started = performance.now()
    let before = await open.heldBytes()
    let sent = 0
    await withProgress(`fuzz ${area.name}`, { total: requests }, async (report) => {
      for (let chunk = 0; sent < requests && findings.length < MAX_FINDINGS && stopping?.aborted !== true; chunk++) {
        const numRuns = Math.min(CHUNK, requests - sent)
        const property = fc.asyncProperty(open.input, (input) => open.check(input))
        const params = {
          seed: seed + chunk,
          numRuns,
          interruptAfterTimeLimit: CHUNK_WITHIN_MS,
          markInterruptAsFailure: true,
        }
        const result = await fc.check(property, params)
        if (result.failed) note(tell(area.name, seed + chunk, result, open.show))
        sent += numRuns
        if (sent - numRuns < requests / 10 && sent >= requests / 10) before = await open.heldBytes()
        report(sent)
      }
    })
    const seconds = (performance.now() - started) / 1000
    const after = await open.heldBytes().catch(() => Number.NaN)
    if (sent >= GROWTH_FROM && after - before > MAX_GROWTH_BYTES) {
      note(`${area.name} holds ${after - before} bytes more than after a tenth of all requests`)
    }
    return { requests: sent, seconds, heldBytes: { before, after }, counts: open.counts, findings }
  } finally {
    await open.close()
  }
}

function tell(name: string, seed: number, result: fc.RunDetails<[unknown]>, show: (input: unknown) => string): string {
  const { counterexample, counterexamplePath, numShrinks, errorInstance } = result
  const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : 'it took too long'
  const input = counterexample === null ? '' : show(counterexample[0])
  const shown = input.length > 4_000 ? `${input.slice(0, 4_000)}… (${input.length} characters)` : input
  return `${name}, seed ${seed}, path ${counterexamplePath}, shrunk ${numShrinks} times:\n${why}\n${shown}`
}
