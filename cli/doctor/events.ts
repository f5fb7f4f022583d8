import type { WebhookConfig } from '../../functions/webhook/config'
import { nativeEvent } from '../../local/sender/nativeEvent'
import { connectorBody } from '../../local/sender/person'
import { errorCode } from '../../shared/errorCode'
import type { EventSource } from '../../shared/eventbridge/cloudEvent'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { takesCallbacks, takesPlain } from '../checkEnvironment/findProblems'
import type { EventBridgeApi } from '../provision/eventBridgeApi'
import type { Rule } from '../provision/state'
import { webhookEvent } from '../webhookEvent'

/** Who joins, changes and leaves. */
const ACTIONS = ['user_add_org', 'user_modify_org', 'user_leave_org']
const PERSON = { userId: '0042', name: '小明' }

interface Sample {
  /** for a person */
  name: string
  /** the CloudEvent */
  json: string
}

/** What the webhook makes of events about an invented person, in each of the forms in which it takes any. */
export function sampleEvents(config: WebhookConfig | undefined, source: EventSource, now: Date): Sample[] {
  const occasion = { people: [PERSON], corpId: 'dingcorp', now: now.getTime() }
  const sample = (name: string, message: object) => ({ name, json: webhookEvent(message, source, now).json })
  const byConnector = ACTIONS.map((action) => sample(action, connectorBody(action, PERSON)))
  const native = ACTIONS.map((name) =>
    sample(`native ${name}`, nativeEvent({ name, about: 'employee', forms: [] }, occasion)),
  )
  if (config === undefined) return byConnector
  return [...(takesPlain(config) ? byConnector : []), ...(takesCallbacks(config) ? native : [])]
}

/**
 * Whether the function gets the samples, by EventBridge's own opinion of its patterns.
 * @param rules the enabled ones that lead to the function
 */
export async function checkEvents(
  api: EventBridgeApi,
  samples: readonly Sample[],
  rules: readonly Rule[],
  functionName: string,
): Promise<Link> {
  const judged: { name: string; isTaken: boolean | undefined }[] = []
  for (const sample of samples) judged.push({ name: sample.name, isTaken: await isTaken(api, sample, rules) })
  return judgeSamples(judged, functionName)
}

/** Whether one of the rules takes it; undefined when none does, as far as EventBridge says. */
async function isTaken(api: EventBridgeApi, { json }: Sample, rules: readonly Rule[]): Promise<boolean | undefined> {
  const opinions: (boolean | undefined)[] = []
  for (const { FilterPattern } of rules) opinions.push(await isMatching(api, json, FilterPattern))
  return opinions.includes(true) ? true : opinions.includes(undefined) ? undefined : false
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

/** @param isTaken whether an enabled rule brings the sample to the function; undefined when EventBridge does not say */
export function judgeSamples(
  samples: readonly { name: string; isTaken: boolean | undefined }[],
  functionName: string,
): Link {
  const namesOf = (taken: boolean | undefined) =>
    samples.filter(({ isTaken }) => isTaken === taken).map(({ name }) => name)
  const [lost, unclear] = [namesOf(false), namesOf(undefined)]
  if (lost.length > 0) {
    const step = 'compare FilterPattern and Targets in eventbridge.yaml with the event; its source is EVENT_SOURCE_NAME'
    return wrong('events', `no enabled rule brings ${functionName} ${lost.join(', ')}`, step)
  }
  if (unclear.length > 0)
    return unknown('events', `EventBridge does not say whether a rule takes ${unclear.join(', ')}`)
  return ok('events', `${functionName} gets ${namesOf(true).join(', ')}`)
}
