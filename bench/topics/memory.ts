import path from 'node:path'
import { mysqlVariables } from '../../local/database/database'
import { emptyTables } from '../harness/emptyTables'
import { startInstance } from '../harness/instance'
import { CORP_ID, startDingTalk } from '../harness/loopbackDingTalk'
import { startEventBridge } from '../harness/loopbackEventBridge'
import { connectorBody, connectorRequest, delivery, SECRETS, triggerEvent } from '../harness/samples'
import type { Topic } from '../topic'

/** As many different events, which come again. */
const PEOPLE = 500

/** What a function holds after many requests, one at a time, in one instance. */
export const memory: Topic = {
  name: 'memory',
  async measure({ quick, folder, bundles, database, report }) {
    const requests = quick ? 50 : 10_000
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
            events: people.map((person) => triggerEvent(connectorRequest('apiSecret', person, person))),
            env: { ...publishes, CONNECTOR_API_SECRET: SECRETS.apiSecret, CALLBACK_WINDOW_S: '86400' },
          },
          {
            name: 'employees',
            events: people.map((person) => delivery(connectorBody(person, person), `event-${person}`, person)),
            env: mysqlVariables(server),
          },
          {
            name: 'enrich',
            events: people.map((person) => delivery(idOnly(known[person]?.userid ?? ''), `id-${person}`, person)),
            env: { ...dingtalk.variables, ...publishes },
          },
        ].map(async ({ name, events, env }) => {
          const rssMb = await memoryOf(path.join(dist, name, 'index.js'), env, events, requests)
          report(++done / 3)
          return { name, rssMb }
        }),
      )
      return {
        title: 'Memory of a function',
        text: `RSS after so many of ${requests} requests, one at a time. Flat is: no more at the end than after the first fifth.`,
        head: ['function', ...[1, 2, 3, 4, 5].map((fifth) => `MB at ${(fifth * requests) / 5}`), 'last ÷ first'],
        rows: measured.map(({ name, rssMb }) => ({
          name,
          cells: [...rssMb, growthOf(rssMb)],
          isOurs: true,
        })),
        goals: measured.flatMap(({ name, rssMb }) => [
          { what: `${name}, the most of these`, atMost: 96, measured: Math.max(...rssMb), unit: 'MB' },
          { what: `${name}, growth from the first fifth on`, atMost: 1.1, measured: growthOf(rssMb) },
        ]),
      }
    } finally {
      await dingtalk.close()
      await bus.stop()
    }
  },
}

/** @returns MB after each fifth of the requests */
async function memoryOf(module: string, env: NodeJS.ProcessEnv, events: readonly string[], requests: number) {
  const instance = await startInstance(module, env)
  const rssMb: number[] = []
  try {
    for (let fifth = 0; fifth < 5; fifth++) {
      const { sinceStart } = await instance.call(fifth === 0 ? events : [], requests / 5)
      rssMb.push(sinceStart.rssMb)
    }
    return rssMb
  } finally {
    await instance.stop()
  }
}

function growthOf(rssMb: readonly number[]): number {
  return (rssMb.at(-1) ?? Number.NaN) / (rssMb[0] ?? Number.NaN)
}

function idOnly(userId: string): Record<string, unknown> {
  return { EventType: 'user_modify_org', CorpId: CORP_ID, TimeStamp: String(Date.now()), UserId: [userId] }
}
