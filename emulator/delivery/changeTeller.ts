import type { Lane } from '../store/dueDeliveries'

/**
 * Says when deliveries to a target begin to fail, and when they work again: a line each, however many attempts there are in
 * between. An attempt's error has nothing of the event in it.
 */
export function createChangeTeller(say: (line: string) => void): (lane: Lane, error: string | undefined) => void {
  const failing = new Set<string>()
  return ({ bus, rule, target }, error) => {
    const name = `target ${target} of rule ${rule} (bus ${bus})`
    if (error === undefined) {
      if (failing.delete(name)) say(`Deliveries to ${name} work again.`)
    } else if (!failing.has(name)) {
      failing.add(name)
      say(`Deliveries to ${name} fail: ${error}`)
    }
  }
}
