import fs from 'node:fs'
import path from 'node:path'
import { publishFailedPushes } from '../../functions/reconcile/failedPushes'
import { type ReconcileSummary, reconcile } from '../../functions/reconcile/reconcile'
import type { Progress } from '../../functions/reconcile/walk'
import { FUNCTION_LOG } from '../../local/stack/functionLog'
import { alignColumns } from '../../shared/alignColumns'
import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import { openInstance, type Tools } from '../../shared/dingtalk/directory/instance'
import { EventBridgeUnavailable, EventInvalid } from '../../shared/eventbridge/errors'
import type { LogFields, Logger } from '../../shared/logging'
import { runCommand } from '../../shared/runCommand'
import { tellIds } from '../../shared/tellIds'
import { UserError } from '../../shared/userError'
import { letThrough, readAllowLeavers } from '../allowLeavers'
import { confirmTarget } from '../confirm'
import { isOnLocalStack, localSettings } from '../localStack'
import { withProgress } from '../progress'
import { projectMappings, ROOT } from '../project'
import { withTargetDatabase } from '../targetDatabase'
import { createRehearsal, type Prediction } from './dryRun'
import { noting, tellRosters } from './rosterFates'
import { type WalkTarget, walkTarget } from './target'

const HELP = `npm run reconcile [-- --failed-only] [--dry-run] [--allow-leavers N] [--local] [--yes]

Reads everybody and every department by DingTalk's API and publishes them: the first load, and the repair of whatever got
lost. When all could be read, the lists of all ids follow, by which whoever is not there any more is marked as left. It
keeps nothing and may be ended at any time; the next one begins anew. DingTalk's own list of who left in the last 35 days
is published, too.

  --failed-only      instead: publish the events that DingTalk could not deliver. It tells of each once, and the call counts
                     in the month's quota
  --dry-run          publish nothing, and say who would be added, be changed or leave, and who would if MAX_LEAVERS did
                     not stop it: needs the database, that of the running local stack or the one that MYSQL_* name in the
                     shell
  --allow-leavers N  each list of up to 1000 ids may mark N people as left, where MAX_LEAVERS lets fewer through: look
                     first who they are, by --dry-run
  --local            the running local stack; also without this when one runs and there is no .env
  --yes              do not ask before publishing to another machine

DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_CORP_ID (DINGTALK_API_ENDPOINT, DINGTALK_OAPI_ENDPOINT,
DINGTALK_CALLS_PER_S) and DROP_FIELDS come from the shell, then from .env or the running local stack, as what
npm run provision reads for EventBridge does. npm start -- --dingtalk has an invented organisation.
`

