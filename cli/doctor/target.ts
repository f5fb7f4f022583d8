import { unknownFunctions } from '../../local/project/serverlessFile'
import { type Link, ok, wrong } from '../../shared/links'
import { differences, type Rule, type Target, targetFields } from '../provision/state'
import { readEndpointForm } from '../provision/wantedState'
import type { Place } from './place'
import type { WantedRule } from './rule'
import { MEND_FILE, SET_TARGET } from './steps'

/** The function that targets should lead to. */
interface Aim {
  functionName: string
  region: string
  accountId: string
}

/** A function is the same in either form of its endpoint. */
const inOneForm = readEndpointForm('functions')

/** What judgeTargets says, with the functions of the file that s.yaml has not. */
export function checkTargets(
  { deployed, eventBridgeFile, isLocal }: Place,
  aim: Aim,
  rule: WantedRule,
  there: Rule,
): Link {
  const names = deployed.map(({ functionName }) => functionName)
  const slips = unknownFunctions([rule], names, aim)
  return judgeUnknownFunctions(judgeTargets(rule, there, aim), slips, { fileName: eventBridgeFile.name, isLocal })
}

/**
 * Whether a rule has the targets that eventbridge.yaml gives it, and one that leads to the function gives it what it needs.
 * Targets of others are theirs.
 */
export function judgeTargets({ name, targets }: WantedRule, rule: Rule, aim: Aim): Link {
  const faults = targets.flatMap((wanted) => {
    const found = rule.Targets.find(({ Id }) => Id === wanted.Id)
    if (found === undefined) return [`there is no target ${wanted.Id}`]
    const needs = leadsTo(aim, found) ? missingNeeds(found, aim) : []
    return needs.length > 0 ? needs : changesOf(wanted, found)
  })
  if (faults.length > 0) return wrong(`target of ${name}`, faults.join('; '), SET_TARGET)
  const described = targets.map((target) =>
    leadsTo(aim, target) ? `${aim.functionName}, the whole event, 176 retries over a day` : target.Id,
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

export function leadsTo({ functionName }: Aim, { Type, Endpoint }: Target): boolean {
  return Type === 'acs.fc.function' && Endpoint?.endsWith(`functions/${functionName}`) === true
}

/** Its dead-letter queue has a link of its own. */
function changesOf(wanted: Target, found: Target): string[] {
  const fieldsOf = (target: Target) => targetFields({ ...inOneForm(target), DeadLetterQueue: null })
  return differences(fieldsOf(wanted), fieldsOf(found)).map((change) => `${wanted.Id}: ${change}`)
}

function missingNeeds({ Endpoint, PushRetryStrategy, ParamList }: Target, { region, accountId }: Aim): string[] {
  const param = (key: string) => ParamList?.find(({ ResourceKey }) => ResourceKey === key)
  const body = param('Body')?.Form ?? 'missing'
  const invocation = param('InvocationType')?.Value ?? 'Sync'
  const retry = PushRetryStrategy || 'BACKOFF_RETRY'
  const needs: [isMet: boolean | undefined, fault: string][] = [
    [Endpoint?.startsWith(`acs:fc:${region}:${accountId}:`), `Endpoint is ${Endpoint}, of another region or account`],
    // any other would give the function what a stranger sent, without the id and the time it needs
    [body === 'ORIGINAL', `Body is ${body}, and the function needs the whole event, ORIGINAL`],
    [invocation === 'Sync', `InvocationType is ${invocation}: events count as delivered before they are stored`],
    [retry === 'EXPONENTIAL_DECAY_RETRY', `PushRetryStrategy is ${retry}: after a minute it gives up`],
  ]
  return needs.flatMap(([isMet, fault]) => (isMet ? [] : [fault]))
}
