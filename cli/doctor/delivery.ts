import { setTimeout as sleep } from 'node:timers/promises'
import { type Link, ok, unknown, wrong } from '../../shared/doctor/link'
import type { EventBridgeApi } from '../provision/eventBridgeApi'
import { type Attempt, readTraces } from '../provision/readTraces'

const WITHIN_MS = 30_000
const POLL_MS = 500

/** The first attempts to deliver the event, once the event trace has any. */
export async function waitForDelivery(api: EventBridgeApi, busName: string, eventId: string): Promise<Attempt[]> {
  const deadline = Date.now() + WITHIN_MS
  for (;;) {
    const attempts = await readTraces(api, busName, eventId)
    if (attempts.length > 0 || Date.now() > deadline) return attempts
    await sleep(POLL_MS)
  }
}

export function judgeDelivery(eventId: string, attempts: readonly Attempt[]): Link {
  const name = 'delivery'
  const failed = attempts.find(({ isDelivered }) => !isDelivered)
  if (failed) {
    const step = `the log of employees says why: eventId: "${eventId}"; EventBridge tries again`
    return wrong(name, `by rule ${failed.rule}: ${failed.status}`, step)
  }
  const [first] = attempts
  if (first) return ok(name, `the probe came through rule ${first.rule} in ${first.latencyMs} ms`)
  const step = `look for ${eventId} in the event trace: the rule does not match, or the trace is late`
  return unknown(name, 'the event trace shows no delivery of the probe yet', step)
}
