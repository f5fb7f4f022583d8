import path from 'node:path'
import { readDotEnv, readProjectFile } from '../../local/project/projectFiles'
import { readServerlessFile } from '../../local/project/serverlessFile'
import { ROOT } from '../project'
import { runCommand } from '../runCommand'
import { allowBeyond, containerReach } from './containerReach'

const HELP = `npm run check:local

Says what the containers of \`s local invoke\` and \`s local start\` would talk to, and with which key, as \`s local\` does
before it starts one, and refuses what is not on this machine: \`s\` reads .env, which names the database, the EventBridge
and the key of the cloud.

  S_LOCAL_EXTERNAL=1  in the shell, never in .env: take them all the same

The local stack instead: set -a; . .local/env; set +a (docs/local-invoke.md).
`

void runCommand(HELP, {}, async () => {
  const dotEnv = readDotEnv(path.join(ROOT, '.env')) ?? {}
  // as `s` has it: what the shell has, if it is empty, goes before .env; below `s` the two are one already
  const environment = { ...dotEnv, ...process.env }
  const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
  const { lines, beyond } = containerReach({ functions, environment, dotEnv })
  console.log(['What s local hands to the containers:', ...lines].join('\n  '))
  const remark = allowBeyond(beyond, environment, dotEnv)
  if (remark !== undefined) console.log(remark)
})
