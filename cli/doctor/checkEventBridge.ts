import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import type { WebhookConfig } from '../../functions/webhook/config'
import { type Link, ok, unknown, wrong } from '../../shared/doctor/link'
import { errorMessage } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { chooseTarget, type ProvisionTarget } from '../provision/chooseTarget'
import { createEventBridgeApi } from '../provision/eventBridgeApi'
import { readBus } from '../provision/readBus'
import { readFile } from '../provision/readFile'
import { checkServiceRole } from '../provision/serviceRole'
import { checkBus } from './checkBus'
import { judgeClock, readSkew } from './clock'
import { judgeCredentials } from './credentials'
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
