import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../shared/clock'
import { drawFault, drawLatency, type FaultText, parseFaultText } from '../../shared/faultText'
import { addressRefused, type GatewayError, monthQuota, staleToken, tooManyOfAll, tooManyOfApp } from './callError'

/** What can happen to a call, in the order in which a draw is compared; one at most happens to a call. */
const CALL_FAULTS = [
  ...(['throttle', 'throttle-all', 'busy', 'quota', 'address', 'stale'] as const),
  ...(['html', 'punish', 'truncated', 'reset', 'hang'] as const),
] as const
/** What can happen to a callback: lost, found in the list of failed ones; gone, and nowhere; twice; some time later. */
const CALLBACK_FAULTS = ['callback-lost', 'callback-gone', 'callback-twice', 'callback-late'] as const

type CallFault = (typeof CALL_FAULTS)[number]
export type DingTalkFaults = FaultText<CallFault | (typeof CALLBACK_FAULTS)[number]>

/**
 * Reads faults on demand: `throttle=5%,html=0.1%,callback-lost=33%,latency=50ms-2s`.
 * @param option where they were written, for errors
 * @throws UserError that names the part that is wrong
 */
export function parseDingTalkFaults(option: string, text: string): DingTalkFaults {
  return parseFaultText(option, text, [...CALL_FAULTS, ...CALLBACK_FAULTS], CALL_FAULTS)
}

export const NO_FAULTS: DingTalkFaults = parseDingTalkFaults('', 'latency=0ms')

/** What becomes of a call: an error of the gateway, or an answer that is none, or undefined when nothing is wrong. */
type Outcome = { gateway: GatewayError } | { busy: true } | { broken: BrokenAnswer }
export type BrokenAnswer = 'html' | 'punish' | 'truncated' | 'reset' | 'hang'

/** Waits for the latency, then draws what is to happen. */
export async function suffer(
  { shares, latency }: DingTalkFaults,
  call: { apiPath: string; appKey: string; perSecond: number; hasToken: boolean; isCounted: boolean },
  { random, clock }: { random(): number; clock: Clock },
): Promise<Outcome | undefined> {
  const ms = drawLatency(latency, random)
  if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve))
  const second = Math.floor(clock.now() / 1_000) * 1_000
  const fault = drawFault(CALL_FAULTS, shares, random())
  switch (fault) {
    case undefined:
      return undefined
    case 'throttle':
      return { gateway: tooManyOfApp(call.apiPath, call.perSecond, second) }
    case 'throttle-all':
      return { gateway: tooManyOfAll(call.apiPath, second) }
    case 'quota':
      return call.isCounted ? { gateway: monthQuota } : undefined
    case 'address':
      return { gateway: addressRefused(call.appKey) }
    case 'stale':
      return call.hasToken ? { gateway: staleToken } : undefined
    case 'busy':
      return { busy: true }
    default:
      return { broken: fault }
  }
}

/** As DingTalk's gate keeps an address out for five minutes. Its HTTP status was not found; this one is assumed. */
const BAN_PAGE =
  '<!DOCTYPE html><html><head><title>访问受限</title></head><body><h1>您的访问过于频繁，请稍后再试</h1></body></html>'

/** Answers so that no client can read it. @param text the whole answer, of which a part is sent when it is truncated */
export async function answerBroken(
  kind: BrokenAnswer,
  req: IncomingMessage,
  res: ServerResponse,
  text: string,
): Promise<void> {
  switch (kind) {
    case 'html':
      return answer(res, 'text/html; charset=utf-8', BAN_PAGE)
    case 'punish': {
      const uuid = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
      return answer(
        res,
        'application/json',
        JSON.stringify({ status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid }),
      )
    }
    case 'truncated':
      return answer(res, 'application/json', text.slice(0, Math.ceil(text.length / 2)))
    case 'reset':
      req.socket.resetAndDestroy()
      return
    case 'hang':
      // nothing is said until the client goes away
      await once(res, 'close')
  }
}

function answer(res: ServerResponse, type: string, text: string): void {
  res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  res.end(text)
}
