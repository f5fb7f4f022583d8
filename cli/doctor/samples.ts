import type { WebhookConfig } from '../../functions/webhook/config'
import type { EventSource } from '../../functions/webhook/toCloudEvent'
import { nativeEvent } from '../../local/sender/nativeEvent'
import { connectorBody } from '../../local/sender/person'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { takesCallbacks, takesPlain } from '../checkEnvironment/findProblems'
import { webhookEvent } from '../webhookEvent'

/** Who joins, changes and leaves. */
const ACTIONS = ['user_add_org', 'user_modify_org', 'user_leave_org']
const PERSON = { userId: '0042', name: '小明' }

export interface Sample {
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
