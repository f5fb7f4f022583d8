import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { EventBridgeRefusal } from './eventBridgeApi'

/**
 * What the person at the command line can do about an error; one that is nobody's but ours stays as it is.
 * https://help.aliyun.com/zh/eventbridge/error-codes
 */
export function explainError(error: unknown, endpoint: URL): unknown {
  if (error instanceof EventBridgeRefusal) return new UserError(explainRefusal(error))
  const reason = explainConnection(error, endpoint)
  return reason === undefined ? error : new UserError(reason)
}

function explainRefusal({ code, operation, message }: EventBridgeRefusal): string {
  const action = `eventbridge:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`
  switch (code) {
    case 'InvalidAccessKeyId':
    case 'InvalidStsAccessKeyId':
      return `EventBridge does not know this access key (${code}): check AccessKeyID, or ALIBABA_CLOUD_ACCESS_KEY_ID, which goes first.`
    case 'SignatureDoesNotMatch':
      return `The access key's secret is wrong (${code}): check AccessKeySecret, or ALIBABA_CLOUD_ACCESS_KEY_SECRET, which goes first.`
    case 'SecurityTokenInvalid':
    case 'StsAccessIdExpired':
      return `The temporary access key has expired (${code}): get another one.`
    case 'AccountIdNotExist':
    case 'ParentAccountNotExist':
      return `There is no such account (${code}): check AccountID or --account. It is the number of the main account, not of a RAM user.`
    case 'TooManyRequests':
      return `EventBridge takes no more requests now (${code}). Run the command again in a minute.`
    default:
      if (/^(Service)?AccessDenied/.test(code)) {
        return `This access key may not do ${action} (${code}): attach the policy ram/operator.policy.json to its RAM user.`
      }
      return `EventBridge refused ${operation}: ${message}`
  }
}

function explainConnection(error: unknown, { host }: URL): string | undefined {
  const code = errorCode(error)
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined
  if (code === 'ENOTFOUND') {
    return `There is no host ${host}: check the account and the region (--account, --region), or --endpoint.`
  }
  if (name === 'RequestTimeoutError') return `No answer from ${host} in time. Run the command again.`
  if (name === 'SyntaxError') return `${host} answers, but not as EventBridge does: check --endpoint.`
  if (code !== undefined && /CERT|TLS|SSL|SIGNATURE/.test(code)) {
    return `The certificate of ${host} is not valid (${code}).`
  }
  // the system's errors, and those of getaddrinfo; Node's own, ERR_…, are faults of ours
  if (code !== undefined && /^E(AI_)?[A-Z]+$/.test(code)) {
    return `No connection to ${host} (${code}): check --endpoint, or run the command again.`
  }
  return undefined
}
