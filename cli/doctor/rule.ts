import { type Link, ok, unknown, wrong } from '../../shared/doctor/link'
import type { Rule } from '../provision/state'
import { PROVISION } from './bus'

/** @param matches whether EventBridge says that the rule's pattern takes an event of the webhook's; undefined when it does not say */
export function judgeRule(name: string, rule: Rule | undefined, matches: boolean | undefined): Link {
  const link = `rule ${name}`
  if (rule === undefined) return wrong(link, 'there is none on the bus', PROVISION)
  if (rule.Status !== 'ENABLE') {
    return wrong(
      link,
      `is ${rule.Status}, so nothing comes through`,
      'enable it in the console, or by npm run provision',
    )
  }
  if (matches === undefined) return unknown(link, 'enabled; EventBridge does not say whether it matches')
  if (!matches) {
    const step = 'compare source and type in its FilterPattern with EVENT_SOURCE_NAME; npm run provision -- --plan'
    return wrong(link, 'does not match what the webhook publishes', step)
  }
  return ok(link, 'enabled, and matches what the webhook publishes')
}
