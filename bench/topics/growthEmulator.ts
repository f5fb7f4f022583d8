import fs from 'node:fs'
import path from 'node:path'
import { buildCommand, publish, startEmulator } from '../harness/emulatorProcess'
import { exponentOf, median, type Running } from '../harness/measure'
import type { Bench, Topic } from '../topic'

/** Of each round. */
interface Figure {
  cpuMs: number[]
  pageMs: number[]
  /** of the store's file, an event */
  bytes: number[]
}

type Figures = ReadonlyMap<number, Figure>

/** What PutEvents and the first page of the trace cost with more events in the store, and with more rules. */
export const growthEmulator: Topic = {
  name: 'growthEmulator',
  async measure(bench) {
    const { rounds, quick, folder, report } = bench
    const command = await buildCommand(folder)
    const stored = quick ? [50, 150] : [1_000, 10_000, 100_000]
    // a bus takes 50
    const rules = quick ? [1, 10] : [1, 10, 50]
    const warmUp = quick ? 20 : 2_000
    const events = newFigures(stored)
    const patterns = newFigures(rules)
    for (let round = 0; round < rounds; round++) {
      const place = path.join(folder, `growth-${round}`)
      await withEmulator(command, path.join(place, 'stored'), 3, async (running) => {
        let kept = 0
        for (const size of stored) {
          await publish(running, { events: size - kept, batch: kept === 0 ? 1 : 16 })
          kept = size + (await look(running, events.get(size), bench))
          report((round + (size / Math.max(...stored)) * 0.7) / rounds)
        }
      })
      for (const size of rules) {
        const dir = path.join(place, `rules-${size}`)
        const kept = await withEmulator(command, dir, size, async (running) => {
          await publish(running, { events: warmUp })
          return warmUp + (await look(running, patterns.get(size), bench))
        })
        // closed, it has no log beside it
        patterns.get(size)?.bytes.push(fs.statSync(path.join(dir, 'kept/eventbridge/store.db')).size / kept)
      }
      report((round + 1) / rounds)
    }
    const rowsOf = (what: string, figures: Figures) =>
      [...figures].map(([size, { cpuMs, pageMs, bytes }]) => ({
        ...{ name: `${size.toLocaleString('en')} ${what}`, isOurs: true },
        cells: [median(cpuMs), median(pageMs), median(bytes)],
      }))
    const goal = (what: string, figures: Figures, name: keyof Figure) => ({
      what,
      atMost: 1,
      measured: exponentOf([...figures].map(([size, figure]) => [size, median(figure[name])] as const)),
    })
    return {
      title: 'The emulator with more events and rules',
      text: 'One event a request by 20 connections; a page is the newest events with their counts, and the chart of all. Exponents: 0 does not grow, 1 is in step.',
      head: ['', 'CPU ms/event', 'page ms', 'bytes/event'],
      rows: [...rowsOf('events stored', events), ...rowsOf('rules', patterns)],
      goals: [
        goal('PutEvents by events stored, exponent', events, 'cpuMs'),
        goal('page by events stored, exponent', events, 'pageMs'),
        goal('PutEvents by rules, exponent', patterns, 'cpuMs'),
        goal('bytes of an event by rules, exponent', patterns, 'bytes'),
      ],
    }
  },
}

function newFigures(sizes: readonly number[]): Figures {
  return new Map(sizes.map((size) => [size, { cpuMs: [], pageMs: [], bytes: [] }]))
}

async function withEmulator<T>(
  command: string,
  folder: string,
  rules: number,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const running = await startEmulator(command, folder, rules)
  try {
    return await work(running)
  } finally {
    await running.stop()
  }
}

/** @returns how many events it published for that */
async function look(running: Running, figures: Figure | undefined, { quick }: Bench): Promise<number> {
  const events = quick ? 20 : 1_000
  const { cpuMsPerEvent } = await publish(running, { events })
  figures?.cpuMs.push(cpuMsPerEvent)
  const visits: number[] = []
  for (let visit = 0; visit < (quick ? 2 : 10); visit++) {
    const began = performance.now()
    await Promise.all(['events', 'activity'].map((name) => get(`${running.ready[1]}/trace/${name}`)))
    visits.push(performance.now() - began)
  }
  figures?.pageMs.push(median(visits))
  return events
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}
