import { setMaxListeners } from 'node:events'
import { createHttpInvoke } from '../emulator'
import { readSettings } from '../local/project/settings'
import { startStandalone } from '../local/stack/standalone'
import { UserError } from '../shared/userError'
import { ROOT } from './project'
import { firstSignal, runCommand, stopAndExit } from './runCommand'

const HELP = `npm run eventbridge [-- --config FILE] [--function NAME=URL …] [--allow-host HOST …] [--fail FAULTS]

Runs the embedded EventBridge by itself: the API that the official SDK speaks, rules, deliveries and the event trace. The
functions are yours, wherever they run.

  --config FILE        the event bus, its rules and targets (eventbridge.yaml)
  --function NAME=URL  where a target's function is: an origin that speaks Function Compute's invoke contract (POST
                       /2023-03-30/functions/NAME/invocations), or a whole address, such as a custom runtime's
                       http://127.0.0.1:9000/invoke
  --allow-host HOST    a host beyond this machine that targets over HTTP may send to
  --fail FAULTS        see npm start -- --help

PORT (8080), LOCAL_DIR (.local), TRACE_DAYS (7), TRACE_MAX_MB (256) and MAX_CLOCK_SKEW_S are read from the shell and from
.env.local. When it is ready, LOCAL_DIR/env holds its endpoint and keys.
`

/** As long as Function Compute lets a function run, at most. */
const INVOKE_TIMEOUT_MS = 86_400_000

const ARGUMENTS = {
  options: {
    config: { type: 'string' },
    function: { type: 'string', multiple: true },
    'allow-host': { type: 'string', multiple: true },
    fail: { type: 'string' },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  // EVENTBRIDGE_ENDPOINT is for a stack's webhook function: nothing publishes there from here
  const settings = readSettings(ROOT, process.env, { ...values, external: true })
  const addresses = readFunctions(values.function ?? [])
  const cutOff = new AbortController()
  // each delivery under way listens to it
  setMaxListeners(0, cutOff.signal)
  const signal = firstSignal()
  const standalone = await startStandalone({
    projectDir: ROOT,
    settings,
    connections: {
      invoke: createHttpInvoke(addresses, { timeoutMs: INVOKE_TIMEOUT_MS, signal: cutOff.signal }),
      allowedHosts: settings.allowedHosts,
      signal: cutOff.signal,
    },
    logFault: (line) => console.error(line),
  })
  if (values.fail) console.log(`EventBridge fails on purpose: ${values.fail}`)
  const seconds = (performance.now() / 1000).toFixed(1)
  console.log(`Ready in ${seconds} s. EventBridge and event trace: ${standalone.url}  (Ctrl-C stops)`)
  const fault = await Promise.race([signal.coming, standalone.broken])
  cutOff.abort()
  await stopAndExit(standalone, fault)
})

/**
 * Reads `--function NAME=URL`, once a function.
 * @throws UserError
 */
function readFunctions(texts: readonly string[]): Map<string, URL> {
  const addresses = new Map<string, URL>()
  for (const text of texts) {
    const [, name = '', address = ''] = /^([A-Za-z_][\w-]*)=(.+)$/.exec(text) ?? []
    if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
      throw new UserError(
        `--function takes a name and an address, not "${text}": --function employees=http://127.0.0.1:9000`,
      )
    }
    if (addresses.has(name)) throw new UserError(`--function names ${name} twice.`)
    addresses.set(name, new URL(address))
  }
  return addresses
}
