import { busOfArn } from './eventBusTarget'
import { publishOnBus } from './publishOnBus'
import type { Connections, Target } from './target'

/** As the service's API has them, and MNS's longer one. https://help.aliyun.com/en/eventbridge/user-guide/retry-and-dead-letter */
const QUEUES = [
  /^acs:mns:[^:]*:[^:]*:\/queues\/[^/]+(?:\/messages)?$/,
  /^acs:mq:[^:]*:[^:]*:\/instances\/[^/]+\/topic\/[^/]+$/,
  /^acs:alikafka:[^:]*:[^:]*:instance\/[^/]+\/topic\/[^/]+$/,
]

/**
 * A dead-letter queue by its ARN: a queue of MNS, a topic of RocketMQ or of Kafka, which is a queue in the store here, or
 * an event bus of this emulator.
 * @throws Error that says what to write
 */
export function compileDeadLetterQueue(
  arn: string,
  { publish }: Connections,
): Pick<Target, 'deadLetterQueue' | 'publishDeadLetter'> {
  if (QUEUES.some((queue) => queue.test(arn))) return { deadLetterQueue: arn }
  const bus = busOfArn(arn)
  if (bus === undefined) {
    throw new Error(
      'DeadLetterQueue.Arn: must be acs:mns:<region>:<account>:/queues/<queue>, acs:mq:<region>:<account>:/instances/<instance>/topic/<topic>, acs:alikafka:<region>:<account>:instance/<instance>/topic/<topic> or acs:eventbridge:<region>:<account>:eventbus/<bus>',
    )
  }
  if (publish === undefined) throw new Error('DeadLetterQueue.Arn: this emulator publishes on no other event bus')
  return { deadLetterQueue: arn, publishDeadLetter: (eventText) => publishOnBus(bus, eventText, publish) }
}
