import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dotEnvWarnings, readDotEnv, readProjectFile, shellFirst } from '../../local/project/projectFiles'
import { deployedRules, readServerlessFile, unknownFunctions, type Waiting } from '../../local/project/serverlessFile'
import { sourceSlip } from '../../local/stack/checkEventNames'
import { fileSlips } from '../../local/stack/ruleSlips'
import type { EventSource } from '../../shared/eventbridge/cloudEvent'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { askToGoOn, confirmTarget } from '../confirm'
import { requireStack } from '../localStack'
import { ROOT } from '../project'
import { chooseTarget, type ProvisionTarget } from '../targetEventBridge'
import { webhookSource } from '../webhookEvent'
import { createEventBridgeApi, type EventBridgeApi } from './eventBridgeApi'
import { explainError } from './explainError'
import { readFile } from './file'
import { leaveWaiting } from './leaveWaiting'
import { applyPlan, joinBuses, type NamedPlan, printPlan, readBack } from './plan'
import { planChanges, planRemoval } from './planChanges'
import { probe } from './probe'
import { readBus } from './readBus'
import { checkServiceRole } from './serviceRole'
import type { State } from './state'
import { readEndpointForm, wantedState } from './wantedState'

const HELP = `npm run provision [-- options]

Makes event buses, event sources, rules and targets as eventbridge.yaml has them: prints what would change, asks (where that
is not on this machine), makes the changes, reads them back, and publishes a probe event. Every target whose rule takes it
gets it; the employees function ignores it. What is deleted is only what provision made itself, which it knows by a mark in
the description. Rules for functions that s.yaml deploys with DINGTALK_APP_KEY alone are made with it alone; those that are
there without it are left as they are.

  --plan                say what would change, and change nothing
  --destroy             instead: delete what provision has made; asks on this machine, too
  --yes                 do not ask
  --no-probe            send no probe event
  --no-dlq              targets without a dead-letter queue, also where there is one now: after the last attempt their
                        events are gone
  --endpoint-form FORM  functions, or services/<service>: how the endpoints of functions are written (as in the file)
  --file FILE           another file than eventbridge.yaml
  --local               in the running local stack
  --account ID, --region REGION, --endpoint URL
                        instead of AccountID, FC_REGION_ID and EVENTBRIDGE_ENDPOINT

Variables come from the shell, then from .env: those three, AccessKeyID and AccessKeySecret, or, which go first,
FC_ACCOUNT_ID, ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with ALIBABA_CLOUD_SECURITY_TOKEN). The key
needs the rights in ram/operator.policy.json. The dead-letter queue itself is made beforehand. What the
file has filled in, such as \${DINGTALK_ROBOT_URL}, comes from there, too: a disabled rule without it is not made.
`

const ARGUMENTS = {
  options: {
    plan: { type: 'boolean', default: false },
    destroy: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    'no-probe': { type: 'boolean', default: false },
    'no-dlq': { type: 'boolean', default: false },
    'endpoint-form': { type: 'string' },
    file: { type: 'string', default: 'eventbridge.yaml' },
    local: { type: 'boolean', default: false },
    account: { type: 'string' },
    region: { type: 'string' },
    endpoint: { type: 'string' },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const endpointForm = readEndpointForm(values['endpoint-form'])
  // .env is the cloud's
  const dotEnv = path.join(ROOT, '.env')
  const environment = values.local ? requireStack() : shellFirst(process.env, readDotEnv(dotEnv))
  for (const warning of values.local ? [] : dotEnvWarnings(dotEnv)) console.log(`Mind ${warning}`)
  const target = chooseTarget(environment, values)
  const functions = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
  const functionNames = functions.map(({ functionName }) => functionName)
  const text = readProjectFile(ROOT, values.file)
  const files = readFile(text, values.file, target, environment, functionNames, values.local)
  const [file] = files
  const deployed = files.map((one) => ({ ...one, ...deployedRules(one.rules, functions, environment, target) }))
  const api = createEventBridgeApi(target.endpoint, target.credentials, sleep)
  const busNames = files.map(({ bus }) => bus)
  const account = { api, target, source: webhookSource(environment, file, target) }
  console.log(`event bus ${busNames.join(', ')} at ${target.endpoint.origin}`)
  // the local stack says it at its start
  const source = values.local ? undefined : sourceSlip(environment['EVENT_SOURCE_NAME'] || 'my.dingtalk', file.sources)
  const slipsOf = fileSlips(deployed, { source: account.source.name, place: target })
  const oddities = [...(source === undefined ? [] : [source]), ...slipsOf]
  for (const slip of values.destroy ? [] : oddities) console.log(`Mind that ${slip}.`)
  const allRules = files.flatMap(({ rules }) => rules)
  const slips = values.destroy ? [] : unknownFunctions(allRules, functionNames, target)
  for (const slip of slips) console.log(`Mind that ${slip}: ${values.file} is wrong, unless somebody else deploys it.`)
  try {
    if (values.destroy) return await destroy(account, busNames, values)
    const buses = deployed.map(({ bus, leftOut, waiting, ...one }) => ({
      busName: bus,
      wanted: wantedState(one, { deadLetterQueues: !values['no-dlq'], endpointForm }),
      waiting: [...waiting, ...leftOut],
    }))
    await provision(account, buses, { ...values, probe: !values['no-probe'] })
  } catch (error) {
    throw explainError(error, target.endpoint)
  }
})

