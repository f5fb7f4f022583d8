import { types } from 'node:util'
import { errorMessage } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { UserError } from '../../shared/userError'
import { EventBridgeRefusal } from '../provision/eventBridgeApi'
import { explainError } from '../provision/explainError'
import { checkServiceRole } from '../provision/serviceRole'
import type { ProvisionTarget } from '../targetEventBridge'

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

/**
 * What a signed call that changes nothing says of the access key.
 * @param error what came of it; undefined when it was answered
 */
export function judgeCredentials(error: unknown, endpoint: URL): Link {
  const name = 'credentials'
  if (error === undefined) return ok(name, `accepted by ${endpoint.host}`)
  const explained = explainError(error, endpoint)
  if (!(explained instanceof UserError)) throw error
  const next = errorMessage(explained)
  if (error instanceof EventBridgeRefusal) return wrong(name, `refused (${error.code})`, next)
  return unknown(
    name,
    `${isAnswer(error) ? 'an answer that is not understood' : 'no answer'} from ${endpoint.host}`,
    next,
  )
}

/** A UserError of `understand`, or text that is no JSON. */
function isAnswer(error: unknown): boolean {
  return error instanceof UserError || (types.isNativeError(error) && error.name === 'SyntaxError')
}

/** By which EventBridge invokes functions. */
export async function checkRole({ endpoint, credentials }: ProvisionTarget): Promise<Link> {
  const name = 'service-linked role'
  if (isLoopbackHost(endpoint.hostname)) return ok(name, 'the embedded EventBridge needs none')
  const { state, line } = await checkServiceRole(credentials)
  if (state === 'ok') return ok(name, line)
  return state === 'missing' ? wrong(name, 'missing', line) : unknown(name, 'not known', line)
}
