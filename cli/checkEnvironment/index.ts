import path from 'node:path'
import { readDotEnv, readProjectFile, shellFirst } from '../../local/project/projectFiles'
import { readServerlessFile } from '../../local/project/serverlessFile'
import { UserError } from '../../shared/userError'
import { CERTIFICATES, ROOT } from '../project'
import { runCommand } from '../runCommand'
import { AUTHENTICATIONS, findProblems } from './findProblems'

const HELP = `npm run check:environment

Checks what s.yaml takes from .env and the shell, as \`s deploy\` does before it deploys anything: every variable that is
missing or bad is named. Whether EVENT_BUS_NAME and EVENT_SOURCE_NAME are those of eventbridge.yaml, \`npm run provision
-- --plan\` tells.
`

void runCommand(HELP, {}, async () => {
  const dotEnv = readDotEnv(path.join(ROOT, '.env')) ?? {}
  const shell = process.env
  const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
  const problems = findProblems({ functions, dotEnv, shell, certificates: CERTIFICATES })
  if (problems.length > 0) {
    throw new UserError(['Not ready to deploy; .env.example explains the variables.', ...problems].join('\n  '))
  }
  console.log('The environment is complete.')
  const environment = shellFirst(shell, dotEnv)
  if (AUTHENTICATIONS.every((name) => environment[name] === undefined)) {
    console.log('Mind that no authentication is set: anyone who knows the URL of the webhook can send events.')
  }
})
