import { type Link, unknown } from '../../shared/doctor/link'
import { checkEventBridge } from './checkEventBridge'
import { checkWebhook } from './checkWebhook'
import { judgeVariables, readConfigurations } from './configurations'
import { checkOurDatabase } from './database'
import type { Place } from './place'

/** Every link of the chain, from the variables to a probe that went all the way. */
export async function walkChain(place: Place): Promise<Link[]> {
  const { webhook, employees, problems } = readConfigurations(place)
  const { links, traces } = await checkEventBridge(place)
  return [
    judgeVariables(problems),
    ...links,
    ...(employees ? await checkOurDatabase(place, employees) : [unknown('database', 'its variables are wrong')]),
    ...(webhook ? await checkWebhook(place, webhook, traces) : [unknown('webhook', 'its variables are wrong')]),
  ]
}
