import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import type { WebhookConfig } from '../../functions/webhook/config'
import { unknownFunctions } from '../../local/project/serverlessFile'
import { errorCode } from '../../shared/errorCode'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { webhookSource } from '../projectMapping'
import type { EventBridgeApi } from '../provision/eventBridgeApi'
import type { ProvisionTarget } from '../provision/file'
import type { FoundBus, Rule } from '../provision/state'
import type { Place } from './place'
import { judgeSamples, type Sample, sampleEvents } from './samples'
import { PROVISION } from './steps'
import {
  judgeDeadLetterQueues,
  judgeRule,
  judgeTargets,
  judgeUnknownFunctions,
  leadsTo,
  type TargetPlace,
  type WantedRule,
} from './target'

/** What there should be, and by whom events are sent. */
export interface Chain {
  place: Place
  target: ProvisionTarget
  file: EventBridgeFile
  webhook: WebhookConfig | undefined
}

/**
 * The way of an event over the bus, what becomes of those that cannot be delivered, and the enabled rules that lead to the
 * employees function.
 */
export async function checkBus(
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
  const source = webhookSource(place.environment, file, target)
  const aim = { functionName: 'dingtalk-employees', region: target.region, accountId: target.accountId }
  const ours = file.rules.map((rule) => [rule, found.rules.find(({ RuleName }) => RuleName === rule.name)] as const)
  const leading = ours.flatMap(([, rule]) =>
    rule?.Status === 'ENABLE' && rule.Targets.some((other) => leadsTo(aim, other)) ? [rule] : [],
  )
  const samples: { name: string; isTaken: boolean | undefined }[] = []
  for (const sample of sampleEvents(webhook, source, new Date())) {
    samples.push({ name: sample.name, isTaken: await isTaken(api, sample, leading) })
  }
  return {
    way: [
      bus,
      judgeSource(source.name, found),
      ...ours.flatMap(([rule, there]) => [
        judgeRule(rule, there),
        ...(there ? [checkTargets(place, aim, rule, there)] : []),
      ]),
      judgeSamples(samples, aim.functionName),
    ],
    queues: ours.flatMap(([, rule]) =>
      rule && rule.Targets.length > 0 ? [judgeDeadLetterQueues(rule, place.isLocal)] : [],
    ),
    rules: leading.map(({ RuleName }) => RuleName),
  }
}

function checkTargets(
  { deployed, eventBridgeFile, isLocal }: Place,
  aim: TargetPlace,
  rule: WantedRule,
  there: Rule,
): Link {
  const names = deployed.map(({ functionName }) => functionName)
  const slips = unknownFunctions([rule], names, aim)
  return judgeUnknownFunctions(judgeTargets(rule, there, aim), slips, { fileName: eventBridgeFile.name, isLocal })
}

/** Whether one of the rules takes it; undefined when none does, as far as EventBridge says. */
async function isTaken(api: EventBridgeApi, { json }: Sample, rules: readonly Rule[]): Promise<boolean | undefined> {
  const opinions: (boolean | undefined)[] = []
  for (const { FilterPattern } of rules) opinions.push(await isMatching(api, json, FilterPattern))
  return opinions.includes(true) ? true : opinions.includes(undefined) ? undefined : false
}

/** EventBridge's own opinion; undefined when it has none for us. */
async function isMatching(api: EventBridgeApi, Event: string, EventPattern: string): Promise<boolean | undefined> {
  try {
    return (await api.call('testEventPattern', { Event, EventPattern }))['Result'] === true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

export function judgeBus(name: string, found: FoundBus | undefined): Link {
  return found === undefined ? wrong('bus', `there is no ${name}`, PROVISION) : ok('bus', name)
}

/** A hosted source is a second door, which none of our checks guards. */
export function judgeSource(name: string, { sources }: FoundBus): Link {
  const source = sources.find(({ EventSourceName }) => EventSourceName === name)
  if (source === undefined) return wrong('source', `there is no ${name} on the bus`, PROVISION)
  const isHosted = source.SourceHttpEventParameters !== undefined
  return ok('source', isHosted ? `${name}, hosted: whoever has its own URL passes by the webhook’s checks` : name)
}
