import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildCommand, type Published, publish, startBareServer, startEmulator } from '../harness/emulatorProcess'
import { median, type Running, usageOf } from '../harness/measure'
import type { Topic } from '../topic'

const RULES = 3
const BATCHES = [1, 16]

interface Contestant {
  name: string
  isOurs: boolean
  start(folder: string): Promise<Running>
  readyMs: number[]
  idleMb: number[]
  /** by the events in a request */
  published: Map<number, Published[]>
}

/** The emulator by itself: how soon it is there, what it holds, and how many events it takes. */
export const emulator: Topic = {
  name: 'emulator',
  async measure({ rounds, quick, folder, report }) {
    const command = await buildCommand(folder)
    const contestant = (name: string, start: Contestant['start']): Contestant => ({
      ...{ name, isOurs: name === 'eventbridge-local', start, readyMs: [], idleMb: [] },
      published: new Map(BATCHES.map((batch) => [batch, []])),
    })
    const ours = contestant('eventbridge-local', (dir) => startEmulator(command, dir, RULES))
    const bare = contestant('bare node:http + SQLite', startBareServer)
    const contestants = [bare, ours]
    let done = 0
    for (let round = 0; round < rounds; round++) {
      for (const one of contestants) {
        const running = await one.start(path.join(folder, `emulator-${round}-${contestants.indexOf(one)}`))
        try {
          one.readyMs.push(running.readyMs)
          // what it does after its start is over then: the page is read
          await sleep(quick ? 300 : 2000)
          one.idleMb.push(usageOf(running.pid).rssMb)
          await publish(running, { events: quick ? 100 : 3000 })
          for (const batch of BATCHES) {
            const events = (quick ? 300 : 10_000) * Math.sqrt(batch)
            one.published.get(batch)?.push(await publish(running, { events, batch }))
          }
        } finally {
          await running.stop()
        }
        report(++done / (rounds * contestants.length))
      }
    }
    const figure = (one: Contestant, batch: number, name: keyof Published) =>
      median((one.published.get(batch) ?? []).map((published) => published[name]))
    const ratio = (batch: number) => {
      const ratioOf = {
        ours: figure(ours, batch, 'eventsPerS'),
        peer: figure(bare, batch, 'eventsPerS'),
        unit: 'events/s',
      }
      return { measured: ratioOf.ours / ratioOf.peer, ratioOf }
    }
    return {
      title: 'The emulator alone',
      text: `PutEvents by 20 connections, each event on disk before the answer; ${RULES} rules, none of which takes them. The bare server checks and matches nothing.`,
      head: [
        ...['', 'events/s', 'p99 ms', 'CPU ms/event', '16 a request: events/s', 'CPU ms/event', 'ready ms', 'idle MB'],
      ],
      rows: contestants.map((one) => ({
        ...{ name: one.name, isOurs: one.isOurs },
        cells: [
          ...[figure(one, 1, 'eventsPerS'), figure(one, 1, 'p99'), figure(one, 1, 'cpuMsPerEvent')],
          ...[figure(one, 16, 'eventsPerS'), figure(one, 16, 'cpuMsPerEvent')],
          ...[median(one.readyMs), median(one.idleMb)],
        ],
      })),
      goals: [
        { what: 'events/s ÷ bare server, one a request', atLeast: 0.5, ...ratio(1) },
        { what: 'events/s ÷ bare server, 16 a request', atLeast: 0.5, ...ratio(16) },
        { what: 'ready', atMost: 1000, measured: median(ours.readyMs), unit: 'ms' },
        { what: 'memory, idle', atMost: 90, measured: median(ours.idleMb), unit: 'MB' },
      ],
    }
  },
}
