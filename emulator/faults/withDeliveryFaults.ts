import type { DeliveryResult } from '../targets/target'
import type { Faults } from './faults'

/**
 * Deliveries of which a share fails: by half before the target was reached, by half after it had taken the event, which
 * it therefore gets again.
 */
export function withDeliveryFaults<Input extends unknown[]>(
  deliver: (...input: Input) => Promise<DeliveryResult>,
  { deliverFail }: Faults,
  random: () => number,
): (...input: Input) => Promise<DeliveryResult> {
  return async function faultyDelivery(...input) {
    if (random() >= deliverFail) return deliver(...input)
    if (random() < 0.5) return { error: 'fault on demand: the target was not reached' }
    const result = await deliver(...input)
    return result.error === undefined ? { error: "fault on demand: the target's answer was lost" } : result
  }
}
