import http from 'node:http'
import path from 'node:path'
import { EVENTS } from '../../local/sender/events'
import { nativeEvent } from '../../local/sender/nativeEvent'
import { randomUserId } from '../../local/sender/person'
import { encryptedCallback } from '../../local/sender/requests'
import { type Instance, startInstance } from '../harness/instance'
import { startEventBridge } from '../harness/loopbackEventBridge'
import { median, quantile, type Running, startProcess, usageOf } from '../harness/measure'
import { connectorRequest, type Request, SECRETS, triggerEvent } from '../harness/samples'
import type { Topic } from '../topic'

const CORP_ID = 'dinga1b2c3d4e5f60718'
const KEYS = { token: 'benchToken', aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij', ownerKey: 'dingbench' }

/** The ways in which DingTalk proves that it may send. */
const KINDS: Readonly<Record<string, (turn: number) => Request>> = {
  token: (turn) => connectorRequest('token', turn, turn),
  'API secret': (turn) => connectorRequest('apiSecret', turn, turn),
  'encrypted callback': callbackRequest,
}

/** What one contestant needed for its requests. */
interface Round {
  cpuMs: number
  p50: number
  p99: number
}

interface Contestant {
  name: string
  isOurs: boolean
  run(count: number): Promise<Round>
}

/** The webhook by the request: PutEvents goes to a loopback server in a process of its own, one request at a time. */
export const webhook: Topic = {
  name: 'webhook',
  async measure({ rounds, quick, bundles, report }) {
    const count = quick ? 200 : 2000
    const bus = await startEventBridge()
    const instance = await startInstance(path.join(await bundles(), 'webhook/index.js'), {
      EVENTBRIDGE_ENDPOINT: `http://${bus.host}`,
      EVENT_BUS_NAME: 'bench',
      WEBHOOK_TOKEN: SECRETS.token,
      CONNECTOR_API_SECRET: SECRETS.apiSecret,
      DINGTALK_TOKEN: KEYS.token,
      DINGTALK_AES_KEY: KEYS.aesKey,
      DINGTALK_OWNER_KEYS: KEYS.ownerKey,
    })
    const env = {
      EVENTBRIDGE_ENDPOINT: bus.host,
      EVENT_BUS_NAME: 'bench',
      WEBHOOK_TOKEN: SECRETS.token,
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'bench',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'bench',
    }
    const servers: Running[] = []
    for (const name of ['webhookExpress', 'webhookNode']) {
      const file = path.join(__dirname, `../peers/${name}.mjs`)
      servers.push(await startProcess(process.execPath, [file], /listening on (\d+)/, { env }))
    }
    const [express, node] = servers as [Running, Running]
    const contestants: Contestant[] = [
      ...Object.entries(KINDS).map(([kind, make]) => ({
        name: `webhook, ${kind}`,
        isOurs: true,
        run: (requests: number) => callInstance(instance, requests, make),
      })),
      { name: 'express 5 + official SDK, token', isOurs: false, run: (requests) => post(express, requests) },
      { name: 'node:http, which asks nothing', isOurs: false, run: (requests) => post(node, requests) },
    ]
    const measured = contestants.map(() => [] as Round[])
    try {
      // the first round warms up
      for (let round = 0; round <= rounds; round++) {
        for (const [index, { run }] of contestants.entries()) {
          const result = await run(count)
          if (round > 0) measured[index]?.push(result)
          report((round * contestants.length + index + 1) / ((rounds + 1) * contestants.length))
        }
      }
    } finally {
      await Promise.all([instance.stop(), ...servers.map(({ stop }) => stop())])
      await bus.stop()
    }
    const peers = measured[contestants.findIndex(({ name }) => name.startsWith('express'))] ?? []
    const cpuOf = (some: readonly Round[]) => median(some.map(({ cpuMs }) => cpuMs))
    const besideExpress = (own: readonly Round[]) => median(own.map(({ cpuMs }, at) => cpuMs / (peers[at]?.cpuMs ?? 0)))
    return {
      title: 'Webhook by the request',
      text:
        `${count} requests a round, one at a time, each published on a loopback EventBridge before it is answered. Ours is` +
        ' called with the HTTP trigger’s event, as Function Compute does, and logs a line; the others receive HTTP.',
      head: ['', 'CPU ms a request', 'p50 ms', 'p99 ms', 'CPU ÷ express'],
      rows: contestants.map(({ name, isOurs }, index) => {
        const own = measured[index] ?? []
        const of = (figure: keyof Round) => median(own.map((round) => round[figure]))
        return { name, isOurs, cells: [of('cpuMs'), of('p50'), of('p99'), besideExpress(own)] }
      }),
      goals: contestants.flatMap(({ name, isOurs }, index) => {
        const own = measured[index] ?? []
        const ratioOf = { ours: cpuOf(own), peer: cpuOf(peers), unit: 'ms' }
        return isOurs ? [{ what: `CPU of ${name} ÷ express`, atMost: 0.3, measured: besideExpress(own), ratioOf }] : []
      }),
    }
  },
}

async function callInstance(instance: Instance, count: number, make: (turn: number) => Request): Promise<Round> {
  const events = Array.from({ length: count }, (_, turn) => triggerEvent(make(turn)))
  const { latencies, cpuMs } = await instance.call(events)
  return roundOf(latencies, cpuMs)
}

/** Requests by HTTP, one after another on one connection. */
async function post({ pid, ready }: Running, count: number): Promise<Round> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const requests = Array.from({ length: count }, (_, turn) => connectorRequest('token', turn, turn))
  const before = usageOf(pid).cpuMs
  const latencies: number[] = []
  for (const request of requests) {
    const started = performance.now()
    const status = await send(Number(ready[1]), request, agent)
    latencies.push(performance.now() - started)
    if (status !== 200) throw new Error(`the peer answered ${status}`)
  }
  agent.destroy()
  return roundOf(latencies, usageOf(pid).cpuMs - before)
}

function send(port: number, { url, headers, body }: Request, agent: http.Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const all = { 'content-length': Buffer.byteLength(body), ...headers }
    const request = http.request(
      { host: '127.0.0.1', port, path: url, method: 'POST', headers: all, agent },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode))
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

function roundOf(latencies: readonly number[], cpuMs: number): Round {
  return { cpuMs: cpuMs / latencies.length, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

function callbackRequest(): Request {
  const kind = EVENTS.find(({ name }) => name === 'user_modify_org')
  if (kind === undefined) throw new Error('there is no user_modify_org')
  const person = { userId: randomUserId(), name: '小明' }
  const now = Date.now()
  const message = JSON.stringify(nativeEvent(kind, { people: [person], corpId: CORP_ID, now }))
  const { url, body } = encryptedCallback(new URL('http://bench/webhook/putEvents'), message, KEYS, now)
  return {
    url: `${url.pathname}${url.search}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}
