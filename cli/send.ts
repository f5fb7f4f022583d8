import { parseArgs } from 'node:util'
import { CONNECTOR_ACTIONS, type ConnectorAction, connectorBody, postJson, randomUserId } from '../local/sender'
import { UserError } from '../shared/userError'
import { confirmTarget } from './confirm'
import { runCommand } from './runCommand'
import { runningStack } from './runningStack'

const HELP = `npm run send -- <event> [--name NAME] [--user-id ID] [--to URL] [--yes]

Sends a personnel event as DingTalk's connector would, to the local stack or to a URL.

  <event>        ${CONNECTOR_ACTIONS.join(', ')}
  --name NAME    the employee's name (小明)
  --user-id ID   the employee's user id (a new one)
  --to URL       the webhook (the running local stack's)
  --yes          do not ask before sending to another machine

WEBHOOK_TOKEN, when set in the shell, is sent as a bearer token.
`

void runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      name: { type: 'string', default: '小明' },
      'user-id': { type: 'string' },
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
  console.log(`${event}  userId ${person.userId}`)
  const { status, text } = await send(url, connectorBody(event, person))
  console.log(`${status} ${text}`)
  if (status !== 200) throw new UserError('The event was not accepted.')
})

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

async function send(url: URL, body: unknown): Promise<{ status: number; text: string }> {
  try {
    return await postJson(url, body, process.env['WEBHOOK_TOKEN'])
  } catch {
    throw new UserError(`Nothing answers at ${url.origin}. Is the stack running? npm start`)
  }
}
