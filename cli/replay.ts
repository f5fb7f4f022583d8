import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Connection } from 'mysql2/promise'
import type { Store } from '../emulator/store/store'
import { readSettings } from '../local/settings'
import { createEventBridgeClient } from '../shared/eventbridge/client'
import { EventBridgeUnavailable } from '../shared/eventbridge/errors'
import { UserError } from '../shared/userError'
import { confirmTarget } from './confirm'
import { queuedDeadLetters, recordedEvents } from './replay/fromStore'
import { tableDeadLetters } from './replay/fromTable'
import { withLocalStore } from './replay/localStore'
import { publishAgain } from './replay/publish'
import { readSince } from './replay/readSince'
import { onlyOnce, type Replayable } from './replay/replayable'
import { runCommand } from './runCommand'
import { isOnLocalStack, requireStack } from './runningStack'
import { withTargetDatabase } from './targetDatabase'
import { targetEventBridge } from './targetEventBridge'

const HELP = `npm run replay -- --dead-letters | --event ID | --since T [--plan] [--yes]

Publishes events again, unchanged: same id, same time. Replaying twice is harmless, since an older event never overwrites
what a newer one has set.

  --dead-letters  what could not be stored (the table dead_letters) and what could not be delivered (the local stack's
                  dead-letter queues)
  --event ID      the event of this id, from the local stack's event trace or from the table dead_letters
  --since T       everything that the local stack has received since then: 30m, 2h, 1d or 2026-11-24T08:00:00+08:00,
                  where a time without an offset is this machine's, and a date alone midnight UTC.
                  EventBridge in the cloud keeps no archive to replay from
  --plan          say what would be published, and publish nothing
  --yes           do not ask before publishing to another machine

Works on the running local stack, or on the database and the EventBridge that MYSQL_*, FC_ACCOUNT_ID, FC_REGION_ID (or
EVENTBRIDGE_ENDPOINT), ALIBABA_CLOUD_ACCESS_KEY_* and ALIBABA_CLOUD_SECURITY_TOKEN name in the shell.
`

void runCommand(async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      'dead-letters': { type: 'boolean', default: false },
      event: { type: 'string' },
      since: { type: 'string' },
      plan: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const ways = [values['dead-letters'], values.event !== undefined, values.since !== undefined]
  const given = ways.filter(Boolean).length
  if (given === 0) throw new UserError('Say what to replay: --dead-letters, --event ID or --since T')
  if (given > 1) throw new UserError('Only one of --dead-letters, --event and --since can be replayed at a time.')
  const since = values.since === undefined ? undefined : readSince(values.since, Date.now())

  const isLocal = isOnLocalStack()
  if (!isLocal && since !== undefined) {
    throw new UserError(
      'EventBridge in the cloud keeps no archive: --since is for the local stack. See --dead-letters.',
    )
  }
  const { endpoint, credentials } = targetEventBridge(isLocal ? requireStack() : process.env)
  console.log(`to ${endpoint.origin}`)

  const replay = async (connection: Connection, store: Store | undefined) => {
    const events = await chosen(connection, store, { since, eventId: values.event })
    for (const { id, source } of events) console.log(`${id}  ${source}`)
    if (values.plan || events.length === 0) return console.log(`${events.length} events to replay.`)
    await confirmTarget(endpoint.hostname, values.yes)
    await publish(events, endpoint, credentials)
  }
  await withTargetDatabase(async (connection) => {
    if (!isLocal) return replay(connection, undefined)
    const { localDir } = readSettings(path.join(__dirname, '..'), process.env, { external: true })
    return withLocalStore(localDir, (store) => replay(connection, store))
  }, 'It needs the table dead_letters (npm run migrate), and the account SELECT, UPDATE and DELETE on it.')
})

type Choice = { since: number | undefined; eventId: string | undefined }

async function chosen(connection: Connection, store: Store | undefined, { since, eventId }: Choice) {
  if (store && since !== undefined) return recordedEvents(store, { from: since })
  const letters = await tableDeadLetters(connection, eventId, new Date())
  if (eventId === undefined) return [...letters, ...(store ? queuedDeadLetters(store) : [])]
  const recorded = store ? recordedEvents(store, { id: eventId }).filter(({ id }) => id === eventId) : []
  if (letters.length + recorded.length > 0) return onlyOnce([...letters, ...recorded])
  const places = store
    ? "Neither the local stack's event trace nor the table dead_letters"
    : 'No row of the table dead_letters'
  throw new UserError(`${places} has an event of this id.`)
}

async function publish(
  events: readonly Replayable[],
  endpoint: URL,
  credentials: Parameters<typeof publishAgain>[1],
): Promise<void> {
  const client = createEventBridgeClient(endpoint)
  try {
    const refused = await publishAgain(client, credentials, events, (published) => {
      if (events.length > 100) console.log(`${published} of ${events.length} …`)
    })
    for (const { id, code } of refused) console.error(`${id} was refused: ${code}`)
    console.log(`${events.length - refused.length} events replayed.`)
    if (refused.length > 0) throw new UserError('What was refused stays where it was.')
  } catch (error) {
    if (error instanceof EventBridgeUnavailable) throw new UserError(`${error.message}. Run the command again.`)
    throw error
  } finally {
    client.close()
  }
}
