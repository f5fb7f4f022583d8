import { parseLossless, stringifyLossless } from '../../shared/json'
import type { TargetParam } from '../transform/compileTransform'
import { compileParams } from './params'
import type { Connections, DeliveryResult, Target } from './target'

const ENDPOINT = /^acs:eventbridge:[^:]*:[^:]*:eventbus\/([A-Za-z0-9-]{1,127})$/

/** The name in the ARN of an event bus; undefined for any other text. */
function busOfArn(arn: string): string | undefined {
  return ENDPOINT.exec(arn)?.[1]
}

/**
 * `acs.eventbridge`: another event bus of this emulator, `acs:eventbridge:<region>:<account>:eventbus/<bus>`. An event
 * that was on that bus already is refused; see publishOnBus.
 * @throws Error that names the parameter and what to write
 */
export function compileEventBusTarget(
  endpoint: string,
  params: readonly TargetParam[],
  { publish }: Connections,
): Pick<Target, 'deliver'> {
  const bus = busOfArn(endpoint)
  if (bus === undefined) throw new Error('Endpoint: must be acs:eventbridge:<region>:<account>:eventbus/<bus>')
  if (publish === undefined) throw new Error('Type: this emulator publishes on no other event bus')
  compileParams('acs.eventbridge', params, {
    RegionId: {},
    AccountType: { values: ['SameAccount'] },
    AccountId: {},
    EventBusName: { inEndpoint: bus },
    RAMRoleName: {},
    Body: { required: true, forms: ['ORIGINAL'] },
  })
  return { deliver: (eventText) => publishOnBus(bus, eventText, publish) }
}

/**
 * As the service's API has them, and MNS's longer one, each with a slash before the resource or without: the API's page has
 * `:/queues/…`, terraform's sample, and targets, `:queues/…`. https://help.aliyun.com/en/eventbridge/user-guide/retry-and-dead-letter
 */
const QUEUES = [
  /^acs:mns:[^:]*:[^:]*:\/?queues\/[^/]+(?:\/messages)?$/,
  /^acs:mq:[^:]*:[^:]*:\/?instances\/[^/]+\/topic\/[^/]+$/,
  /^acs:alikafka:[^:]*:[^:]*:\/?instance\/[^/]+\/topic\/[^/]+$/,
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
  if (QUEUES.some((queue) => queue.test(arn))) return { deadLetterQueue: inOneSpelling(arn) }
  const bus = busOfArn(arn)
  if (bus === undefined) {
    throw new Error(
      'DeadLetterQueue.Arn: must be acs:mns:<region>:<account>:/queues/<queue>, acs:mq:<region>:<account>:/instances/<instance>/topic/<topic>, acs:alikafka:<region>:<account>:instance/<instance>/topic/<topic> or acs:eventbridge:<region>:<account>:eventbus/<bus>',
    )
  }
  if (publish === undefined) throw new Error('DeadLetterQueue.Arn: this emulator publishes on no other event bus')
  return { deadLetterQueue: arn, publishDeadLetter: (eventText) => publishOnBus(bus, eventText, publish) }
}

/** With the slash for MNS and RocketMQ, without for Kafka, as the service's page has them: either way it is one queue. */
function inOneSpelling(arn: string): string {
  return arn.replace(/:\/?(queues|instances)\//, ':/$1/').replace(/:\/?instance\//, ':instance/')
}

/** An extension of the emulator's own: the buses that an event was on, so that it never goes round in circles. */
const TRAIL = 'emulatorbuses'

/**
 * Publishes an event of one bus on another, as it is but for the bus's name and its trail. An event that comes to a bus
 * for the second time would go the same way again: it is refused.
 */
export async function publishOnBus(
  bus: string,
  eventText: string,
  publish: NonNullable<Connections['publish']>,
): Promise<DeliveryResult> {
  const event = parseLossless(eventText) as Record<string, unknown>
  const { [TRAIL]: before, aliyuneventbusname: here } = event
  const trail = [...(typeof before === 'string' ? before.split(',') : []), String(here)]
  if (trail.includes(bus)) return { error: `the event was on the bus ${bus} already and would go round in circles` }
  return publish(bus, stringifyLossless({ ...event, aliyuneventbusname: bus, [TRAIL]: trail.join(',') }))
}
