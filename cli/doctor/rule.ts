import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import { type Link, ok, wrong } from '../../shared/doctor/link'
import type { Rule } from '../provision/state'
import { ENABLE, PROVISION } from './steps'

export type WantedRule = EventBridgeFile['rules'][number]

/** @param wanted what eventbridge.yaml says of it */
export function judgeRule({ name, enabled }: WantedRule, rule: Rule | undefined): Link {
  const link = `rule ${name}`
  if (rule === undefined) return wrong(link, 'there is none on the bus', PROVISION)
  if (rule.Status === 'ENABLE') return ok(link, 'enabled')
  if (!enabled) return ok(link, 'disabled, as eventbridge.yaml has it')
  return wrong(link, `is ${rule.Status}, so nothing comes through`, ENABLE)
}
