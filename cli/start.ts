import path from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '../local/settings'
import { type Stack, startStack } from '../local/stack'
import { buildFunctions } from './buildFunctions'
import { runCommand } from './runCommand'

const HELP = `npm start [-- --config FILE] [--external]

Runs the whole chain on this machine: a MariaDB of its own, the embedded EventBridge and both functions.

  --config FILE  another eventbridge.yaml
  --external     allow a MYSQL_HOST or EVENTBRIDGE_ENDPOINT that is not on this machine

PORT (8080), LOCAL_DIR (.local), PUBLIC_ORIGIN, MYSQL_* and the functions' own variables are read from the shell and
from .env.local; never from .env, which belongs to \`s deploy\`.
`

void runCommand(async () => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, config: { type: 'string' }, external: { type: 'boolean' } },
  })
  if (values.help) return console.log(HELP)

  const projectDir = path.join(__dirname, '..')
  const starting = startStack({
    projectDir,
    settings: readSettings(projectDir, process.env, values),
    build: buildFunctions,
    report: (line) => console.log(line),
    log: (line) => console.log(line),
  })
  stopOnSignals(starting)
  const stack = await starting
  // counted from the start of the process
  const seconds = (performance.now() / 1000).toFixed(1)
  console.log(`Ready in ${seconds} s. Webhook: ${stack.webhookUrl}  Event trace: ${stack.traceUrl}  (Ctrl-C stops)`)
})

/** The terminal and npm both pass Ctrl-C on, so a signal may come twice: the first stops, the rest changes nothing. */
function stopOnSignals(starting: Promise<Stack>): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      console.log('stopping …')
      starting
        .then((stack) => stack.stop())
        .then(() => process.exit(0))
        .catch(() => process.exit(1))
    })
  }
}
