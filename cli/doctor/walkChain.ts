import type { WebhookConfig } from '../../functions/webhook/config'
import { type Link, unknown } from '../../shared/links'
import { takesCallbacks, takesPlain } from '../checkEnvironment/findProblems'
import { judgeAuthentication } from './authentication'
import { checkEventBridge, type EventBridgeReport } from './checkEventBridge'
import { checkOurDatabase } from './database'
import { judgeDelivery, waitForDelivery } from './delivery'
import { checkDirectory } from './dingtalk'
import { judgeOwnerKeys, probeOwnerKeys } from './ownerKeys'
import type { Place } from './place'
import { forLocalStack } from './steps'
import { checkUndelivered } from './undelivered'
import { judgeVariables, readConfigurations } from './variables'
import { EVENT, eventIdOf, judgeProbe, NO_EVENT, post, sendProbe } from './webhook'

/** Every link of the chain, from the variables to a probe that went all the way. */
export async function walkChain(place: Place): Promise<Link[]> {
  const { webhook, employees, problems } = readConfigurations(place)
  const { links, traces } = await checkEventBridge(place, webhook)
  const all = [
    judgeVariables(problems, place.warnings),
    ...links,
    ...(employees ? await checkOurDatabase(place, employees) : [unknown('database', 'its variables are wrong')]),
    ...(place.localDir === undefined ? [] : [await checkUndelivered(place.localDir)]),
    ...(await checkDirectory(place)),
    ...(webhook ? await checkWebhook(place, webhook, traces) : [unknown('webhook', 'its variables are wrong')]),
  ]
  return place.isLocal ? all.map(forLocalStack) : all
}

/**
 * The webhook, by probes that make no employee: the last of the links, since the delivery of one proves them all.
 * @param traces undefined when EventBridge is not as it should be: then no event is sent, which might become a dead letter
 */
export async function checkWebhook(
  place: Place,
  config: WebhookConfig,
  traces: EventBridgeReport['traces'],
): Promise<Link[]> {
  const { webhookUrl } = place
  const stranger = webhookUrl && (await post(webhookUrl, NO_EVENT))
  const links = [judgeAuthentication(config, place, stranger)]
  if (webhookUrl === undefined) {
    links.push(unknown('webhook', 'its URL is not known', 'add --webhook URL, as s deploy printed it'))
    return links
  }
  if (takesCallbacks(config)) links.push(judgeOwnerKeys(await probeOwnerKeys(webhookUrl, config)))
  if (!takesPlain(config)) {
    const step = 'add somebody and look in the event trace'
    links.push(unknown('delivery', 'an encrypted callback tells no event id', step))
    return links
  }
  const answer = await sendProbe(webhookUrl, config, traces ? EVENT : NO_EVENT)
  links.push(judgeProbe(answer))
  const eventId = typeof answer === 'string' ? undefined : eventIdOf(answer)
  if (eventId !== undefined && traces !== undefined) {
    links.push(judgeDelivery(eventId, await waitForDelivery(traces, eventId)))
  }
  return links
}
