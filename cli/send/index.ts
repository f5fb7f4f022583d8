import { FORMS, isEncrypted } from '../../local/sender/events'
import { type Message, messagesFor } from '../../local/sender/messages'
import type { CallbackKeys, ConnectorSecrets } from '../../local/sender/requests'
import { readCallbackKeys, readConnectorSecrets, readCorpId } from '../../local/sender/senderVariables'
import type { Environment } from '../../shared/config'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { confirmTarget } from '../confirm'
import { localSettings, requireStack, runningStack, stackEnvironment } from '../localStack'
import { withProgress } from '../progress'
import { projectMappings } from '../project'
import { planSending, type Sending } from './planSending'
import { namesRecording, readRecording } from './readRecording'
import { afterUnauthorized, sendMany, sendMessage, showCounts, type Webhook } from './sendMessage'
import { listEvents, whereToLook } from './whatBecomes'

const HELP = `npm run send -- <event> [--form FORM] [--user-id ID,…] [--name NAME] [--count N] [--to URL] [--yes]
npm run send -- FILE.json|FILE.jsonl [--to URL] [--yes]
npm run send -- --list

Sends an event of DingTalk's address book as DingTalk would, to the local stack or to a URL; or that of a file, such as
those in examples/, or those of a .jsonl, one a line, which npm run listen -- --record made, as native callbacks.

  --list         the events, the forms each has, and what becomes of it
  --form FORM    ${FORMS.join(', ')}; the event's first in --list without it
  --encrypted    the same as --form native
  --user-id ID   the employee's user id (a new one); several, with commas, go in one push where the form has that
  --name NAME    the employee's name (小明), where the form carries one
  --count N      so many times, about another employee each
  --to URL       the webhook (the running local stack's)
  --yes          do not ask before sending to another machine

native, native-old and synchttp are signed and encrypted with DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS
(the first of each). WEBHOOK_TOKEN is sent as a bearer token; without it CONNECTOR_API_SECRET signs, as a connector does.
They are the shell's, else those that the running local stack has. For another webhook on this machine .env.local is read
as well; for one elsewhere its DINGTALK_* alone.
`

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    form: { type: 'string' },
    encrypted: { type: 'boolean' },
    'user-id': { type: 'string' },
    name: { type: 'string' },
    count: { type: 'string' },
    to: { type: 'string' },
    yes: { type: 'boolean', default: false },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  if (values.list) return console.log(listEvents(projectMappings()))

  if (namesRecording(positionals)) return sendRecording(String(positionals[0]), values)
  const sending = planSending(positionals, values)
  const { kind, form, pushes } = sending
  const url = webhookUrl(values.to)
  const webhook = { url, secrets: secretsFor(url), keys: isEncrypted(form) ? callbackKeys(url) : undefined }
  console.log(`to ${url.origin}${url.pathname}`)
  await confirmTarget(url.hostname, values.yes)

  const corpId = readCorpId(environmentFor(url))
  const messages = pushes.flatMap((people) => messagesFor(kind, form, { people, corpId, now: Date.now() }))
  const [message] = messages
  console.log(describe(sending, corpId))
  if (message !== undefined && messages.length === 1) await sendOne(message, webhook)
  else await sendAll(messages, webhook)

  const line = isLocalStack(url) ? whereToLook(sending, projectMappings(), url.origin) : undefined
  if (line !== undefined) console.log(line)
})

async function sendRecording(file: string, values: Parameters<typeof readRecording>[1]): Promise<void> {
  const messages = readRecording(file, values)
  const url = webhookUrl(values.to)
  console.log(`to ${url.origin}${url.pathname}`)
  await confirmTarget(url.hostname, values.yes ?? false)
  const webhook = { url, secrets: secretsFor(url), keys: callbackKeys(url) }
  const [message] = messages
  if (message !== undefined && messages.length === 1) await sendOne(message, webhook)
  else await sendAll(messages, webhook)
  if (isLocalStack(url)) console.log(`event trace: ${url.origin}/`)
}

/** Whom an event is about, which is how its row is found. */
function describe({ kind, form, pushes }: Sending, corpId: string): string {
  const ids = pushes.flat().map(({ userId }) => userId)
  const whom = ids.length === 0 || ids.length > 10 ? '' : `  userId ${ids.join(', ')}`
  const where = form === 'connector' || kind.about === 'url' ? '' : `  corpId ${corpId}`
  return `${kind.name} as ${form}${whom}${where}`
}

async function sendOne(message: Message, webhook: Webhook): Promise<void> {
  const { status, text, reply, problem } = await sendMessage(message, webhook)
  console.log(`${status} ${text}`)
  if (reply !== undefined) console.log(`which says: ${reply}`)
  if (problem !== undefined) throw new UserError([problem, ...hintAfter(status, webhook)].join(' '))
}

async function sendAll(messages: readonly Message[], webhook: Webhook): Promise<void> {
  const counts = await withProgress('sending', { total: messages.length }, (report) =>
    sendMany(messages, webhook, report),
  )
  console.log(showCounts(counts))
  if (counts.refused.size === 0) return
  const hints = [...counts.refused.keys()].flatMap((status) => hintAfter(status, webhook))
  throw new UserError(['Not every event was accepted.', ...hints].join(' '))
}

function hintAfter(status: number, webhook: Webhook): string[] {
  return status === 401
    ? [afterUnauthorized(webhook, isLocalStack(webhook.url) ? runningStack() : undefined, process.env)]
    : []
}

function callbackKeys(url: URL): CallbackKeys {
  const keys = readCallbackKeys(environmentFor(url))
  if (keys !== undefined) return keys
  throw new UserError('Set DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS in .env.local, for npm start too.')
}

function webhookUrl(to: string | undefined): URL {
  if (to === undefined) return new URL('/webhook/putEvents', requireStack()['ORIGIN'])
  const url = URL.canParse(to) ? new URL(to) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new UserError('--to must be an http or https URL: --to http://127.0.0.1:8080/webhook/putEvents')
}

function isLocalStack({ hostname, port }: URL): boolean {
  const origin = runningStack()['ORIGIN']
  return origin !== undefined && isLoopbackHost(hostname) && new URL(origin).port === port
}

/** `.env.local` is the local stack's, so its secrets go to no other machine. */
function secretsFor(url: URL): ConnectorSecrets {
  return readConnectorSecrets(isLoopbackHost(url.hostname) ? stackEnvironment() : process.env)
}

/** The test keys of the stack are no other machine's. */
function environmentFor({ hostname }: URL): Environment {
  return isLoopbackHost(hostname) ? stackEnvironment() : localSettings().environment
}
