import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { mysqlVariables } from '../../local/database/database'
import { createDingTalk } from '../../local/dingtalk/dingtalk'
import { systemClock } from '../../shared/clock'
import { emptyTables } from '../emptyTables'
import { type Invoked, invokeFunction } from '../invokeFunction'
import { startProcess } from '../measure'
import { API_SECRET, connectorBody, delivery, triggerEvent } from '../samples'
import type { Topic } from '../topic'

const CORP_ID = 'dinga1b2c3d4e5f60718'
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
    const dingtalk = await startDingTalk(folder)
    const bus = await startProcess(
      process.execPath,
      [path.join(__dirname, '../peers/eventBridge.mjs')],
      /listening on (\d+)/,
    )
    const people = Array.from({ length: PEOPLE }, (_, person) => person)
    const publishes = { EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${bus.ready[1]}`, EVENT_BUS_NAME: 'bench' }
    try {
      // at the same time: CPU is not asked for
      const measured = await Promise.all(
        [
          {
            name: 'webhook',
            payloads: people.map((person) => triggerEvent(person, person)),
            env: { ...publishes, CONNECTOR_API_SECRET: API_SECRET, CALLBACK_WINDOW_S: '86400' },
          },
          {
            name: 'employees',
            payloads: people.map((person) => delivery(connectorBody(person, person), `event-${person}`, person)),
            env: mysqlVariables(server),
          },
          {
            name: 'enrich',
            payloads: people.map((person) => delivery(idOnly(dingtalk.people[person] ?? ''), `id-${person}`, person)),
            env: { ...publishes, ...dingtalk.env },
          },
        ].map(async ({ name, ...invocation }, index) => {
          const module = path.join(dist, name, 'index.js')
          const invoked = await invokeFunction({ module, requests, ...invocation })
          report((index + 1) / 3)
          return { name, invoked }
        }),
      )
      return {
        title: 'Memory of a function',
        text: `RSS after so many of ${requests} requests, one at a time. Flat is: no more at the end than after the first fifth.`,
        head: ['function', ...[1, 2, 3, 4, 5].map((fifth) => `MB at ${(fifth * requests) / 5}`), 'last ÷ first'],
        rows: measured.map(({ name, invoked }) => ({
          name,
          cells: [...invoked.rssMb, growthOf(invoked)],
          isOurs: true,
        })),
        goals: measured.flatMap(({ name, invoked }) => [
          { what: `${name}, the most of these`, atMost: 96, measured: Math.max(...invoked.rssMb), unit: 'MB' },
          { what: `${name}, growth from the first fifth on`, atMost: 1.1, measured: growthOf(invoked) },
        ]),
      }
    } finally {
      dingtalk.close()
      await bus.stop()
    }
  },
}

function growthOf({ rssMb }: Invoked): number {
  return (rssMb.at(-1) ?? Number.NaN) / (rssMb[0] ?? Number.NaN)
}

function idOnly(userId: string): Record<string, unknown> {
  return { EventType: 'user_modify_org', CorpId: CORP_ID, TimeStamp: String(Date.now()), UserId: [userId] }
}

/** The loopback DingTalk, which answers as often as it is asked. */
async function startDingTalk(folder: string) {
  const dingtalk = createDingTalk({
    folder: path.join(folder, 'dingtalk'),
    people: PEOPLE,
    seed: 1,
    corpId: CORP_ID,
    callbackTarget: undefined,
    random: Math.random,
    clock: systemClock,
  })
  const server = http.createServer((req, res) => void dingtalk.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // it does not hold the bench, should what follows fail
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dingtalk`
  const control = async (name: string, body?: unknown) => {
    const answer = await fetch(
      `${url}/control/${name}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    )
    return (await answer.json()) as Record<string, unknown>
  }
  await control('settings', { perSecond: 1_000 })
  const { people } = await control('organisation')
  return {
    people: (people as { userid: string }[]).map(({ userid }) => userid),
    env: {
      DINGTALK_APP_KEY: dingtalk.appKey,
      DINGTALK_APP_SECRET: dingtalk.appSecret,
      DINGTALK_CORP_ID: CORP_ID,
      DINGTALK_API_ENDPOINT: `${url}/api`,
      DINGTALK_OAPI_ENDPOINT: `${url}/oapi`,
      DINGTALK_CALLS_PER_S: '60',
    },
    close() {
      dingtalk.stop()
      server.close()
      server.closeAllConnections()
    },
  }
}
