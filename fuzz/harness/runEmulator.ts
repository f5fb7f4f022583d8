// The embedded EventBridge in a process of its own, on a free port, with a store on disk. It sends its port first; to
// `{ faults: true }` it answers what nobody caught and what it logged, to `{ collect: true }` how much it holds.
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { answerUnknownPath, doorOf, openEventBridge, readEventBridgeFiles } from '../../emulator'
import { systemClock } from '../../shared/clock'
import { LOCAL } from '../../shared/localAccount'
import { listenHere } from '../../shared/ownServer'
import { SECRETS } from './secrets'

const faults: string[] = []
process.on('uncaughtException', (error) => faults.push(`uncaught: ${error?.stack}`))
process.on('unhandledRejection', (error) => faults.push(`unhandled: ${String(error)}`))
process.on('disconnect', () => process.exit())

start(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})

async function start(folder: string): Promise<void> {
  const cutOff = new AbortController()
  const connections = { invoke: async () => ({}), signal: cutOff.signal }
  const files = readEventBridgeFiles('EventBusName: fuzz\nRules: []\n', 'eventbridge.yaml', connections, LOCAL)
  const eventBridge = await openEventBridge({
    storeFile: path.join(folder, 'events.db'),
    files,
    connections,
    ...LOCAL,
    accessKeys: [{ accessKeyId: LOCAL.accessKeyId, accessKeySecret: SECRETS.accessKey }],
    clock: systemClock,
    random: Math.random,
    webhookUrl: '',
    log: (line) => faults.push(line),
  })
  eventBridge.deliver()
  const elsewhere: Parameters<typeof listenHere>[0]['elsewhere'] = (req, res) => answerUnknownPath(req, res, 'nowhere')
  const server = await listenHere({ port: 0, elsewhere, hint: String })
  server.open((req) => doorOf(eventBridge, req), eventBridge.endStreams)
  process.on('message', ({ collect }: { collect?: boolean }) => {
    process.send?.(collect ? { held: heldBytes() } : { faults: faults.splice(0) })
  })
  process.send?.({ port: server.port })
}

function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let times = 0; times < 10; times++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
