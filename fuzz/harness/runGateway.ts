// The stack's gateway before the webhook's function, in a process of its own, on a free port: its server, its HTTP trigger and
// its function host. Sends its port first; to `{ faults: true }` it answers what nobody caught and what the function wrote.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { answerUnknownPath } from '../../emulator'
import { createRobot } from '../../local/dingtalk/robot'
import { createFunctionHost } from '../../local/functionHost/functionHost'
import { MAX_BODY_BYTES } from '../../local/gateway/fcGateway'
import { createHttpTrigger } from '../../local/gateway/httpTrigger'
import { createInvokeApi } from '../../local/gateway/invokeApi'
import { listen } from '../../local/gateway/origin'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { systemClock } from '../../shared/clock'
import { SECRETS } from './secrets'

const faults: string[] = []
let written: string[] = []
process.on('uncaughtException', (error) => faults.push(`uncaught: ${error?.stack}`))
process.on('unhandledRejection', (error) => faults.push(`unhandled: ${String(error)}`))
process.on('disconnect', () => process.exit())
// the server tells there of a door that failed
console.error = (line: unknown) => void faults.push(String(line))

const [bundle = '', endpoint = ''] = process.argv.slice(2)
start().catch((error: unknown) => {
  process.stderr.write(String(error))
  process.exit(1)
})

async function start(): Promise<void> {
  const { accountId, region } = LOCAL_ACCOUNT
  const webhook = createFunctionHost(
    {
      ...{
        name: 'dingtalk-webhook',
        bundle,
        handler: 'index.handler',
        memoryMb: 512,
        timeoutMs: 10_000,
        maxInstances: 1,
      },
      env: {
        ...{ EVENT_BUS_NAME: 'dingtalk', EVENTBRIDGE_ENDPOINT: endpoint, REQUEST_BUDGET_MS: '8000' },
        ...{ WEBHOOK_TOKEN: SECRETS.token, LOG_HASH_KEY: SECRETS.hashKey },
      },
      context: {
        ...{ accountId, region },
        credentials: { accessKeyId: 'a', accessKeySecret: SECRETS.accessKey, securityToken: SECRETS.securityToken },
      },
    },
    (line) => written.push(line),
  )
  const hosts = new Map([['dingtalk-webhook', webhook]])
  const origin = await listen(0, undefined, String)
  const nowhere = async (...[req, res]: Parameters<typeof answerUnknownPath>) => answerUnknownPath(req, res, 'nowhere')
  origin.open({
    eventBridge: () => undefined,
    webhook: createHttpTrigger({
      host: webhook,
      accountId,
      region,
      maxBodyBytes: MAX_BODY_BYTES,
      now: () => new Date(),
    }),
    invoke: createInvokeApi(hosts, { maxBodyBytes: MAX_BODY_BYTES }),
    robot: createRobot(systemClock).handle,
    organisation: (req, res) => nowhere(req, res, ''),
  })
  process.on('message', ({ collect }: { collect?: boolean }) => {
    process.send?.(collect ? { held: heldBytes() } : { faults: faults.splice(0), written: written.join('\n') })
    written = []
  })
  process.send?.({ port: Number(new URL(origin.url).port) })
}

function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let times = 0; times < 10; times++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
