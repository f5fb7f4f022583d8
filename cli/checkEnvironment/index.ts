import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { dotEnvWarnings, readDotEnv, readProjectFile } from '../../local/project/projectFiles'
import { readServerlessFile } from '../../local/project/serverlessFile'
import { type Environment, setVariables } from '../../shared/config'
import { runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { CERTIFICATES, ROOT } from '../project'
import { AUTHENTICATIONS, findProblems } from './findProblems'
import { notForTheCloud } from './notForTheCloud'
import { readAsServerlessDevs } from './readAsServerlessDevs'

const HELP = `npm run check:environment

Checks what s.yaml takes from .env and the shell, as \`s deploy\` does before it deploys anything: every variable that is
missing or bad is named, and every one that \`s\` would read in another way than it is written. Whether EVENT_BUS_NAME and
EVENT_SOURCE_NAME are those of eventbridge.yaml, \`npm run provision -- --plan\` tells.
`

void runCommand(HELP, {}, async () => {
  const file = path.join(ROOT, '.env')
  for (const warning of dotEnvWarnings(file)) console.log(`Mind ${warning}`)
  const dotEnv = readDotEnv(file)
  const sources = {
    dotEnv: dotEnv ?? {},
    dotEnvText: dotEnv === undefined ? '' : fs.readFileSync(file, 'utf8'),
    shell: process.env,
  }
  const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
  const environment = readAsServerlessDevs(sources)
  const codeFolders = functions.map(({ code }) => path.join(ROOT, code))
  const problems = [
    ...findProblems({ ...sources, functions, certificates: CERTIFICATES }),
    ...notForTheCloud(environment, codeFolders),
  ]
  if (problems.length > 0) {
    throw new UserError(
      ['Not ready to deploy; .env.example explains the variables.', ...new Set(problems)].join('\n  '),
    )
  }
  console.log('The environment is complete.')
  const variables = setVariables(environment)
  if (AUTHENTICATIONS.every((name) => variables[name] === undefined)) {
    console.log('Mind that no authentication is set: anyone who knows the URL of the webhook can send events.')
  }
  if (keepsLogs(environment)) {
    console.log(
      'Mind that s keeps log files, with passwords and tokens in them, under ~/.s/logs: `s set log disable` ends that, and `s set analysis disable` its reports of every command line.',
    )
  }
})

/** `s set log disable` writes it there: https://docs.serverless-devs.com/user-guide/builtin/set/ */
function keepsLogs(environment: Environment): boolean {
  const file = path.join(environment['serverless_devs_config_home'] ?? os.homedir(), '.s', 'set-config.yml')
  return !fs.existsSync(file) || !/^log: *disable\s*$/m.test(fs.readFileSync(file, 'utf8'))
}
