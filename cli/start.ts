import { parseDingTalkFaults } from '../local/dingtalk/faults'
import { MAX_PEOPLE, MIN_PEOPLE } from '../local/dingtalk/inventOrganisation'
import { readSettings } from '../local/project/settings'
import type { LocalDingTalkOptions } from '../local/stack/localDingTalk'
import { type Stack, startStack } from '../local/stack/stack'
import type { Environment } from '../shared/config'
import { firstSignal, runCommand, stopAndExit } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import { buildFunctions } from './build/buildFunctions'
import { createMapper } from './map/mapProject'
import { ROOT } from './project'
import { badVariables, variableSlips } from './variableSlips'

const HELP = `npm start [-- --config FILE] [--external] [--allow-host HOST …] [--fail FAULTS]
             [--dingtalk [N] [--dingtalk-fail FAULTS]]

Runs the whole chain on this machine: a MariaDB of its own, the embedded EventBridge and the functions:
webhook and employees, with DINGTALK_APP_KEY or --dingtalk enrich and reconcile as well.

  --config FILE      another eventbridge.yaml
  --external         allow a MYSQL_HOST or EVENTBRIDGE_ENDPOINT that is not on this machine
  --allow-host HOST  a host beyond this machine that targets over HTTP may send to
  --fail FAULTS      rehearse an incident: EventBridge then fails so often, such as
                     throttle=20%,error=2%,reset=1%,partial=5%,hang=1%,latency=300ms,deliver-fail=10%
  --dingtalk [N]     a loopback DingTalk beside it, of N invented people (13 to 100000; without N the organisation that
                     was there before, or one of 200), in place of DingTalk's own API
  --dingtalk-fail FAULTS
                     it then fails so often, such as throttle=5%,busy=1%,html=0.1%,latency=50ms-2s,callback-lost=33%;
                     docs/loopback-dingtalk.md has them all

PORT (8080), LOCAL_DIR (.local), TRACE_DAYS (7), TRACE_MAX_MB (256), MAX_CLOCK_SKEW_S, PUBLIC_ORIGIN, MYSQL_* and the
functions' own variables are read from the shell and from .env.local; never from .env, which belongs to \`s deploy\`.
`

const ARGUMENTS = {
  options: {
    config: { type: 'string' },
    external: { type: 'boolean' },
    'allow-host': { type: 'string', multiple: true },
    fail: { type: 'string' },
    dingtalk: { type: 'boolean' },
    'dingtalk-fail': { type: 'string' },
  },
  // N alone
  allowPositionals: true,
} as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  refuseOtherStack(process.env)
  const settings = readSettings(ROOT, process.env, values)
  const dingtalk = readDingTalkOptions(values, positionals)
  const { stopping, coming } = firstSignal()
  const stack = await startStack({
    projectDir: ROOT,
    settings,
    dingtalk,
    build: buildFunctions,
    slipsOf: variableSlips,
    badVariables,
    mapperOf: createMapper,
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

function sayReady({ webhookUrl, traceUrl, functionNames }: Stack): void {
  // counted from the start of the process
  const seconds = (performance.now() / 1000).toFixed(1)
  const running = functionNames.map((name) => name.replace(/^dingtalk-/, '')).join(', ')
  console.log(
    `Ready in ${seconds} s. Webhook: ${webhookUrl}  Event trace: ${traceUrl}  Functions: ${running}  (Ctrl-C stops)`,
  )
}

interface DingTalkValues {
  external?: boolean
  dingtalk?: boolean
  'dingtalk-fail'?: string
}

/** @throws UserError */
function readDingTalkOptions(values: DingTalkValues, words: readonly string[]): LocalDingTalkOptions | undefined {
  const { dingtalk, external, 'dingtalk-fail': fail } = values
  const [word, stray] = dingtalk ? words : [undefined, ...words]
  if (stray !== undefined) {
    throw new UserError(`Unexpected argument '${stray}' (--help shows the options; npm hands on those after -- alone)`)
  }
  if (!dingtalk && fail !== undefined) throw new UserError('--dingtalk-fail needs --dingtalk.')
  if (!dingtalk) return undefined
  if (external) {
    // a walk would mark everybody in that table as left whom nobody has invented
    throw new UserError(
      '--dingtalk invents people, and goes with no database or EventBridge elsewhere: leave out --external.',
    )
  }
  const people = word === undefined ? undefined : Number(word)
  if (word !== undefined && !(/^\d+$/.test(word) && Number(word) >= MIN_PEOPLE && Number(word) <= MAX_PEOPLE)) {
    throw new UserError(
      `--dingtalk takes a number of people from ${MIN_PEOPLE} to ${MAX_PEOPLE}, such as --dingtalk 200`,
    )
  }
  return { people, faults: fail === undefined ? undefined : parseDingTalkFaults('--dingtalk-fail', fail) }
}