const ARGUMENTS = {
  options: {
    'failed-only': { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
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
  if (failedOnly && values['dry-run']) {
    throw new UserError('DingTalk forgets the events of --failed-only when it has told of them: leave out --dry-run.')
  }
  const target = walkTarget(ROOT, process.env, values.local)
  const { config, endpoint, context } = target
  console.log(`from ${config.DINGTALK_OAPI_ENDPOINT} to ${values['dry-run'] ? 'nowhere' : endpoint.origin}`)
  if (!values['dry-run']) await confirmTarget(endpoint.hostname, values.yes)

  const instance = openInstance(config)
  const tools = instance.begin(context, 0)
  const started = performance.now()
  try {
    const counts = await (failedOnly
      ? publishFailed(tools)
      : values['dry-run']
        ? rehearse(tools, allowLeavers, target)
        : publishWalk(tools, allowLeavers, target))
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const table = [...counts.table, ['calls', instance.requests()], ['seconds', seconds]]
    for (const line of alignColumns(table.map((cells) => cells.map(String)))) console.log(line)
    for (const line of counts.lines ?? []) console.log(line)
    if (counts.fault !== undefined) throw new UserError(counts.fault)
  } catch (error) {
    throw explained(error)
  }
})

interface Counts {
  table: [what: string, count: number][]
  /** below it */
  lines?: string[]
  /** what is not as it should be */
  fault?: string
}

async function publishWalk(tools: Tools, allowLeavers: number | undefined, target: WalkTarget): Promise<Counts> {
  const rosters: string[] = []
  const events = noting(tools.events, rosters)
  const counts = await walk({ ...tools, events }, allowLeavers, (found) => noteWalk(found, target))
  return counts.fault === undefined ? { ...counts, lines: [await tellRosters(rosters, target)] } : counts
}

/** @param note takes what a walk that has published came to */
async function walk(
  tools: Tools,
  allowLeavers: number | undefined,
  note: (found: ReconcileSummary) => void = () => {},
): Promise<Counts> {
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
  note(found)
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
  return { table, fault: `Nobody is marked as left, since ${found.withheld}${missing}. Run the command again.` }
}

/** Beside the functions' own, by which npm run doctor sees how the last walk of the local stack went. */
function noteWalk(found: ReconcileSummary, { isLocal, config }: WalkTarget): void {
  if (!isLocal) return
  const level = found.outcome === 'withheld' ? 'error' : 'info'
  const line = JSON.stringify({ level, app: config.DINGTALK_APP_KEY, ...found })
  fs.appendFileSync(path.join(localSettings().localDir, FUNCTION_LOG), `${line}\n`, { mode: 0o600 })
}

/** The same walk, whose events are held against the table in place of being published. */
async function rehearse(tools: Tools, allowLeavers: number | undefined, target: WalkTarget): Promise<Counts> {
  if (isOnLocalStack() && !target.isLocal) {
    throw new UserError('Name the database of that organisation in the shell: MYSQL_HOST and its like.')
  }
  const defaults = { DINGTALK_CORP_ID: target.config.DINGTALK_CORP_ID }
  const { publisher, predict } = createRehearsal(projectMappings(), defaults, Date.now)
  // before the walk: a database that cannot be reached is said at once
  return withTargetDatabase(async (connection) => {
    const { table, fault } = await walk({ ...tools, publisher }, allowLeavers).catch((error: unknown) => {
      // DingTalk's codes are not the database's
      throw explained(error)
    })
    const predictions = await predict(connection, target.limit)
    const of = (what: string, name: string) => (predictions.length === 1 ? what : `${what} (${name})`)
    const kinds = predictions.flatMap(({ table: name, added, addedAsLeft, changed, leave, braked }): Kind[] => {
      const stopped = braked.flatMap(({ ids }) => ids)
      return [
        [of('would be added', name), added, A_FEW],
        [of('would be added as left', name), addedAsLeft, A_FEW],
        [of('would be changed', name), changed, A_FEW],
        [of('would leave', name), leave],
        ...(stopped.length > 0 ? [[of(WOULD_LEAVE_IF, name), stopped] satisfies Kind] : []),
      ]
    })
    return {
      table: [...table, ...kinds.map(([what, ids]): [string, number] => [what, ids.length])],
      lines: [...kinds.flatMap((kind) => tellIds(...kind)), ...tellBrakes(predictions.flatMap(({ braked }) => braked))],
      ...(fault !== undefined && { fault }),
    }
  }, 'It needs the tables (npm run migrate), and the account SELECT on them.')
}

type Kind = [what: string, ids: string[], most?: number]

/** Whoever is to leave is named, however many they are: somebody has to look at them. */
const A_FEW = 20
const WOULD_LEAVE_IF = 'would leave if let through'

function tellBrakes(braked: Prediction['braked']): string[] {
  if (braked.length === 0) return []
  const most = Math.max(...braked.map(({ leavers }) => leavers))
  return [
    ...braked.map((one) => `${one.leavers} of ${one.range} would leave, and no more than ${one.most} may (${one.by})`),
    `Look first whether they have left: a permission that was lost looks the same. If they have: npm run reconcile -- --allow-leavers ${most}`,
  ]
}

async function publishFailed(tools: Tools): Promise<Counts> {
  const { events, unreadable, published } = await withProgress('reading', {}, () =>
    publishFailedPushes(tools, terminalLog),
  )
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
  return [count, { what: `reading departments twice (${people} people)`, total }]
}

/** What a walk has to say meanwhile, as a sentence. */
const terminalLog: Logger = { info: say, error: say }

function say({ outcome, code, count, detail }: LogFields): void {
  if (outcome === 'set_aside') console.error(`EventBridge refused ${count} events (${code}).`)
  else if (outcome === 'no_leave_records') console.error(`DingTalk's list of leavers could not be read: ${detail}`)
  else console.error([outcome, code, detail].filter((part) => part !== undefined).join(' '))
}

function explained(error: unknown): unknown {
  if (error instanceof DingtalkError) {
    const { message, code, reaction } = error
    const named = message.includes(code) ? message : `${message} (${code})`
    return new UserError(reaction === 'later' ? `${named}. Run the command again.` : named)
  }
  if (error instanceof EventBridgeUnavailable) return new UserError(`${error.message}. Run the command again.`)
  return error instanceof EventInvalid ? new UserError(error.message) : error
}
