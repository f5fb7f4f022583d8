import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { CallbackKeys } from '../local/sender/callback'
import { readSettings } from '../local/settings'
import type { Environment } from '../shared/config'
import { UserError } from '../shared/userError'
import { eventFiles } from './events/eventFiles'
import { runCommand } from './runCommand'

const HELP = `npm run events [-- --out DIR]

Makes the events that \`s local invoke -f\` and \`npm run host -- --invoke\` take, one file a case.

  --out DIR  the folder (events)

They are made anew each time, since signatures hold for CALLBACK_WINDOW_S only: with WEBHOOK_TOKEN, CONNECTOR_API_SECRET
and DINGTALK_* of the shell or of .env.local, as far as they are set (the first of each). The files hold them: do not
commit them.
`

/** Published by DingTalk with its FAQ on callbacks, and no secret. https://open.dingtalk.com/document/development/event-subscription-and-data-push */
const TEST_KEYS: CallbackKeys = {
  token: '123456',
  aesKey: '1234567890123456789012345678901234567890123',
  ownerKey: 'dingsnotzck6pm5veliw',
}

const ASSIGNMENTS = [
  `DINGTALK_TOKEN=${TEST_KEYS.token}`,
  `DINGTALK_AES_KEY=${TEST_KEYS.aesKey}`,
  `DINGTALK_OWNER_KEYS=${TEST_KEYS.ownerKey}`,
].join(' ')

const PROJECT = path.join(__dirname, '..')

void runCommand(async () => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, out: { type: 'string', default: 'events' } },
  })
  if (values.help) return console.log(HELP)
  const { environment } = readSettings(PROJECT, process.env, { external: true })
  const ownKeys = readKeys(environment)
  const files = eventFiles({
    keys: ownKeys ?? TEST_KEYS,
    corpId: environment['DINGTALK_CORP_ID'] ?? 'dingcorp',
    token: first(environment, 'WEBHOOK_TOKEN'),
    apiSecret: environment['CONNECTOR_API_SECRET'],
    now: Date.now(),
  })
  const folder = path.resolve(PROJECT, values.out)
  fs.mkdirSync(folder, { recursive: true })
  for (const { name, functionName, content } of files) {
    fs.writeFileSync(path.join(folder, name), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    console.log(`${path.join(values.out, name)}  for ${functionName}`)
  }
  if (ownKeys === undefined)
    console.log(`\nThe encrypted one is signed with test keys. Give the webhook the same:\n${ASSIGNMENTS}`)
})

/** Undefined when none is set. @throws UserError when some are */
function readKeys(environment: Environment): CallbackKeys | undefined {
  const token = first(environment, 'DINGTALK_TOKEN')
  const aesKey = first(environment, 'DINGTALK_AES_KEY')
  const ownerKey = first(environment, 'DINGTALK_OWNER_KEYS')
  if (token && aesKey && ownerKey) return { token, aesKey, ownerKey }
  if (!token && !aesKey && !ownerKey) return undefined
  throw new UserError('Set all of DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS, or none.')
}

/** Of a list, the one that is sent. */
function first(environment: Environment, name: string): string | undefined {
  return environment[name]?.split(',')[0]?.trim()
}
