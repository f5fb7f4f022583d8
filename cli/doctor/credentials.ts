import { type Link, ok, unknown, wrong } from '../../shared/doctor/link'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { EventBridgeRefusal } from '../provision/eventBridgeApi'
import { explainError } from '../provision/explainError'

/**
 * What a signed call that changes nothing says of the access key.
 * @param error what came of it; undefined when it was answered
 */
export function judgeCredentials(error: unknown, endpoint: URL): Link {
  if (error === undefined) return ok('credentials', `accepted by ${endpoint.host}`)
  const explained = explainError(error, endpoint)
  if (!(explained instanceof UserError)) throw error
  if (error instanceof EventBridgeRefusal)
    return wrong('credentials', `refused (${error.code})`, errorMessage(explained))
  return unknown('credentials', `no answer from ${endpoint.host}`, errorMessage(explained))
}
