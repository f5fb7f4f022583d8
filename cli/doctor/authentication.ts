import type { WebhookConfig } from '../../functions/webhook/config'
import type { Answer } from '../../local/sender/requests'
import { type Link, ok, wrong } from '../../shared/links'
import { AUTHENTICATIONS } from '../checkEnvironment/findProblems'
import type { Place } from './place'
import { DEPLOY } from './steps'

/**
 * Without one of the three, the webhook takes events from whoever knows its URL; so it does while it still runs with
 * variables of a time before that one was set.
 * @param stranger how the webhook answers a request that proves nothing; undefined when it was not asked
 */
export function judgeAuthentication(
  config: WebhookConfig,
  { isLocal, isOpen }: Pick<Place, 'isLocal' | 'isOpen'>,
  stranger: Answer | string | undefined,
): Link {
  const set = AUTHENTICATIONS.filter((name) => config[name]?.length)
  const status = typeof stranger === 'object' ? stranger.status : undefined
  if (set.length > 0 && (!isOpen || status === 401)) {
    if (status === 400)
      return wrong('authentication', `${set.join(', ')} is set, and the webhook asks for none`, DEPLOY)
    return ok('authentication', `${set.join(', ')}${status === 401 ? '; who has none is refused (401)' : ''}`)
  }
  if (isLocal) return ok('authentication', 'none, which does on this machine')
  const step = 'set WEBHOOK_TOKEN, CONNECTOR_API_SECRET or DINGTALK_TOKEN in .env, and deploy'
  return wrong('authentication', 'none: anyone who knows the URL can send events', step)
}
