import { types } from 'node:util'
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
