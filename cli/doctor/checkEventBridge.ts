import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import { type Link, ok, unknown, wrong } from '../../shared/doctor/link'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { chooseTarget, type ProvisionTarget } from '../provision/chooseTarget'
import { createEventBridgeApi, type EventBridgeApi } from '../provision/eventBridgeApi'
import { readBus } from '../provision/readBus'
import { readFile } from '../provision/readFile'
import { checkServiceRole } from '../provision/serviceRole'
import type { FoundBus } from '../provision/state'
import { webhookEvent, webhookSource } from '../webhookEvent'
import { judgeBus, judgeSource } from './bus'
import { judgeClock, readSkew } from './clock'
import { judgeCredentials } from './credentials'
import type { Place } from './place'
import { judgeRule } from './rule'
import { findTarget, judgeDeadLetterQueue, judgeTarget } from './target'

export interface EventBridgeReport {
  links: Link[]
  /** by which the way of an event can be followed; undefined when a link of that way is not ok */
  traces: { api: EventBridgeApi; busName: string } | undefined
}

/** The links that nobody but EventBridge can tell of. */
const UNTOLD = ['bus', 'source', 'rule', 'target', 'dead letters'].map((name) =>
  unknown(name, 'EventBridge does not tell'),
)

/** An invented person who joins. */
const SAMPLE = { syncAction: 'user_add_org', userId: '0042', name: '小明' }

/** From the access key to the target, as EventBridge has them. */
export async function checkEventBridge(place: Place): Promise<EventBridgeReport> {
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
  const { way, queues } = await checkBus(api, place, wanted, found)
  const isWhole = way.every(({ state }) => state === 'ok')
  return { links: [...account, ...way, ...queues], traces: isWhole ? { api, busName: file.bus } : undefined }
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

/** The way of an event over the bus, and what becomes of those that cannot be delivered. */
async function checkBus(api: EventBridgeApi, place: Place, { target, file }: Wanted, found: FoundBus | undefined) {
  const bus = judgeBus(file.bus, found)
  if (found === undefined) return { way: [bus], queues: [] }
  const source = webhookSource(place.environment, file, target)
  const event = webhookEvent(SAMPLE, source, new Date()).json
  const aim = { functionName: 'dingtalk-employees', region: target.region, accountId: target.accountId }
  const way = [bus, judgeSource(source.name, found)]
  const queues: Link[] = []
  for (const { name } of file.rules) {
    const rule = found.rules.find(({ RuleName }) => RuleName === name)
    way.push(judgeRule(name, rule, rule && (await isMatching(api, event, rule.FilterPattern))))
    if (rule === undefined) continue
    way.push(judgeTarget(rule, aim))
    if (findTarget(rule.Targets, aim)) queues.push(judgeDeadLetterQueue(rule, aim, place.isLocal))
  }
  return { way, queues }
}

/** EventBridge's own opinion; undefined when it has none for us. */
async function isMatching(api: EventBridgeApi, Event: string, EventPattern: string): Promise<boolean | undefined> {
  try {
    return (await api.call('testEventPattern', { Event, EventPattern }))['Result'] === true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
