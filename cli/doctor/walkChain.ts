import { type Link, unknown } from '../../shared/links'
import { checkEventBridge } from './checkEventBridge'
import { checkWebhook } from './checkWebhook'
import { judgeVariables, readConfigurations } from './configurations'
import { checkOurDatabase, checkUndelivered } from './database'
import type { Place } from './place'
import { forLocalStack } from './steps'

/** Every link of the chain, from the variables to a probe that went all the way. */
export async function walkChain(place: Place): Promise<Link[]> {
  const { webhook, employees, problems } = readConfigurations(place)
  const { links, traces } = await checkEventBridge(place, webhook)
  const all = [
    judgeVariables(problems),
    ...links,
    ...(employees ? await checkOurDatabase(place, employees) : [unknown('database', 'its variables are wrong')]),
    ...(place.localDir === undefined ? [] : [await checkUndelivered(place.localDir)]),
    ...(webhook ? await checkWebhook(place, webhook, traces) : [unknown('webhook', 'its variables are wrong')]),
  ]
  return place.isLocal ? all.map(forLocalStack) : all
}