interface Account {
  api: EventBridgeApi
  target: ProvisionTarget
  /** as what the webhook publishes */
  source: EventSource
}

/** What a document of the file wants. */
interface WantedBus {
  busName: string
  wanted: State
  waiting: Waiting[]
}

/** @param buses of which the first is the one that the webhook publishes on */
async function provision(
  { api, target, source }: Account,
  buses: readonly WantedBus[],
  options: { plan: boolean; yes: boolean; probe: boolean },
) {
  const planNow = async () => {
    const plans: NamedPlan[] = []
    for (const { busName, wanted, waiting } of buses) {
      const ruleNames = wanted.rules.map(({ RuleName }) => RuleName)
      const { found, notes } = leaveWaiting(await readBus(api, busName, ruleNames), waiting)
      const plan = planChanges(busName, wanted, found)
      plans.push({ busName, plan: { ...plan, notes: [...plan.notes, ...notes] } })
    }
    return joinBuses(plans)
  }
  const wanted = {
    sources: buses.flatMap((bus) => bus.wanted.sources),
    rules: buses.flatMap((bus) => bus.wanted.rules),
  }

  const plan = await planNow()
  console.log(printPlan(plan))
  const role = await roleFor(target, wanted)
  if (role?.line) console.log(role.line)
  for (const { EventSourceName, SourceHttpEventParameters } of wanted.sources) {
    if (SourceHttpEventParameters) {
      console.log(
        `Mind that event source ${EventSourceName} is hosted: whoever has its URL can send events that nothing of ours checks.`,
      )
    }
  }
  if (role?.state === 'missing') throw new UserError('Nothing was done. Make the role first.')
  if (options.plan) return

  await confirmTarget(target.endpoint.hostname, options.yes)
  await applyPlan(api, plan, (line) => console.log(line))
  await readBack(planNow, sleep)
  if (!options.probe) return console.log('Everything is as the file has it. No probe was sent.')
  await probe(source, buses[0]?.wanted.rules ?? [], { api, now: Date.now, sleep, report: (line) => console.log(line) })
  console.log('Everything is as the file has it, and the probe came through.')
}

async function destroy(
  { api, target }: Account,
  busNames: readonly string[],
  options: { plan: boolean; yes: boolean; local: boolean },
) {
  const { plan: onlyPlan, yes, local } = options
  const planNow = async () => {
    const plans: NamedPlan[] = []
    for (const busName of busNames) plans.push({ busName, plan: planRemoval(busName, await readBus(api, busName, [])) })
    return joinBuses(plans)
  }
  const plan = await planNow()
  console.log(printPlan(plan, 'nothing to delete'))
  if (local && plan.notes.length > 0)
    console.log('The local stack makes what eventbridge.yaml has at each start, itself.')
  if (onlyPlan || plan.changes.length === 0) return
  await askToGoOn(`Delete these at ${target.endpoint.host}? What is still to be delivered is lost.`, yes)
  await applyPlan(api, plan, (line) => console.log(line))
  await readBack(planNow, sleep)
}

/** The embedded EventBridge needs no role. */
async function roleFor({ endpoint, credentials }: ProvisionTarget, { rules }: State) {
  const hasFunctions = rules.some(({ Targets }) => Targets.some(({ Type }) => Type === 'acs.fc.function'))
  return isLoopbackHost(endpoint.hostname) || !hasFunctions ? undefined : await checkServiceRole(credentials)
}
