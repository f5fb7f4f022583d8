import path from 'node:path'
import { build } from 'esbuild'
import { type ColdStart, coldStart } from '../harness/instance'
import { startEventBridge } from '../harness/loopbackEventBridge'
import { median } from '../harness/measure'
import { connectorRequest, SECRETS, triggerEvent } from '../harness/samples'
import type { Topic } from '../topic'

const PEERS = path.join(__dirname, '../peers')

/** What a first request to the webhook costs: the process, the bundle, and the event on a bus of this machine. */
export const coldStartWebhook: Topic = {
  name: 'coldStartWebhook',
  async measure({ rounds, quick, folder, bundles, report }) {
    const ours = path.join(await bundles(), 'webhook/index.js')
    const peer = path.join(folder, 'webhookExpress.cjs')
    await build({
      entryPoints: [path.join(PEERS, 'webhookExpress.mjs')],
      outfile: peer,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
    })
    const bus = await startEventBridge()
    try {
      const env = {
        EVENT_BUS_NAME: 'bench',
        CONNECTOR_API_SECRET: SECRETS.apiSecret,
        WEBHOOK_TOKEN: SECRETS.token,
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'AKID',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'SECRET',
      }
      const oursEnv = { ...env, EVENTBRIDGE_ENDPOINT: `http://${bus.host}` }
      const peerEnv = { ...env, EVENTBRIDGE_ENDPOINT: bus.host }
      const starts = quick ? 1 : 3 * rounds
      const [node, webhook, express]: [ColdStart[], ColdStart[], ColdStart[]] = [[], [], []]
      for (let start = 0; start < starts; start++) {
        node.push(await coldStart(undefined, {}))
        const event = triggerEvent(connectorRequest('apiSecret', start, start))
        webhook.push(await coldStart(ours, oursEnv, [event]))
        express.push(await coldStart(peer, peerEnv, [], (port) => post(port, start)))
        report((start + 1) / starts)
      }
      const cpu = (some: readonly ColdStart[]) => median(some.map(({ cpuMs }) => cpuMs))
      const over = (some: readonly ColdStart[]) => cpu(some) - cpu(node)
      const row = (name: string, some: readonly ColdStart[]) => ({
        name,
        cells: [
          cpu(some),
          over(some),
          over(some) / over(express),
          median(some.map(({ wallMs }) => wallMs)),
          median(some.map(({ rssMb }) => rssMb)),
        ],
      })
      return {
        title: 'Cold start of the webhook',
        text: `From the start of the process to the answer to the first signed request, EventBridge on loopback; ${starts} starts each. The peer is bundled, too, and looks at a token where ours checks a signature.`,
        head: ['', 'CPU ms', 'over node', '× peer', 'ms', 'RSS MB'],
        rows: [
          row('bare node', node),
          { ...row('webhook', webhook), isOurs: true },
          row('express + @alicloud/eventbridge', express),
        ],
        goals: [
          { what: 'webhook, CPU over bare node', atMost: 60, measured: over(webhook), unit: 'ms' },
          {
            what: "webhook, of the peer's CPU over bare node",
            atMost: 0.3,
            measured: over(webhook) / over(express),
            ratioOf: { ours: over(webhook), peer: over(express), unit: 'ms' },
          },
        ],
      }
    } finally {
      await bus.stop()
    }
  },
}

async function post(port: number, turn: number): Promise<void> {
  const { url, headers, body } = connectorRequest('token', turn, turn)
  const { status } = await fetch(`http://127.0.0.1:${port}${url}`, { method: 'POST', headers, body })
  if (status !== 200) throw new Error(`the peer answered ${status}`)
}
