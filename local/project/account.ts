import { type Environment, readCredentials } from '../../shared/config'
import type { FcCredentials } from '../../shared/fc/types'
import { LOCAL } from '../../shared/localAccount'

export interface Account {
  region: string
  accountId: string
  credentials: FcCredentials
}

/** That of the embedded EventBridge. */
export const LOCAL_ACCOUNT: Account = {
  accountId: LOCAL.accountId,
  region: LOCAL.region,
  credentials: { accessKeyId: LOCAL.accessKeyId, accessKeySecret: LOCAL.accessKeySecret },
}

/** With an EventBridge of the user's choice go the user's credentials; the embedded one knows its own alone. */
export function accountFor(environment: Environment): Account {
  const credentials = environment['EVENTBRIDGE_ENDPOINT'] ? readCredentials(environment) : undefined
  return credentials === undefined ? LOCAL_ACCOUNT : { ...LOCAL_ACCOUNT, credentials }
}
