import type { FcContext } from '../../../shared/fc/types'
import { isObject, parseJson } from '../../../shared/json'
import type { Logger } from '../../../shared/logging'
import type { Toolbox } from './action'

/** What was asked for, as it was typed: `{"maintenance":"explain","userId":"…"}`. Values are checked by the action. */
export type MaintenanceRequest = Readonly<Record<string, unknown>> & { maintenance: string }

/** None of them is an attribute of a CloudEvent, so whoever delivers one cannot ask for maintenance. */
const KEYS = new Set(['maintenance', 'userId', 'table', 'days', 'allowLeavers', 'confirm', 'plan'])
const MAX_BYTES = 1024

/**
 * What a maintenance invocation asks for (`s employees invoke -e '{"maintenance":"doctor"}'`); undefined for any other
 * payload, which is a delivery. A maintenance payload is a JSON object with these keys and no others: a CloudEvent, which
 * is what the rule delivers, has others, and an array is a batch.
 *
 * A rule whose Body is not ORIGINAL may deliver anything, `$.data.body` even the very bytes that a stranger sent to the
 * webhook, and the context does not tell an invocation of EventBridge's from one of yours. So no action may harm when a
 * stranger starts it: doctor, explain and a replay's plan only read, and their answer goes to EventBridge, which drops it; replay is what
 * deliveries do anyway; purge, and a replay that lets rosters through, want a code that only their own answer tells
 * (maintenance/confirmation.ts).
 */
export function maintenanceRequest(payload: Buffer): MaintenanceRequest | undefined {
  // so that no delivery is parsed twice
  if (payload.length > MAX_BYTES || !payload.includes('"maintenance"')) return undefined
  const value = parseJson(payload.toString('utf8'))
  return isRequest(value) && Object.keys(value).every((key) => KEYS.has(key)) ? value : undefined
}

/**
 * Runs what was asked for and answers with its text, errors included: a thrown one would be shown as a stack. The log
 * gets one line, without the answer, which is about people.
 */
export function createMaintenance(toolbox: Toolbox, log: Logger) {
  return async function maintain(request: MaintenanceRequest, context: FcContext): Promise<string> {
    const started = performance.now()
    // loaded when it is wanted: a delivery's cold start does not pay for it
    const { runAction } = await import('./runAction')
    const { text, ...fields } = await runAction(request, toolbox, context)
    const report = fields['code'] === undefined ? log.info : log.error
    report({ requestId: context.requestId, ...fields, ms: Math.round(performance.now() - started) })
    return text
  }
}

function isRequest(value: unknown): value is MaintenanceRequest {
  return isObject(value) && typeof value['maintenance'] === 'string'
}
