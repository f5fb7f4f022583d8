import path from 'node:path'
import { EVENTS } from '../../local/sender/events'
import { nativeEvent } from '../../local/sender/nativeEvent'
import { HTTP_EVENT, writeCloudEvent } from '../../shared/eventbridge/cloudEvent'
import { CONTEXT, startInstance } from '../harness/instance'
import { CALLS_PER_S, CORP_ID, type Double, type Floor, floorOf, startDingTalk } from '../harness/loopbackDingTalk'
import { startEventBridge } from '../harness/loopbackEventBridge'
import { exponentOf, median, usageOf } from '../harness/measure'
import type { Topic } from '../topic'

/** Who is named by an event that enrich reads. */
const NAMED_BY_AN_EVENT = 20

interface Run extends Floor {
  floor: Floor
  people: number
  cpuMs: number
  peakMb: number
}

/** How reconcile walks an organisation and enrich asks about people, beside the calls and the time that this takes at least. */
export const walk: Topic = {
  name: 'walk',
  async measure({ rounds, quick, folder, bundles, report }) {
    const dist = await bundles()
    const sizes = quick ? [100, 300] : [1_000, 10_000, 100_000]
    const asked = quick ? 60 : 600
    const bus = await startEventBridge()
    const endpoint = `http://${bus.host}`
    const reconcile = path.join(dist, 'reconcile/index.js')
    const enrich = path.join(dist, 'enrich/index.js')
    const walks = new Map<number, Run[]>()
    const looks: Run[] = []
    let done = 0
    // each is as long as the calls that it makes
    const total = rounds * (asked + sizes.slice(0, -1).reduce((sum, size) => sum + size, 0)) + (sizes.at(-1) ?? 0)
    try {
      for (const size of sizes) {
        const dingtalk = await startDingTalk(path.join(folder, `dingtalk-${size}`), size)
        try {
          const truth = await dingtalk.truth()
          // the largest takes minutes, and its figures stand still
          for (let round = 0; round < (size === sizes.at(-1) ? 1 : rounds); round++) {
            const event = JSON.stringify({ payload: 'full' })
            const run = await measureRun(dingtalk, reconcile, endpoint, [event], floorOf(truth), size)
            walks.set(size, [...(walks.get(size) ?? []), run])
            done += size
            report(done / total)
          }
          if (size !== sizes[0]) continue
          for (let round = 0; round < rounds; round++) {
            const users = Array.from({ length: asked }, (_, at) => truth.people[at % truth.people.length]?.userid ?? '')
            const floor = { calls: asked + 1, seconds: asked / CALLS_PER_S }
            looks.push(await measureRun(dingtalk, enrich, endpoint, namingEvents(users), floor, asked))
            done += asked
            report(done / total)
          }
        } finally {
          await dingtalk.close()
        }
      }
    } finally {
      await bus.stop()
    }
    const rows: (readonly [string, Run[]])[] = [
      ...[...walks].map(([size, runs]) => [`reconcile, ${size.toLocaleString('en')} people`, runs] as const),
      [`enrich, ${asked.toLocaleString('en')} people`, looks],
    ]
    const largest = ([...walks].at(-1)?.[1] ?? []).map(({ peakMb }) => peakMb)
    const before = ([...walks].at(-2)?.[1] ?? []).map(({ peakMb }) => peakMb)
    const growth = (figure: 'seconds' | 'cpuMs' | 'peakMb') =>
      exponentOf([...walks].map(([size, runs]) => [size, median(runs.map((run) => run[figure]))]))
    return {
      title: 'Reading the organisation',
      text:
        `At ${CALLS_PER_S} calls a second to a path, the most that can be set, against the loopback DingTalk without limits` +
        ' of its own. The fewest calls count each department four times, for everybody and for the ids, which are listed' +
        ' twice so that nobody who moves meanwhile is taken for a leaver; the fewest seconds are these calls ÷ the limit, and less' +
        ' where they are few: the first of them wait for none.',
      head: ['', 'calls', 'calls ÷ fewest', 'people/s', 'seconds ÷ fewest', 'CPU ms a person', 'peak MB'],
      rows: rows.map(([name, runs]) => {
        const of = (figure: (run: Run) => number) => median(runs.map(figure))
        const cells = [
          of(({ calls }) => calls),
          of(({ calls, floor }) => calls / floor.calls),
          of(({ people, seconds }) => people / seconds),
          of(({ seconds, floor }) => seconds / floor.seconds),
          of(({ people, cpuMs }) => cpuMs / people),
          of(({ peakMb }) => peakMb),
        ]
        return { name, isOurs: true, cells }
      }),
      goals: [
        ...rows.map(([name, runs]) => {
          const measured = median(runs.map(({ calls, floor }) => calls / floor.calls))
          const of = (figure: (run: Run) => number) => median(runs.map(figure))
          const ratioOf = { ours: of(({ calls }) => calls), peer: of(({ floor }) => floor.calls), unit: 'calls' }
          return { what: `calls of ${name} ÷ fewest`, atMost: 1.1, measured, ratioOf }
        }),
        {
          what: 'memory of the largest walk ÷ one of a tenth',
          atMost: 1.25,
          measured: median(largest) / median(before),
        },
        { what: 'seconds of a walk grow with people, exponent', atMost: 1, measured: growth('seconds') },
        { what: 'CPU of a walk grows with people, exponent', atMost: 1, measured: growth('cpuMs') },
        { what: 'memory of a walk grows with people, exponent', atMost: 0.1, measured: growth('peakMb') },
      ],
    }
  },
}

/** One invocation after another, in a process that has done nothing before. */
async function measureRun(
  dingtalk: Double,
  bundle: string,
  bus: string,
  events: readonly string[],
  floor: Floor,
  people: number,
): Promise<Run> {
  const instance = await startInstance(bundle, { ...dingtalk.variables, EVENTBRIDGE_ENDPOINT: bus })
  const before = dingtalk.calls()
  try {
    const { latencies, cpuMs, last } = await instance.call(events)
    const { outcome = 'walked' } = last as { outcome?: string }
    if (outcome !== 'walked') throw new Error(`the walk was ${outcome}`)
    const seconds = latencies.reduce((sum, ms) => sum + ms, 0) / 1000
    const { peakRssMb: peakMb } = usageOf(instance.pid)
    return { calls: dingtalk.calls() - before, seconds, cpuMs, floor, people, peakMb }
  } finally {
    await instance.stop()
  }
}

function namingEvents(users: readonly string[]): string[] {
  const kind = EVENTS.find(({ name }) => name === 'user_add_org')
  if (kind === undefined) throw new Error('there is no user_add_org')
  const source = { name: 'my.dingtalk', busName: 'bench', region: CONTEXT.region, accountId: CONTEXT.accountId }
  return Array.from({ length: Math.ceil(users.length / NAMED_BY_AN_EVENT) }, (_, at) => {
    const named = users.slice(at * NAMED_BY_AN_EVENT, (at + 1) * NAMED_BY_AN_EVENT)
    const people = named.map((userId) => ({ userId, name: '' }))
    const body = JSON.stringify(nativeEvent(kind, { people, corpId: CORP_ID, now: Date.now() }))
    return writeCloudEvent(source, { id: String(at), type: HTTP_EVENT, time: new Date(), data: `{"body":${body}}` })
      .json
  })
}
