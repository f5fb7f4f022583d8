import path from 'node:path'
import { mysqlVariables } from '../../local/database/database'
import { emptyTables } from '../harness/emptyTables'
import { startInstance } from '../harness/instance'
import { CORP_ID, startDingTalk } from '../harness/loopbackDingTalk'
import { startEventBridge } from '../harness/loopbackEventBridge'
import { exponentOf, median } from '../harness/measure'
import { connectorBody, connectorRequest, delivery, SECRETS, triggerEvent } from '../harness/samples'
import type { Topic } from '../topic'

/** As many different events, which come again. */
const PEOPLE = 500
/** So often RSS is read: what garbage there is at one moment is chance. */
const READINGS = 20
/** Of a tenth of the requests each, and the median of what they leave behind counts: in some of them V8 compiles, or gives up code. */
const STRETCHES = 5
/** What is compiled in the meantime, and caches that fill, are some tens of bytes a call. */
const MOST_KEPT_BYTES = 512

/** What a function holds after many requests, one at a time, in one instance. */
export const memory: Topic = {
  name: 'memory',
  async measure({ quick, folder, bundles, database, report }) {
    const requests = quick ? 100 : 10_000
    // it makes a call for each, and no more than 60 a second
    const enriched = quick ? 40 : 1_600
    const dist = await bundles()
    const server = await database()
    await emptyTables(server)
    const dingtalk = await startDingTalk(path.join(folder, 'dingtalk'), PEOPLE)
    const bus = await startEventBridge()
    const { people: known } = await dingtalk.truth()
    const people = Array.from({ length: PEOPLE }, (_, person) => person)
    const publishes = { EVENTBRIDGE_ENDPOINT: `http://${bus.host}`, EVENT_BUS_NAME: 'bench' }
    let done = 0
    try {
      // at the same time: CPU is not asked for
      const measured = await Promise.all(
        [
          {
            name: 'webhook',
            count: requests,
            events: people.map((person) => triggerEvent(connectorRequest('apiSecret', person, person))),
            env: { ...publishes, CONNECTOR_API_SECRET: SECRETS.apiSecret, CALLBACK_WINDOW_S: '86400' },
          },
          {
            name: 'employees',
            count: requests,
            events: people.map((person) => delivery(connectorBody(person, person), `event-${person}`, person)),
            env: mysqlVariables(server),
          },
          {
            name: 'enrich',
            count: enriched,
            events: people.map((person) => delivery(idOnly(known[person]?.userid ?? ''), `id-${person}`, person)),
            env: { ...dingtalk.variables, ...publishes },
          },
        ].map(async ({ name, events, env, count }) => {
          const held = await memoryOf(path.join(dist, name, 'index.js'), env, events, count)
          report(++done / 3)
          return { name, count, ...held }
        }),
      )
      return {
        title: 'Memory of a function',
        text:
          `RSS over ${requests} requests one at a time, by its process without flags, whose heap V8 lets grow with the garbage:` +
          ' medians of its quarters. Kept is what a full collection finds more of after a tenth as many again, the median of five.',
        head: ['function', 'requests', 'most MB', 'MB, quarter 2', 'MB, quarter 4', 'exponent', 'bytes kept a request'],
        rows: measured.map(({ name, count, rssMb, keptBytes }) => ({
          name,
          cells: [count, Math.max(...rssMb), quarterOf(rssMb, 2), quarterOf(rssMb, 4), growthOf(rssMb), keptBytes],
          isOurs: true,
        })),
        goals: measured.flatMap(({ name, rssMb, keptBytes }) => [
          { what: `${name}, the most of these`, atMost: 96, measured: Math.max(...rssMb), unit: 'MB' },
          { what: `${name}, exponent of RSS by requests`, atMost: 0.1, measured: growthOf(rssMb) },
          { what: `${name}, kept of each request`, atMost: MOST_KEPT_BYTES, measured: keptBytes, unit: 'bytes' },
        ]),
      }
    } finally {
      await dingtalk.close()
      await bus.stop()
    }
  },
}

/** What an instance holds in the course of its requests, and of how much each leaves behind for good. */
async function memoryOf(module: string, env: NodeJS.ProcessEnv, events: readonly string[], requests: number) {
  const instance = await startInstance(module, env)
  const rssMb: number[] = []
  try {
    for (let reading = 0; reading < READINGS; reading++) {
      const { sinceStart } = await instance.call(reading === 0 ? events : [], requests / READINGS)
      rssMb.push(sinceStart.rssMb)
    }
    const kept: number[] = []
    let before = await instance.heldBytes()
    for (let stretch = 0; stretch < STRETCHES; stretch++) {
      await instance.call([], requests / 10)
      const held = await instance.heldBytes()
      kept.push((held - before) / (requests / 10))
      before = held
    }
    return { rssMb, keptBytes: median(kept) }
  } finally {
    await instance.stop()
  }
}

function quarterOf(rssMb: readonly number[], quarter: number): number {
  return median(rssMb.slice(((quarter - 1) * READINGS) / 4, (quarter * READINGS) / 4))
}

/** Of the second quarter on: in the first the code is compiled. */
function growthOf(rssMb: readonly number[]): number {
  return exponentOf(rssMb.map((mb, index) => [index + 1, mb] as const).slice(READINGS / 4))
}

function idOnly(userId: string): Record<string, unknown> {
  return { EventType: 'user_modify_org', CorpId: CORP_ID, TimeStamp: String(Date.now()), UserId: [userId] }
}
