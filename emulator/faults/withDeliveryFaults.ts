import type { DeliveryResult } from '../targets/target'
import type { Faults } from './faults'

export type Deliver = (eventText: string) => Promise<DeliveryResult>

/**
 * A target whose deliveries fail by a share: by half before the target was reached, by half after it had taken the event,
 * which it therefore gets again.
 */
export function withDeliveryFaults(deliver: Deliver, { deliverFail }: Faults, random: () => number): Deliver {
  return async function faultyDelivery(eventText) {
    if (random() >= deliverFail) return deliver(eventText)
    if (random() < 0.5) return { error: 'fault on demand: the target was not reached' }
    const result = await deliver(eventText)
    return result.error === undefined ? { error: "fault on demand: the target's answer was lost" } : result
  }
}
