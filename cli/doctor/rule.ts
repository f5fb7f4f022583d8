import type { EventBridgeFile } from '../../emulator'
import { type Link, ok, wrong } from '../../shared/links'
import type { Rule } from '../provision/state'
import { ENABLE, PROVISION } from './steps'

export type WantedRule = EventBridgeFile['rules'][number]

/**
 * A rule is enabled, unless eventbridge.yaml itself has it disabled.
 * @param slips see ruleSlips
 */
export function judgeRule({ name, enabled }: WantedRule, rule: Rule | undefined, slips: readonly string[] = []): Link {
  const link = `rule ${name}`
  if (rule === undefined) return wrong(link, 'there is none on the bus', PROVISION)
  if (rule.Status === 'ENABLE') return ok(link, 'enabled', slips.join('; ') || undefined)
  if (!enabled) return ok(link, 'disabled, as eventbridge.yaml has it')
  return wrong(link, `is ${rule.Status}, so nothing comes through`, ENABLE)
}

/**
 * Whether what cannot be delivered is kept.
 * @param isLocal of a dropped event the local stack's trace keeps a copy, for as long as it goes back
 */
export function judgeDeadLetterQueues({ RuleName, Targets }: Rule, isLocal: boolean): Link {
  const name = `dead letters of ${RuleName}`
  const lacking = Targets.filter(({ DeadLetterQueue }) => !DeadLetterQueue?.Arn).map(({ Id }) => Id)
  if (lacking.length === 0)
    return ok(name, [...new Set(Targets.map((target) => target.DeadLetterQueue?.Arn))].join('; '))
  if (isLocal) return ok(name, 'no queue: after the last retry an event is dropped; replay it from the event trace')
  const step = 'name a queue as DeadLetterQueue in eventbridge.yaml, and run npm run provision'
  return wrong(name, `target ${lacking.join(', ')} has no queue: after the last retry events are gone`, step)
}
