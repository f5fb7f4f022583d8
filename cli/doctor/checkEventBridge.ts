import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBridgeFile } from '../../emulator'
import type { WebhookConfig } from '../../functions/webhook/config'
import { deployedRules } from '../../local/project/serverlessFile'
import { sourceSlip } from '../../local/stack/checkEventNames'
import { ruleSlips } from '../../local/stack/ruleSlips'
import { errorMessage } from '../../shared/errorCode'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { UserError } from '../../shared/userError'
import { createEventBridgeApi, type EventBridgeApi } from '../provision/eventBridgeApi'
import { readFile } from '../provision/file'
import { readBus } from '../provision/readBus'
import type { FoundBus } from '../provision/state'
import { chooseTarget, type ProvisionTarget } from '../targetEventBridge'
import { webhookSource } from '../webhookEvent'
import { checkRole, judgeClock, judgeCredentials, readSkew } from './account'
import type { Traced } from './delivery'
import { checkEvents, sampleEvents } from './events'
import type { Place } from './place'
import { judgeDeadLetterQueues, judgeRule, type WantedRule } from './rule'
import { PROVISION, SAME_SOURCE } from './steps'
import { checkTargets, leadsTo } from './target'

export interface EventBridgeReport {
  links: Link[]
  /** undefined when a link of an event's way is not ok */
  traces: Traced | undefined
}

/** The links that nobody but EventBridge can tell of. */
const UNTOLD = ['bus', 'source', 'rule', 'target', 'dead letters', 'events'].map((name) =>
  unknown(name, 'EventBridge does not tell'),
)

/**
 * From the access key to the target, as EventBridge has them.
 * @param webhook which events it takes; undefined when its variables are wrong
 */
export async function checkEventBridge(place: Place, webhook: WebhookConfig | undefined): Promise<EventBridgeReport> {
  const wanted = readWanted(place)
  if (typeof wanted === 'string') {
    return { links: [wrong('credentials', 'EventBridge cannot be asked', wanted), ...UNTOLD], traces: undefined }
  }
  const { target, file, others } = wanted
  const api = createEventBridgeApi(target.endpoint, target.credentials, sleep)
  const ruleNames = file.rules.map(({ name }) => name)
  const { found, error } = await readBus(api, file.bus, ruleNames).then(
    (bus) => ({ found: bus, error: undefined }),
    (refusal: unknown) => ({ found: undefined, error: refusal }),
  )
  const account = [
    judgeClock(await readSkew(target.endpoint)),
    judgeCredentials(error, target.endpoint),
    await checkRole(target),
  ]
  if (error !== undefined) return { links: [...account, ...UNTOLD], traces: undefined }
  const { way, queues, rules } = await checkBus(api, { place, target, file, webhook }, found)
  const isWhole = way.every(({ state }) => state === 'ok')
  const beside: Link[] = []
  for (const other of others) beside.push(...(await checkOtherBus(api, place, target, other)))
  const traces = isWhole ? { api, busName: file.bus, rules } : undefined
  return { links: [...account, ...way, ...queues, ...beside], traces }
}

/** A bus of the file that the webhook does not publish on. */
async function checkOtherBus(
  api: EventBridgeApi,
  place: Place,
  target: ProvisionTarget,
  { bus, rules }: EventBridgeFile,
): Promise<Link[]> {
  const ruleNames = rules.map(({ name }) => name)
  const found = await readBus(api, bus, ruleNames)
  const aim = { functionName: 'dingtalk-employees', region: target.region, accountId: target.accountId }
  const links = rules.flatMap((rule) => {
    const there = found?.rules.find(({ RuleName }) => RuleName === rule.name)
    if (found === undefined) return []
    if (there === undefined) return [judgeRule(rule, there)]
    const queues = there.Targets.length > 0 ? [judgeDeadLetterQueues(there, place.isLocal)] : []
    return [judgeRule(rule, there), checkTargets(place, aim, rule, there), ...queues]
  })
  return [judgeBus(bus, found), ...links.map((link) => ({ ...link, name: `${link.name} of bus ${bus}` }))]
}

