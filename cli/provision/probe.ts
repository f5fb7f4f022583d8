import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { compilePattern } from '../../emulator'
import type { EventSource, OutgoingEvent } from '../../shared/eventbridge/cloudEvent'
import { failureOf, type PutEventsEntry } from '../../shared/eventbridge/putEventsAnswer'
import { parseLossless } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { webhookEvent } from '../webhookEvent'
import { type EventBridgeApi, understand } from './eventBridgeApi'
import type { Rule } from './state'

interface ProbeDependencies {
  api: EventBridgeApi
  /** milliseconds, of any origin */
  now(): number
  sleep(ms: number): Promise<void>
  report(line: string): void
}

const WITHIN_MS = 120_000
/** A new rule may take a while until it sees events: then another probe is sent. */
const AGAIN_AFTER_MS = 20_000
const POLL_MS = 1_000

/**
 * Publishes an event as the webhook does, which the employees function ignores, and waits until the event trace says that
 * each target of the rules that match it took it.
 * @throws UserError that says what was seen
 */
export async function probe(
  source: EventSource,
  wanted: readonly Rule[],
  dependencies: ProbeDependencies,
): Promise<void> {
  const { api, now, sleep, report } = dependencies
  const rules = wanted.filter((rule) => takes(rule, probeEvent(source)))
  if (rules.length === 0) {
    throw new UserError(
      `No enabled rule of the file takes an event of ${source.name} as the webhook publishes it, so nothing can be probed. Add --no-probe if that is meant.`,
    )
  }
  const deadline = now() + WITHIN_MS
  let attempts: Attempt[] = []
  while (now() < deadline) {
    const event = probeEvent(source)
    await publish(api, event)
    report(`probe ${event.id} published`)
    const again = now() + AGAIN_AFTER_MS
    while (now() < again) {
      attempts = await readTraces(api, source.busName, event.id)
      if (rules.every((rule) => isTaken(rule, attempts))) return report(describe(attempts))
      await sleep(POLL_MS)
    }
  }
  throw new UserError(`The probe did not come through within ${WITHIN_MS / 1000} s. ${describe(attempts)}`)
}

/** No mapping knows this syncAction, so employees answers that it is ignored. */
function probeEvent(source: EventSource): OutgoingEvent {
  const message = { syncAction: 'provision_probe', eventId: `probe-${randomUUID()}` }
  return webhookEvent(message, source, new Date())
}

function takes({ Status, FilterPattern }: Rule, { json }: OutgoingEvent): boolean {
  return Status === 'ENABLE' && compilePattern(parseLossless(FilterPattern)).matches(JSON.parse(json))
}

async function publish(api: EventBridgeApi, { json }: OutgoingEvent): Promise<void> {
  const { EntryList } = await api.call('putEvents', [JSON.parse(json)])
  const [entry] = (Array.isArray(EntryList) ? EntryList : []) as PutEventsEntry[]
  const code = entry && failureOf(entry)
  if (code !== undefined) throw new UserError(`EventBridge refused the probe: ${code}.`)
}

/** One attempt to deliver an event. */
export interface Attempt {
  rule: string
  status: string
  latencyMs: number
  isDelivered: boolean
}

const text = z.nullish(z.string())
const step = z.object({ RuleName: text, NotifyStatus: text, NotifyLatency: z.nullish(z.number()) })
const steps = z.object({ EventTraceList: z.nullish(z.array(step)) })

/**
 * What the event trace says of an event's deliveries; a step without NotifyStatus is none. `[200]Ok` is the one status
 * that the documents show.
 * https://help.aliyun.com/zh/eventbridge/developer-reference/api-eventbridge-2020-04-01-queryeventtraces
 */
export async function readTraces(api: EventBridgeApi, EventBusName: string, EventId: string): Promise<Attempt[]> {
  const answer = await api.call('queryEventTraces', { EventBusName, EventId })
  const { EventTraceList } = understand('queryEventTraces', steps, answer)
  return (EventTraceList ?? []).flatMap(({ RuleName: rule, NotifyStatus: status, NotifyLatency: latencyMs }) => {
    if (!status) return []
    return [{ rule: rule ?? '', status, latencyMs: latencyMs ?? 0, isDelivered: /^\[?2\d\d\b/.test(status) }]
  })
}

function isTaken({ RuleName, Targets }: Rule, attempts: readonly Attempt[]): boolean {
  return attempts.filter(({ rule, isDelivered }) => rule === RuleName && isDelivered).length >= Targets.length
}

function describe(attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return 'The event trace shows no delivery of it.'
  return attempts.map(({ rule, status, latencyMs }) => `rule ${rule}: ${status} after ${latencyMs} ms`).join('; ')
}
