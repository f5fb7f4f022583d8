import { parseLossless, stringifyLossless } from '../../shared/losslessJson'
import type { Connections, DeliveryResult } from './target'

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
