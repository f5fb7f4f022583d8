import fs from 'node:fs'
import path from 'node:path'
import { readCallbackKeys, readConnectorSecrets, readCorpId } from '../../local/sender/senderVariables'
import { runCommand } from '../../shared/runCommand'
import { stackEnvironment } from '../localStack'
import { ROOT } from '../project'
import { eventFiles, TEST_KEYS } from './eventFiles'

const HELP = `npm run events [-- --out DIR]

Makes the events that \`s local invoke -f\` and \`npm run host -- --invoke\` take, one file a case.

  --out DIR  the folder (events)

They are made anew each time, since signatures hold for CALLBACK_WINDOW_S only: with WEBHOOK_TOKEN, else
CONNECTOR_API_SECRET, and with DINGTALK_* (the first of each) of the shell, else with those that the running local stack
has, else of .env.local. The files hold the token: do not commit them.
`

const ASSIGNMENTS = [
  `DINGTALK_TOKEN=${TEST_KEYS.token}`,
  `DINGTALK_AES_KEY=${TEST_KEYS.aesKey}`,
  `DINGTALK_OWNER_KEYS=${TEST_KEYS.ownerKey}`,
].join(' ')

const ARGUMENTS = { options: { out: { type: 'string', default: 'events' } } } as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const environment = stackEnvironment()
  const ownKeys = readCallbackKeys(environment)
  const files = eventFiles({
    keys: ownKeys ?? TEST_KEYS,
    corpId: readCorpId(environment),
    secrets: readConnectorSecrets(environment),
    now: Date.now(),
  })
  const folder = path.resolve(ROOT, values.out)
  fs.mkdirSync(folder, { recursive: true })
  for (const { name, functionName, content } of files) {
    fs.writeFileSync(path.join(folder, name), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    console.log(`${path.join(values.out, name)}  for ${functionName}`)
  }
  if (ownKeys === undefined)
    console.log(`\nThe encrypted one is signed with test keys. Give the webhook the same:\n${ASSIGNMENTS}`)
})
