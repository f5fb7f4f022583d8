import path from 'node:path'
import { parseArgs } from 'node:util'
import {
  type CallbackKeys,
  CONNECTOR_ACTIONS,
  type ConnectorAction,
  connectorBody,
  encryptedCallback,
  nativeEvent,
  type Person,
  postJson,
  randomUserId,
  readCallbackReply,
} from '../local/sender'
import { readSettings } from '../local/settings'
import { isLoopbackHost } from '../shared/isLoopbackHost'
import { UserError } from '../shared/userError'
import { confirmTarget } from './confirm'
import { runCommand } from './runCommand'
import { runningStack } from './runningStack'

const HELP = `npm run send -- <event> [--name NAME] [--user-id ID] [--encrypted] [--to URL] [--yes]

Sends a personnel event as DingTalk's connector would, to the local stack or to a URL.

  <event>        ${CONNECTOR_ACTIONS.join(', ')}
  --name NAME    the employee's name (小明); native callbacks carry none, but for user_modify_org
  --user-id ID   the employee's user id (a new one)
  --encrypted    as a native callback instead: signed and encrypted with DINGTALK_TOKEN, DINGTALK_AES_KEY and
                 DINGTALK_OWNER_KEYS of the shell or of .env.local (the first of each)
  --to URL       the webhook (the running local stack's)
  --yes          do not ask before sending to another machine

WEBHOOK_TOKEN, when set in the shell (or, for the local stack, in .env.local), is sent as a bearer token.
`

void runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      name: { type: 'string', default: '小明' },
      'user-id': { type: 'string' },
      encrypted: { type: 'boolean', default: false },
      to: { type: 'string' },
      yes: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const [event] = positionals
  if (!isConnectorAction(event) || positionals.length > 1) {
    throw new UserError(`Name one event: npm run send -- ${CONNECTOR_ACTIONS.join(' | ')}`)
  }
  const url = webhookUrl(values.to)
  console.log(`to ${url.origin}${url.pathname}`)
  await confirmTarget(url.hostname, values.yes)

  const person = { userId: values['user-id'] ?? randomUserId(), name: values.name }
  // a native callback carries ids and no fields, but for what has changed
  const carriesName = event !== 'user_leave_org' && (!values.encrypted || event === 'user_modify_org')
  console.log(`${event}  userId ${person.userId}${carriesName ? `  name ${person.name}` : ''}`)
  if (values.encrypted) await sendEncrypted(url, event, person)
  else await send(url, connectorBody(event, person))
})

async function sendEncrypted(url: URL, event: ConnectorAction, person: Person): Promise<void> {
  const keys = callbackKeys()
  const corpId = settings().environment['DINGTALK_CORP_ID'] ?? 'dingcorp'
  console.log(`corpId ${corpId}`)
  const callback = encryptedCallback(url, nativeEvent(event, person, corpId), keys)
  const reply = readCallbackReply(await send(callback.url, callback.body), keys)
  if (reply !== 'success') throw new UserError('DingTalk would not take this reply: its signature or its key is wrong.')
  console.log('which says: success')
}

/** The first of each, as the webhook has them. */
function callbackKeys(): CallbackKeys {
  const { environment } = settings()
  const first = (name: string) => environment[name]?.split(',')[0]?.trim() ?? ''
  const keys = {
    token: first('DINGTALK_TOKEN'),
    aesKey: first('DINGTALK_AES_KEY'),
    ownerKey: first('DINGTALK_OWNER_KEYS'),
  }
  if (keys.token && keys.aesKey && keys.ownerKey) return keys
  throw new UserError('Set DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS in .env.local, for npm start too.')
}

function isConnectorAction(text: string | undefined): text is ConnectorAction {
  return CONNECTOR_ACTIONS.some((action) => action === text)
}

function webhookUrl(to: string | undefined): URL {
  if (to !== undefined) {
    if (!URL.canParse(to)) throw new UserError('--to must be a URL: --to http://127.0.0.1:8080/webhook/putEvents')
    return new URL(to)
  }
  return new URL('/webhook/putEvents', runningStack()['ORIGIN'] ?? 'http://127.0.0.1:8080')
}

/** `.env.local` is the local stack's, so its token goes to no other machine. */
function tokenFor(url: URL): string | undefined {
  return isLoopbackHost(url.hostname) ? settings().environment['WEBHOOK_TOKEN'] : process.env['WEBHOOK_TOKEN']
}

function settings() {
  return readSettings(path.join(__dirname, '..'), process.env, { external: true })
}

/** Posts, and shows the answer. */
async function send(url: URL, body: unknown): Promise<string> {
  const { status, text } = await postJson(url, body, tokenFor(url)).catch(() => {
    throw new UserError(`Nothing answers at ${url.origin}. Is the stack running? npm start`)
  })
  console.log(`${status} ${text}`)
  if (status !== 200) throw new UserError('The event was not accepted.')
  return text
}
