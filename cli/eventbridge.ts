import { readFunctions, runStandalone } from '../emulator'
import { readProjectFile } from '../local/project/projectFiles'
import { readSettings } from '../local/project/settings'
import { runCommand } from '../shared/runCommand'
import { aloneDir } from './localStack'
import { ROOT } from './project'

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
.env.local. Its folder is LOCAL_DIR/eventbridge-alone, whose file env holds its endpoint and keys when it is ready.
`

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
  const { eventBridgeFile: name, environment, port, allowedHosts, faults, retention, maxClockSkewMs } = settings
  await runStandalone({
    dir: aloneDir(settings),
    port,
    config: { name, text: readProjectFile(ROOT, name) },
    variables: environment,
    functions: readFunctions(values.function ?? []),
    allowedHosts,
    faults,
    faultsText: values.fail,
    retention,
    maxClockSkewMs,
    retype: ({ folder, port: other } = {}) =>
      `${folder ? 'LOCAL_DIR=.local-2 ' : ''}${other === undefined ? '' : `PORT=${other} `}npm run eventbridge`,
  })
})
