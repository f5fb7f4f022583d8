import fs from 'node:fs'
import path from 'node:path'
import { readProjectFile } from '../../local/project/projectFiles'
import { readServerlessFile } from '../../local/project/serverlessFile'
import { runCommand } from '../../shared/runCommand'
import { readAsServerlessDevs } from '../checkEnvironment/readAsServerlessDevs'
import { ROOT } from '../project'
import { allowBeyond, containerReach } from './containerReach'

const HELP = `npm run check:local

Says what the containers of \`s local invoke\` and \`s local start\` would talk to, and with which key, as \`s local\` does
before it starts one, and refuses what is not on this machine: \`s\` reads .env, which names the database, the EventBridge
and the key of the cloud.

  S_LOCAL_EXTERNAL=1  in the shell, never in .env: take them all the same

The local stack instead: set -a; . .local/env; set +a (docs/local-invoke.md).
`

void runCommand(HELP, {}, async () => {
  const file = path.join(ROOT, '.env')
  const dotEnvText = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  const dotEnv = readAsServerlessDevs({ dotEnv: {}, dotEnvText, shell: {} })
  // below `s` the shell has what .env has, too, as `s` worked it out
  const environment = { ...dotEnv, ...process.env }
  const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
  const { lines, beyond } = containerReach({ functions, environment, dotEnv })
  console.log(['What s local hands to the containers:', ...lines].join('\n  '))
  const remark = allowBeyond(beyond, environment, dotEnv)
  if (remark !== undefined) console.log(remark)
})
