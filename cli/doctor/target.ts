import { type Link, ok, wrong } from '../../shared/doctor/link'
import type { Rule, Target } from '../provision/state'
import { PROVISION } from './bus'

export interface TargetPlace {
  functionName: string
  region: string
  accountId: string
}

/** The target of the rule that leads to the function: where it lies, and whether it gives it what it needs. */
export function judgeTarget({ RuleName, Targets }: Rule, place: TargetPlace): Link {
  const name = `target of ${RuleName}`
  const target = findTarget(Targets, place)
  if (target === undefined) return wrong(name, `none is the function ${place.functionName}`, PROVISION)
  const faults = faultsOf(target, place)
  if (faults.length === 0) return ok(name, `${place.functionName}, the whole event, 176 retries over a day`)
  return wrong(name, faults.join('; '), 'npm run provision sets it as eventbridge.yaml has it; compare that, too')
}

export function findTarget(targets: readonly Target[], { functionName }: TargetPlace): Target | undefined {
  return targets.find(({ Type, Endpoint }) => {
    return Type === 'acs.fc.function' && Endpoint?.endsWith(`functions/${functionName}`)
  })
}

function faultsOf({ Endpoint, PushRetryStrategy, ParamList }: Target, { region, accountId }: TargetPlace): string[] {
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

/** @param isLocal the local stack keeps what it could not deliver, with or without a queue */
export function judgeDeadLetterQueue({ RuleName, Targets }: Rule, place: TargetPlace, isLocal: boolean): Link {
  const name = `dead letters of ${RuleName}`
  const arn = findTarget(Targets, place)?.DeadLetterQueue?.Arn
  if (arn) return ok(name, arn)
  if (isLocal) return ok(name, 'no queue; the local stack keeps them anyway')
  const step = 'name a queue as DeadLetterQueue in eventbridge.yaml, and run npm run provision'
  return wrong(name, 'no queue: after the last retry events are gone', step)
}
