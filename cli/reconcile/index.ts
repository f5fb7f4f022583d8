import { publishFailedPushes } from '../../functions/reconcile/failedPushes'
import { reconcile } from '../../functions/reconcile/reconcile'
import type { Progress } from '../../functions/reconcile/walk'
import { alignColumns } from '../../shared/alignColumns'
import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import { openInstance, type Tools } from '../../shared/dingtalk/directory/instance'
import { EventBridgeUnavailable, EventInvalid } from '../../shared/eventbridge/errors'
import type { LogFields, Logger } from '../../shared/logging'
import { UserError } from '../../shared/userError'
import { letThrough, readAllowLeavers } from '../allowLeavers'
import { confirmTarget } from '../confirm'
import { withProgress } from '../progress'
import { ROOT } from '../project'
import { runCommand } from '../runCommand'
import { walkTarget } from './target'

const HELP = `npm run reconcile [-- --failed-only] [--allow-leavers N] [--local] [--yes]

Reads everybody and every department by DingTalk's API and publishes them: the first load, and the repair of whatever got
lost. When all could be read, the lists of all ids follow, by which whoever is not there any more is marked as left. It
keeps nothing and may be ended at any time; the next one begins anew. DingTalk's own list of who left in the last 35 days
is published, too.

  --failed-only      instead: publish the events that DingTalk could not deliver. It tells of each once, and the call counts
                     in the month's quota
  --allow-leavers N  each list of up to 1000 ids may mark N people as left, where MAX_LEAVERS lets fewer through
  --local            the running local stack; also without this when one runs and there is no .env
  --yes              do not ask before publishing to another machine

DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_CORP_ID (DINGTALK_API_ENDPOINT, DINGTALK_OAPI_ENDPOINT,
DINGTALK_CALLS_PER_S) and DROP_FIELDS come from the shell, then from .env or the running local stack, as what
npm run provision reads for EventBridge does. npm start -- --dingtalk has an invented organisation.
`

const ARGUMENTS = {
  options: {
    'failed-only': { type: 'boolean', default: false },
    'allow-leavers': { type: 'string' },
    local: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const failedOnly = values['failed-only']
  const allowLeavers = readAllowLeavers(values['allow-leavers'])
  if (failedOnly && allowLeavers !== undefined) {
    throw new UserError('--failed-only publishes no lists: leave out --allow-leavers.')
  }
  const { config, endpoint, context } = walkTarget(ROOT, process.env, values.local)
  console.log(`from ${config.DINGTALK_OAPI_ENDPOINT} to ${endpoint.origin}`)
  await confirmTarget(endpoint.hostname, values.yes)

  const instance = openInstance(config)
  const tools = instance.begin(context, 0)
  const started = performance.now()
  try {
    const counts = failedOnly ? await publishFailed(tools) : await walk(tools, allowLeavers)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const table = [...counts.table, ['calls', instance.requests()], ['seconds', seconds]]
    for (const line of alignColumns(table.map((cells) => cells.map(String)))) console.log(line)
    if (counts.fault !== undefined) throw new UserError(counts.fault)
  } catch (error) {
    throw explained(error)
  }
})

interface Counts {
  table: [what: string, count: number][]
  /** what is not as it should be */
  fault?: string
}

async function walk(tools: Tools, allowLeavers: number | undefined): Promise<Counts> {
  const events = allowLeavers === undefined ? tools.events : allowing(tools.events, allowLeavers)
  const found = await withProgress('reading', {}, (report) =>
    reconcile({
      ...tools,
      events,
      now: Date.now,
      log: terminalLog,
      onProgress: (progress) => report(...tellProgress(progress)),
    }),
  )
  const table: Counts['table'] = [
    ['departments', found.departments],
    ['people', found.people],
    ['published', found.published],
    ['leavers', found.leavers],
    ['out of scope', found.outOfScope],
    ['could not be read', found.unreadable],
  ]
  if (found.withheld === undefined) return { table }
  const missing = found.shortfall > 0 ? `, ${found.shortfall} more` : ''
  return { table, fault: `Nobody was marked as left, since ${found.withheld}${missing}. Run the command again.` }
}

async function publishFailed(tools: Tools): Promise<Counts> {
  const { events, unreadable, published } = await withProgress('reading', {}, () => publishFailedPushes(tools))
  return {
    table: [
      ['events', events],
      ['published', published],
      ['could not be read', unreadable],
    ],
  }
}

/** The rosters say what an operator lets through. */
function allowing(events: Tools['events'], allowLeavers: number): Tools['events'] {
  return {
    ...events,
    roster(...what) {
      const { id, json } = events.roster(...what)
      return { id, json: letThrough(json, allowLeavers) }
    },
  }
}

/** Each department is read, and listed once more at the end: both count, so that what is left is what the line says. */
function tellProgress({ step, done, known, people }: Progress): [number, { what: string; total: number }] {
  if (step === 'confirming') return [done, { what: 'asking about who is in doubt', total: known }]
  const [count, total] = [step === 'reading' ? done : known + done, 2 * known]
  return [count, { what: `reading each department twice, ${people} people`, total }]
}

/** What a walk has to say meanwhile, as a sentence. */
const terminalLog: Logger = { info: say, error: say }

function say({ outcome, code, count, detail }: LogFields): void {
  if (outcome === 'set_aside') console.error(`EventBridge refused ${count} events (${code}).`)
  else if (outcome === 'no_leave_records') console.error(`DingTalk's list of leavers could not be read: ${detail}`)
  else console.error([outcome, code, detail].filter((part) => part !== undefined).join(' '))
}

function explained(error: unknown): unknown {
  if (error instanceof DingtalkError) return new UserError(`${error.message} (${error.code})`)
  if (error instanceof EventBridgeUnavailable) return new UserError(`${error.message}. Run the command again.`)
  return error instanceof EventInvalid ? new UserError(error.message) : error
}
