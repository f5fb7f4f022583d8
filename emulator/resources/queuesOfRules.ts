import { queueOfArn } from '../store/messages'
import { queueOfEndpoint } from '../targets/mnsQueueTarget'
import type { RuleDefinition } from './definitions'

/** A queue that a rule names. */
export interface NamedQueue {
  /** a name, or the ARN of what is no queue of MNS */
  queue: string
  bus: string
  rule: string
  /** whether it is there for what could not be delivered */
  isForDeadLetters: boolean
}

/** Every queue that a rule delivers to or has for its dead letters, once a target that names it. */
export function queuesOfRules(rules: readonly RuleDefinition[]): NamedQueue[] {
  return rules.flatMap(({ bus, name: rule, targets }) =>
    targets.flatMap(({ Type, Endpoint, DeadLetterQueue }) => {
      const queue = Type === 'acs.mns.queue' ? queueOfEndpoint(Endpoint) : undefined
      // an event bus keeps what it is given as an event
      const arn = DeadLetterQueue?.Arn.startsWith('acs:eventbridge:') ? undefined : DeadLetterQueue?.Arn
      return [
        ...(queue === undefined ? [] : [{ queue, bus, rule, isForDeadLetters: false }]),
        ...(arn === undefined ? [] : [{ queue: queueOfArn(arn), bus, rule, isForDeadLetters: true }]),
      ]
    }),
  )
}
