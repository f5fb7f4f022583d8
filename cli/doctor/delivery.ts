import { setTimeout as sleep } from 'node:timers/promises'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import type { EventBridgeApi } from '../provision/eventBridgeApi'
import { type Attempt, readTraces } from '../provision/probe'

const WITHIN_MS = 30_000
const POLL_MS = 500

/** By what the way of an event to the employees function can be followed. */
export interface Traced {
  api: EventBridgeApi
  busName: string
  /** those that lead there: what becomes of an event by the rule of another system is that one's business */
  rules: readonly string[]
}

/** The first attempts to deliver the event, once the event trace has any. */
export async function waitForDelivery({ api, busName, rules }: Traced, eventId: string): Promise<Attempt[]> {
  const deadline = Date.now() + WITHIN_MS
  for (;;) {
    const attempts = (await readTraces(api, busName, eventId)).filter(({ rule }) => rules.includes(rule))
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
