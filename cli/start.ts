import { readSettings } from '../local/project/settings'
import { type Stack, startStack } from '../local/stack/stack'
import type { Environment } from '../shared/config'
import { UserError } from '../shared/userError'
import { buildFunctions } from './build/buildFunctions'
import { ROOT } from './project'
import { firstSignal, runCommand, stopAndExit } from './runCommand'
import { badVariables, variableSlips } from './variableSlips'

const HELP = `npm start [-- --config FILE] [--external] [--allow-host HOST …] [--fail FAULTS]

Runs the whole chain on this machine: a MariaDB of its own, the embedded EventBridge and both functions.

  --config FILE      another eventbridge.yaml
  --external         allow a MYSQL_HOST or EVENTBRIDGE_ENDPOINT that is not on this machine
  --allow-host HOST  a host beyond this machine that targets of the types http, https and acs.dingtalk may send to
  --fail FAULTS      rehearse an incident: EventBridge then fails so often, such as
                     throttle=20%,error=2%,reset=1%,partial=5%,hang=1%,latency=300ms,deliver-fail=10%

PORT (8080), LOCAL_DIR (.local), TRACE_DAYS (7), TRACE_MAX_MB (256), MAX_CLOCK_SKEW_S, PUBLIC_ORIGIN, MYSQL_* and the
functions' own variables are read from the shell and from .env.local; never from .env, which belongs to \`s deploy\`.
`

const ARGUMENTS = {
  options: {
    config: { type: 'string' },
    external: { type: 'boolean' },
    'allow-host': { type: 'string', multiple: true },
    fail: { type: 'string' },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  refuseOtherStack(process.env)
  const settings = readSettings(ROOT, process.env, values)
  const { stopping, coming } = firstSignal()
  const stack = await startStack({
    projectDir: ROOT,
    settings,
    build: buildFunctions,
    slipsOf: variableSlips,
    badVariables,
    report: (line) => stopping.aborted || console.log(line),
    stopping,
    log: (line) => console.log(line),
    logFault: (line) => console.error(line),
  }).catch((error: unknown) => {
    // what a stop breaks off half-way is no fault; what was started has been stopped
    if (stopping.aborted) process.exit(0)
    throw error
  })
  if (!stopping.aborted) {
    if (values.fail) console.log(`EventBridge fails on purpose: ${values.fail}`)
    sayReady(stack)
  }
  await stopAndExit(stack, await Promise.race([coming, stack.broken]))
})

/** A shell that has read a stack's env file, as the documents show for other commands: ORIGIN is set by nothing else. */
function refuseOtherStack({ ORIGIN, EVENTBRIDGE_ENDPOINT, MYSQL_HOST }: Environment): void {
  if (!ORIGIN || ORIGIN !== EVENTBRIDGE_ENDPOINT || !MYSQL_HOST) return
  throw new UserError(
    `This shell has the variables of a local stack (${ORIGIN}; of its file env), so this one would use that stack's database and EventBridge. Run npm start in another terminal.`,
  )
}

function sayReady({ webhookUrl, traceUrl }: Stack): void {
  // counted from the start of the process
  const seconds = (performance.now() / 1000).toFixed(1)
  console.log(`Ready in ${seconds} s. Webhook: ${webhookUrl}  Event trace: ${traceUrl}  (Ctrl-C stops)`)
}
