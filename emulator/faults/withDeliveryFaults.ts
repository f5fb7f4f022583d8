import type { DeliveryResult } from '../targets/target'
import type { Faults } from './faults'

/**
 * Deliveries of which a share fails: by half before the target was reached, by half after it had taken the event, which
 * it therefore gets again.
 */
export function withDeliveryFaults(
  deliver: (eventText: string) => Promise<DeliveryResult>,
  { deliverFail }: Faults,
  random: () => number,
): (eventText: string) => Promise<DeliveryResult> {
  return async function faultyDelivery(eventText) {
    if (random() >= deliverFail) return deliver(eventText)
    if (random() < 0.5) return { error: 'fault on demand: the target was not reached' }
    const result = await deliver(eventText)
    return result.error === undefined ? { error: "fault on demand: the target's answer was lost" } : result
  }
}
