import type { Connection } from 'mysql2/promise'
import type { Store } from '../../emulator'
import type { Environment } from '../../shared/config'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { EventBridgeUnavailable } from '../../shared/eventbridge/errors'
import type { FcCredentials } from '../../shared/fc/types'
import { runCommand } from '../../shared/runCommand'
import { tellIds } from '../../shared/tellIds'
import { UserError } from '../../shared/userError'
import { readAllowLeavers } from '../allowLeavers'
import { confirmTarget } from '../confirm'
import { isAlone, isOnLocalStack, requireStack, runningDir, stackEnvironment } from '../localStack'
import { withProgress } from '../progress'
import { projectMappings } from '../project'
import { withTargetDatabase } from '../targetDatabase'
import { targetEventBridge } from '../targetEventBridge'
import { discardLetters } from './discard'
import { queuedDeadLetters, readSince, recordedEvents, withLocalStore } from './fromStore'
import { type TableLetters, tableDeadLetters } from './fromTable'
import { awaitFates, onlyOnce, publishAgain, type Replayable } from './publish'
import { tellEvents } from './tellEvents'

const NOT_STORED =
  'What is not stored yet stays where it was. Is the rule enabled, and does the function work? npm run doctor'

/** A cold start and an upsert take seconds. */
const WAIT_S = 20

const HELP = `npm run replay -- --dead-letters [--allow-leavers N] | --event ID | --since T | --discard ID [--plan] [--wait S] [--yes]

Publishes events again, unchanged: same id, same time. Replaying twice is harmless, since an older event never overwrites
what a newer one has set.

  --dead-letters  what could not be stored (the table dead_letters) and what could not be delivered (the local stack's
                  dead-letter queues). A letter goes when the rows have what its event says, or when the event is not
                  about its table of mapping.yaml, and not before: while the rule is disabled, say, all stay
  --event ID      the event of this id, from the local stack's event trace or from the table dead_letters
  --since T       everything that the local stack has received since then: 30m, 2h, 1d or 2026-11-24T08:00:00+08:00,
                  where a time without an offset is this machine's, and a date alone midnight UTC.
                  EventBridge in the cloud keeps no archive to replay from
  --allow-leavers N  with --dead-letters: lets each roster, of up to 1000 ids, through that takes up to N people for gone,
                  more than MAX_LEAVERS lets through. Its reason in dead_letters says how many they are, --plan who
  --discard ID    delete the dead letters of the event of this id, which can never be stored, in place of publishing it: it
                  says what goes, and asks
  --plan          say what would be published (id, action, whom it is about, why it is kept, whom a roster takes for
                  gone), and publish nothing
  --wait S        how long to wait for more to be stored, in seconds (${WAIT_S} without it)
  --yes           do not ask before publishing to another machine, or before deleting

Works on the running local stack, or, where none runs, on npm run eventbridge, which has no table; or on the database and the
EventBridge that MYSQL_*, FC_ACCOUNT_ID, FC_REGION_ID (or EVENTBRIDGE_ENDPOINT), ALIBABA_CLOUD_ACCESS_KEY_* and
ALIBABA_CLOUD_SECURITY_TOKEN name in the shell (the key and the account also as .env names them: AccountID, AccessKeyID,
AccessKeySecret); with DINGTALK_CORP_ID there, too, as the employees function has it, if events name no corporation.
Another folder, such as that of an eventbridge-local: LOCAL_DIR=FOLDER npm run replay -- …
`

const ARGUMENTS = {
  options: {
    'dead-letters': { type: 'boolean', default: false },
    event: { type: 'string' },
    since: { type: 'string' },
    'allow-leavers': { type: 'string' },
    discard: { type: 'string' },
    plan: { type: 'boolean', default: false },
    wait: { type: 'string', default: String(WAIT_S) },
    yes: { type: 'boolean', default: false },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const ways = [
    values['dead-letters'],
    values.event !== undefined,
    values.since !== undefined,
    values.discard !== undefined,
  ]
  const given = ways.filter(Boolean).length
  if (given === 0)
    throw new UserError('Say what to replay: --dead-letters, --event ID or --since T; or what goes: --discard ID')
  if (given > 1) throw new UserError('Only one of --dead-letters, --event, --since and --discard goes at a time.')
  const waitMs = readWait(values.wait)
  const allowLeavers = readAllowLeavers(values['allow-leavers'])
  if (allowLeavers !== undefined && !values['dead-letters']) {
    throw new UserError('--allow-leavers goes with --dead-letters.')
  }
  const since = values.since === undefined ? undefined : readSince(values.since, Date.now())

  const isLocal = isOnLocalStack()
  if (isLocal && isAlone() && allowLeavers !== undefined) {
    throw new UserError('--allow-leavers is about the employee table, and npm run eventbridge has none beside it.')
  }
  if (!isLocal && since !== undefined) {
    throw new UserError(
      'EventBridge in the cloud keeps no archive: --since is for the local stack. See --dead-letters.',
    )
  }
  const { discard: discarded, yes } = values
  if (discarded !== undefined) {
    const discard = (connection: Connection | undefined, store?: Store) =>
      discardLetters(connection, store, { eventId: discarded, yes })
    return onTarget(isLocal, discard)
  }
  const { endpoint, credentials } = targetEventBridge(isLocal ? requireStack() : process.env)
  console.log(`to ${endpoint.origin}`)

  await onTarget(isLocal, async (connection, store) => {
    const variables = store ? stackEnvironment() : process.env
    const { events, unreadable, ofOthers } = await chosen(connection, store, variables, {
      since,
      eventId: values.event,
      allowLeavers,
    })
    for (const line of tellEvents(events)) console.log(line)
    if (values.plan) await tellLeavers(events)
    for (const row of unreadable) {
      console.error(`Row ${row} of dead_letters holds no CloudEvent, so it cannot be published. See its reason.`)
    }
    for (const { id, table } of ofOthers) {
      console.error(`Row ${id} of dead_letters is of the table ${table}, which mapping.yaml does not name: it stays.`)
    }
    if (values.plan || events.length === 0) return console.log(`${countOf(events.length)} to replay.`)
    await confirmTarget(endpoint.hostname, values.yes)
    await publish(events, endpoint, credentials, waitMs)
  })
})

