import type { TargetParam } from '../transform/compileTransform'
import { compileParams } from './params'
import { publishOnBus } from './publishOnBus'
import type { Connections, Target } from './target'

const ENDPOINT = /^acs:eventbridge:[^:]*:[^:]*:eventbus\/([A-Za-z0-9-]{1,127})$/

/** The name in the ARN of an event bus; undefined for any other text. */
export function busOfArn(arn: string): string | undefined {
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
    EventBusName: { values: [bus] },
    RAMRoleName: {},
    Body: { required: true, forms: ['ORIGINAL'] },
  })
  return { deliver: (eventText) => publishOnBus(bus, eventText, publish) }
}
