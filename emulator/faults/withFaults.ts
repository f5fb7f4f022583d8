import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../shared/clock'
import { drawFault, drawLatency } from '../../shared/faultText'
import { sendJson } from '../../shared/sendJson'
import type { RefuseEntry } from '../api/putEvents'
import type { DeliveryResult } from '../targets/target'
import { type Faults, REQUEST_FAULTS } from './faults'

export type OpenApi = (req: IncomingMessage, res: ServerResponse, refuseEntry?: RefuseEntry) => Promise<void>

interface FaultsOptions {
  /** in [0, 1) */
  random(): number
  clock: Clock
  /** takes a line for each fault, but for latency */
  log(line: string): void
}

/**
 * EventBridge's API with faults in its PutEvents; other operations are left alone. To a request there happens one of
 * - throttle: 429, not accepted
 * - error: 500 of the service, or 503 in HTML of a load balancer, by half; not accepted
 * - reset: the connection is reset, by half before the events were accepted and by half after
 * - partial: 200, and the first entry and by half each other one is refused
 * - hang: no answer until the client goes away; not accepted
 *
 * and, with any, latency: the answer comes later, while accepted events are under way.
 */
export function withFaults(openApi: OpenApi, faults: Faults, { random, clock, log }: FaultsOptions): OpenApi {
  return async function faultyOpenApi(req, res) {
    if (!isPutEvents(req)) return openApi(req, res)
    const fault = drawFault(REQUEST_FAULTS, faults.requests, random())
    const latencyMs = drawLatency(faults.latency, random)
    if (latencyMs > 0) delayAnswer(res, latencyMs, clock)
    const isFirstHalf = fault !== undefined && random() < 0.5

    switch (fault) {
      case undefined:
        return openApi(req, res)
      case 'throttle':
        report('throttled')
        req.resume()
        // as EventBridge's gateway does it: https://help.aliyun.com/zh/eventbridge/error-codes
        return answerError(res, 429, 'TooManyRequests', 'The request is denied by flow limiter for too many requests.')
      case 'error':
        report(isFirstHalf ? 'answered 500' : 'answered 503 in HTML')
        req.resume()
        return isFirstHalf ? answerError(res, 500, 'InternalError', 'InternalError') : answerUnavailable(res)
      case 'partial':
        report('accepted in part')
        return openApi(req, res, refuseSome(random))
      case 'reset':
        report(isFirstHalf ? 'reset before it was accepted' : 'reset after it was accepted')
        // an answer that has no socket goes nowhere
        if (!isFirstHalf) await openApi(req, new ServerResponse(req))
        if (latencyMs > 0) await new Promise<void>((resolve) => clock.after(latencyMs, resolve))
        req.socket.resetAndDestroy()
        return
      case 'hang':
        report('left without an answer')
        // with its body unread, nobody would notice that the client is gone
        req.resume()
        await once(res, 'close')
    }

    function report(what: string): void {
      log(`Fault on demand: a PutEvents was ${what}.`)
    }
  }
}

function isPutEvents({ url }: IncomingMessage): boolean {
  return /^\/openapi\/putEvents(\?|$)/.test(url ?? '')
}

function refuseSome(random: () => number): RefuseEntry {
  let isFirst = true
  return () => {
    const isRefused = isFirst || random() < 0.5
    isFirst = false
    return isRefused ? { code: 'InternalError', message: 'InternalError' } : undefined
  }
}

function answerError(res: ServerResponse, status: number, code: string, message: string): void {
  sendJson(res, status, { code, message, requestId: randomUUID().toUpperCase() })
}

/** As a load balancer answers when nobody is behind it: no JSON, which the official SDK reports as a SyntaxError. */
function answerUnavailable(res: ServerResponse): void {
  const body = '<html><body><h1>503 Service Unavailable</h1></body></html>'
  res.writeHead(503, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(body) })
  res.end(body)
}

/**
 * Holds an answer back by so many milliseconds: whoever writes it goes on at once, so that the event is accepted and may
 * be delivered before its sender knows. The head waits too, as Node sends it with the first bytes of the body.
 */
function delayAnswer(res: ServerResponse, ms: number, clock: Clock): void {
  const end: (body?: unknown) => ServerResponse = res.end.bind(res)
  res.end = (body?: unknown) => {
    // to a client that has gone meanwhile it is written in vain, which is harmless
    clock.after(ms, () => end(body))
    return res
  }
}

/**
 * Deliveries of which a share fails: by half before the target was reached, by half after it had taken the event, which
 * it therefore gets again.
 */
export function withDeliveryFaults(
  deliver: () => Promise<DeliveryResult>,
  { deliverFail }: Faults,
  random: () => number,
): () => Promise<DeliveryResult> {
  return async function faultyDelivery() {
    if (random() >= deliverFail) return deliver()
    if (random() < 0.5) return { error: 'fault on demand: the target was not reached' }
    const result = await deliver()
    return result.error === undefined ? { error: "fault on demand: the target's answer was lost" } : result
  }
}