/** @param work takes the local stack's event store, where that is what is worked on; `npm run eventbridge` has no database */
function onTarget(
  isLocal: boolean,
  work: (connection: Connection | undefined, store?: Store) => Promise<void>,
): Promise<void> {
  if (isLocal && isAlone()) return withLocalStore(runningDir(), (store) => work(undefined, store))
  return withTargetDatabase(
    (connection) => (isLocal ? withLocalStore(runningDir(), (store) => work(connection, store)) : work(connection)),
    'It needs the tables (npm run migrate), and the account SELECT on them, and UPDATE and DELETE on dead_letters.',
  )
}

/** Whoever lets a list through has to have looked at them. */
async function tellLeavers(events: readonly Replayable[]): Promise<void> {
  for (const { id, leavers } of events) {
    for (const line of tellIds(`${id} takes for gone`, (await leavers?.()) ?? [])) console.log(line)
  }
}

function countOf(events: number): string {
  return `${events} ${events === 1 ? 'event' : 'events'}`
}

type Choice = { since: number | undefined; eventId: string | undefined; allowLeavers: number | undefined }
type Chosen = { events: Replayable[] } & Omit<TableLetters, 'letters'>

async function chosen(
  connection: Connection | undefined,
  store: Store | undefined,
  { DINGTALK_CORP_ID = '' }: Environment,
  { since, eventId, allowLeavers }: Choice,
): Promise<Chosen> {
  if (store && since !== undefined)
    return { events: recordedEvents(store, { from: since }), unreadable: [], ofOthers: [] }
  const letterOptions = {
    eventId,
    mappings: projectMappings(),
    defaults: { DINGTALK_CORP_ID },
    now: Date.now(),
    ...(allowLeavers !== undefined && { allowLeavers }),
  }
  const { letters, ...rest } = connection ? await tableDeadLetters(connection, letterOptions) : NO_LETTERS
  if (eventId === undefined) return { events: [...letters, ...(store ? queuedDeadLetters(store) : [])], ...rest }
  const recorded = store ? recordedEvents(store, { id: eventId }).filter(({ id }) => id === eventId) : []
  const events = onlyOnce([...letters, ...recorded])
  if (events.length + rest.unreadable.length + rest.ofOthers.length > 0) return { events, ...rest }
  throw new UserError(`${placesOf(connection, store)} has an event of this id.`)
}

const NO_LETTERS: TableLetters = { letters: [], unreadable: [], ofOthers: [] }

function placesOf(connection: Connection | undefined, store: Store | undefined): string {
  if (connection === undefined) return 'No entry of the event trace'
  return store ? "Neither the local stack's event trace nor the table dead_letters" : 'No row of the table dead_letters'
}

async function publish(
  events: readonly Replayable[],
  endpoint: URL,
  credentials: FcCredentials,
  waitMs: number,
): Promise<void> {
  const client = createEventBridgeClient(endpoint)
  try {
    const { published, refused } = await withProgress('publishing', { total: events.length }, (report) =>
      publishAgain(client, credentials, events, report),
    )
    for (const { id, code } of refused) console.error(`${id} was refused: ${code}`)
    const fates = await withProgress('waiting until they are stored', { total: published.length }, (report) =>
      awaitFates(published, { waitMs, report }),
    )
    for (const { id } of fates.open) console.error(`${id} is published, not stored yet`)
    const again = fates.refused > 0 ? `, ${fates.refused} of them set aside again: see their reason` : ''
    console.log(`${countOf(published.length)} replayed${again}.`)
    if (fates.open.length > 0) throw new UserError(NOT_STORED)
    if (refused.length > 0) throw new UserError('What was refused stays where it was.')
  } catch (error) {
    if (error instanceof EventBridgeUnavailable) throw new UserError(`${error.message}. Run the command again.`)
    throw error
  } finally {
    client.close()
  }
}

/** @throws UserError */
function readWait(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text) * 1_000
  throw new UserError('--wait takes a whole number of seconds.')
}