interface Wanted {
  target: ProvisionTarget
  /** of the bus that the webhook publishes on */
  file: EventBridgeFile
  others: EventBridgeFile[]
}

/** @returns why it cannot be known */
function readWanted({ environment, deployed, isLocal, eventBridgeFile: { name, text } }: Place): Wanted | string {
  try {
    const target = chooseTarget(environment, {})
    // the source has a link of its own
    const names = deployed.map(({ functionName }) => functionName)
    const files = readFile(text, name, target, { ...environment, EVENT_SOURCE_NAME: undefined }, names, isLocal)
    const [file, ...others] = files.map((one) => ({
      ...one,
      rules: deployedRules(one.rules, deployed, environment, target).rules,
    }))
    if (file === undefined) throw new Error('unreachable')
    return { target, file, others }
  } catch (error) {
    if (error instanceof UserError) return errorMessage(error)
    throw error
  }
}

/** What there should be, and by whom events are sent. */
interface Chain {
  place: Place
  target: ProvisionTarget
  file: EventBridgeFile
  webhook: WebhookConfig | undefined
}

/**
 * The way of an event over the bus, what becomes of those that cannot be delivered, and the enabled rules that lead to the
 * employees function.
 */
async function checkBus(
  api: EventBridgeApi,
  { place, target, file, webhook }: Chain,
  found: FoundBus | undefined,
): Promise<{ way: Link[]; queues: Link[]; rules: string[] }> {
  const bus = judgeBus(file.bus, found)
  if (found === undefined) {
    const lost = (name: string) => unknown(name, 'the bus is not there')
    return {
      way: [bus, ...['source', 'rule', 'target', 'events'].map(lost)],
      queues: [lost('dead letters')],
      rules: [],
    }
  }
  // as it is deployed, whatever eventbridge.yaml calls its sources
  const { EVENT_SOURCE_NAME = place.environment['EVENT_SOURCE_NAME'] } = webhook ?? {}
  const source = webhookSource({ EVENT_SOURCE_NAME }, file, target)
  const aim = { functionName: 'dingtalk-employees', region: target.region, accountId: target.accountId }
  const ours = file.rules.map((rule) => [rule, found.rules.find(({ RuleName }) => RuleName === rule.name)] as const)
  const leading = ours.flatMap(([, rule]) =>
    rule?.Status === 'ENABLE' && rule.Targets.some((other) => leadsTo(aim, other)) ? [rule] : [],
  )
  const published = { source: source.name, busName: file.bus, sources: [] }
  // what others' rules wait for is theirs
  const slipsOf = (rule: WantedRule) =>
    rule.targets.some((other) => leadsTo(aim, other)) ? ruleSlips([rule], published, place.mappings) : []
  const events = await checkEvents(api, sampleEvents(webhook, source, new Date()), leading, aim.functionName)
  return {
    way: [
      bus,
      judgeSource(source.name, found, file.sources),
      ...ours.flatMap(([rule, there]) => [
        judgeRule(rule, there, slipsOf(rule)),
        ...(there ? [checkTargets(place, aim, rule, there)] : []),
      ]),
      events,
    ],
    queues: ours.flatMap(([, rule]) =>
      rule && rule.Targets.length > 0 ? [judgeDeadLetterQueues(rule, place.isLocal)] : [],
    ),
    rules: leading.map(({ RuleName }) => RuleName),
  }
}

export function judgeBus(name: string, found: FoundBus | undefined): Link {
  return found === undefined ? wrong('bus', `there is no ${name}`, PROVISION) : ok('bus', name)
}

/** A hosted source is a second door, which none of our checks guards. */
export function judgeSource(name: string, { sources }: FoundBus, wanted: readonly { name: string }[] = []): Link {
  const slip = sourceSlip(name, wanted)
  if (slip !== undefined) return wrong('source', slip, SAME_SOURCE)
  const source = sources.find(({ EventSourceName }) => EventSourceName === name)
  if (source === undefined) return wrong('source', `there is no ${name} on the bus`, PROVISION)
  const isHosted = source.SourceHttpEventParameters !== undefined
  return ok('source', isHosted ? `${name}, hosted: whoever has its own URL passes by the webhook’s checks` : name)
}
