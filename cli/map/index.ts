import { chooseTables } from '../../functions/employees/maintenance/explain'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { readProjectFile } from '../../local/project/projectFiles'
import { readServerlessFile } from '../../local/project/serverlessFile'
import { readMappings } from '../../shared/mapping/readMappings'
import { oneArgument, runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { stackEnvironment } from '../localStack'
import { ROOT } from '../project'
import { readFile } from '../provision/file'
import { nameOf, readText } from '../readText'
import { badVariables } from '../variableSlips'
import { mapEvent } from './mapEvent'
import { mapProject, mapRules } from './mapProject'
import { tellMapped } from './tellMapped'

const HELP = `npm run map -- FILE|- [--table T] [--mapping FILE] [--config FILE] [--json]

What would this event do? Prints which rules of eventbridge.yaml match it, which tables of mapping.yaml take it and which do
not and why, and of each row that it makes every column: its value and the path that it is from, or why there is none; what
would be a dead letter, and the version by which the row takes or refuses it. Nothing is sent, and no database is asked.

FILE (- is stdin) holds what DingTalk posts: an event of a connector or a decrypted callback, an encrypted one (opened with
DINGTALK_AES_KEY), a SyncHTTP push, a frame of DingTalk Stream, or the lines of npm run listen -- --record; or a CloudEvent
as EventBridge delivers it, or a list of them, as the event trace shows it and npm run events writes it.

  --table T       one table alone
  --mapping FILE  another mapping.yaml, such as examples/five-columns.mapping.yaml
  --config FILE   another eventbridge.yaml
  --json          the same as JSON, for other programs

DROP_FIELDS, DINGTALK_CORP_ID, EVENT_SOURCE_NAME and DINGTALK_AES_KEY are the shell's, else those of the running local
stack, else those of .env.local.
`

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    table: { type: 'string' },
    mapping: { type: 'string' },
    config: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  const { table, mapping: mappingFile = 'mapping.yaml', config = 'eventbridge.yaml', json } = values
  const file = oneArgument(positionals, 'file', 'npm run map -- FILE, or - for stdin')
  const text = readText(file)
  const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
  const environment = stackEnvironment()
  for (const { who, problems } of badVariables(functions, environment).slice(0, 1)) {
    throw new UserError(`The ${who} could not start. ${problems}`)
  }
  const mappings = chooseTables(readMappings(readNamed(mappingFile), mappingFile), table, '--table')
  // whatever the bus and the source are called: nothing is published
  const variables = { ...environment, EVENT_BUS_NAME: undefined, EVENT_SOURCE_NAME: undefined }
  const files = readFile(readNamed(config), config, LOCAL_ACCOUNT, variables, undefined, true)
  const project = mapProject(functions, environment, mappings, files[0])
  const mapped = mapEvent(text, project, mapRules(files, functions, environment), Date.now())
  if (mapped.fault !== undefined) {
    const { line, column, message } = mapped.fault
    throw new UserError(`${nameOf(file)}:${line}:${column} ${message}`)
  }
  console.log(json ? JSON.stringify(mapped, null, 2) : tellMapped(mapped))
})

/** A file that the user has named is the user's; one of the project's can be brought back. */
function readNamed(file: string): string {
  return ['mapping.yaml', 'eventbridge.yaml'].includes(file) ? readProjectFile(ROOT, file) : readText(file)
}
