import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import { type Link, ok, wrong } from '../../shared/links'
import { differences, type Rule, type Target, targetFields } from '../provision/state'
import { readEndpointForm } from '../provision/wantedState'
import { ENABLE, MEND_FILE, PROVISION, SET_TARGET } from './steps'

export interface TargetPlace {
  functionName: string
  region: string
  accountId: string
}

/** A function is the same in either form of its endpoint. */
const inOneForm = readEndpointForm('functions')

/**
 * Whether a rule has the targets that eventbridge.yaml gives it, and one that leads to the function gives it what it needs.
 * Targets of others are theirs.
 */
export function judgeTargets({ name, targets }: WantedRule, rule: Rule, place: TargetPlace): Link {
  const faults = targets.flatMap((wanted) => {
    const found = rule.Targets.find(({ Id }) => Id === wanted.Id)
    if (found === undefined) return [`there is no target ${wanted.Id}`]
    const needs = leadsTo(place, found) ? missingNeeds(found, place) : []
    return needs.length > 0 ? needs : changesOf(wanted, found)
  })
  if (faults.length > 0) return wrong(`target of ${name}`, faults.join('; '), SET_TARGET)
  const described = targets.map((target) =>
    leadsTo(place, target) ? `${place.functionName}, the whole event, 176 retries over a day` : target.Id,
  )
  return ok(`target of ${name}`, described.join('; ') || 'none')
}

/**
 * The local stack runs no function but those of s.yaml. In the cloud one may be somebody else's: that is worth a look, and
 * keeps no probe from being sent, since whether events get to employees is a link of its own.
 * @param link what judgeTargets says
 * @param slips see unknownFunctions
 */
export function judgeUnknownFunctions(
  link: Link,
  slips: readonly string[],
  { fileName, isLocal }: { fileName: string; isLocal: boolean },
): Link {
  if (slips.length === 0) return link
  if (isLocal) return wrong(link.name, `${fileName} is wrong: ${slips.join('; ')}`, MEND_FILE)
  if (link.state !== 'ok') return link
  return ok(link.name, `${link.found}; ${slips.join('; ')}`, `mend ${fileName}, unless somebody else deploys it`)
}

export function leadsTo({ functionName }: TargetPlace, { Type, Endpoint }: Target): boolean {
  return Type === 'acs.fc.function' && Endpoint?.endsWith(`functions/${functionName}`) === true
}

/** Its dead-letter queue has a link of its own. */
function changesOf(wanted: Target, found: Target): string[] {
  const fieldsOf = (target: Target) => targetFields({ ...inOneForm(target), DeadLetterQueue: null })
  return differences(fieldsOf(wanted), fieldsOf(found)).map((change) => `${wanted.Id}: ${change}`)
}

function missingNeeds(
  { Endpoint, PushRetryStrategy, ParamList }: Target,
  { region, accountId }: TargetPlace,
): string[] {
  const param = (key: string) => ParamList?.find(({ ResourceKey }) => ResourceKey === key)
  const body = param('Body')?.Form ?? 'missing'
  const invocation = param('InvocationType')?.Value ?? 'Sync'
  return [
    ...(Endpoint?.startsWith(`acs:fc:${region}:${accountId}:`)
      ? []
      : [`Endpoint is ${Endpoint}, of another region or account`]),
    // any other would give the function what a stranger sent, without the id and the time it needs
    ...(body === 'ORIGINAL' ? [] : [`Body is ${body}, and the function needs the whole event, ORIGINAL`]),
    ...(invocation === 'Sync'
      ? []
      : [`InvocationType is ${invocation}: events count as delivered before they are stored`]),
    ...(PushRetryStrategy === 'EXPONENTIAL_DECAY_RETRY'
      ? []
      : [`PushRetryStrategy is ${PushRetryStrategy || 'BACKOFF_RETRY'}: after a minute it gives up`]),
  ]
}

/** @param isLocal of a dropped event the local stack's trace keeps a copy, for as long as it goes back */
export function judgeDeadLetterQueues({ RuleName, Targets }: Rule, isLocal: boolean): Link {
  const name = `dead letters of ${RuleName}`
  const lacking = Targets.filter(({ DeadLetterQueue }) => !DeadLetterQueue?.Arn).map(({ Id }) => Id)
  if (lacking.length === 0)
    return ok(name, [...new Set(Targets.map((target) => target.DeadLetterQueue?.Arn))].join('; '))
  if (isLocal) return ok(name, 'no queue: after the last retry an event is dropped; replay it from the event trace')
  const step = 'name a queue as DeadLetterQueue in eventbridge.yaml, and run npm run provision'
  return wrong(name, `target ${lacking.join(', ')} has no queue: after the last retry events are gone`, step)
}

export type WantedRule = EventBridgeFile['rules'][number]

/** @param wanted what eventbridge.yaml says of it */
export function judgeRule({ name, enabled }: WantedRule, rule: Rule | undefined): Link {
  const link = `rule ${name}`
  if (rule === undefined) return wrong(link, 'there is none on the bus', PROVISION)
  if (rule.Status === 'ENABLE') return ok(link, 'enabled')
  if (!enabled) return ok(link, 'disabled, as eventbridge.yaml has it')
  return wrong(link, `is ${rule.Status}, so nothing comes through`, ENABLE)
}
