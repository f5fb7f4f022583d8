import { setTimeout as sleep } from 'node:timers/promises'
import { types } from 'node:util'
import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import type { WebhookConfig } from '../../functions/webhook/config'
import { errorMessage } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { UserError } from '../../shared/userError'
import { createEventBridgeApi, EventBridgeRefusal } from '../provision/eventBridgeApi'
import { explainError } from '../provision/explainError'
import { readFile } from '../provision/file'
import { readBus } from '../provision/readBus'
import { checkServiceRole } from '../provision/serviceRole'
import { chooseTarget, type ProvisionTarget } from '../targetEventBridge'
import { checkBus } from './checkBus'
import type { Traced } from './delivery'
import type { Place } from './place'

export interface EventBridgeReport {
  links: Link[]
  /** undefined when a link of an event's way is not ok */
  traces: Traced | undefined
}

/** The links that nobody but EventBridge can tell of. */
const UNTOLD = ['bus', 'source', 'rule', 'target', 'dead letters', 'events'].map((name) =>
  unknown(name, 'EventBridge does not tell'),
)

/**
 * From the access key to the target, as EventBridge has them.
 * @param webhook which events it takes; undefined when its variables are wrong
 */
export async function checkEventBridge(place: Place, webhook: WebhookConfig | undefined): Promise<EventBridgeReport> {
  const wanted = readWanted(place)
  if (typeof wanted === 'string') {
    return { links: [wrong('credentials', 'EventBridge cannot be asked', wanted), ...UNTOLD], traces: undefined }
  }
  const { target, file } = wanted
  const api = createEventBridgeApi(target.endpoint, target.credentials, sleep)
  const ruleNames = file.rules.map(({ name }) => name)
  const { found, error } = await readBus(api, file.bus, ruleNames).then(
    (bus) => ({ found: bus, error: undefined }),
    (refusal: unknown) => ({ found: undefined, error: refusal }),
  )
  const account = [
    judgeClock(await readSkew(target.endpoint)),
    judgeCredentials(error, target.endpoint),
    await checkRole(target),
  ]
  if (error !== undefined) return { links: [...account, ...UNTOLD], traces: undefined }
  const { way, queues, rules } = await checkBus(api, { place, target, file, webhook }, found)
  const isWhole = way.every(({ state }) => state === 'ok')
  return { links: [...account, ...way, ...queues], traces: isWhole ? { api, busName: file.bus, rules } : undefined }
}

interface Wanted {
  target: ProvisionTarget
  file: EventBridgeFile
}

/** @returns why it cannot be known */
function readWanted({ environment, eventBridgeFile: { name, text } }: Place): Wanted | string {
  try {
    const target = chooseTarget(environment, {})
    return { target, file: readFile(text, name, target, environment) }
  } catch (error) {
    if (error instanceof UserError) return errorMessage(error)
    throw error
  }
}

async function checkRole({ endpoint, credentials }: ProvisionTarget): Promise<Link> {
  const name = 'service-linked role'
  if (isLoopbackHost(endpoint.hostname)) return ok(name, 'the embedded EventBridge needs none')
  const { state, line } = await checkServiceRole(credentials)
  if (state === 'ok') return ok(name, line)
  return state === 'missing' ? wrong(name, 'missing', line) : unknown(name, 'not known', line)
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
