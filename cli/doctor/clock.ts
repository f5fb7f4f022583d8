import { type Link, ok, unknown, wrong } from '../../shared/doctor/link'

/** Alibaba Cloud's gateways refuse signatures that are older, or younger. */
const MAX_SKEW_MS = 15 * 60 * 1000
const ANSWER_WITHIN_MS = 10_000

/** By how many milliseconds this machine's clock is ahead of the server's; undefined when the server does not tell. */
export async function readSkew(endpoint: URL): Promise<number | undefined> {
  const started = Date.now()
  try {
    const { headers } = await fetch(endpoint, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    const middle = (started + Date.now()) / 2
    const server = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(server) ? undefined : middle - server
  } catch {
    return undefined
  }
}

/** The header counts in seconds, so a second more or less is none. */
export function judgeClock(skewMs: number | undefined): Link {
  if (skewMs === undefined) return unknown('clock', 'EventBridge does not tell the time')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  const found = seconds <= 1 ? 'as EventBridge’s' : `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} EventBridge’s`
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok('clock', found)
  return wrong('clock', found, 'set this machine’s clock (NTP): signatures made with it are refused')
}
