import { type Environment, readCredentials } from '../../shared/config'
import type { FcCredentials } from '../../shared/fc/types'

export interface Account {
  region: string
  accountId: string
  credentials: FcCredentials
}

/** An account that exists nowhere but here; its keys are published, and no secret. */
export const LOCAL_ACCOUNT: Account = {
  accountId: '123456789012',
  region: 'cn-hangzhou',
  credentials: { accessKeyId: 'local', accessKeySecret: 'local-is-not-a-secret' },
}

/** With an EventBridge of the user's choice go the user's credentials; the embedded one knows its own alone. */
export function accountFor(environment: Environment): Account {
  const credentials = environment['EVENTBRIDGE_ENDPOINT'] ? readCredentials(environment) : undefined
  return credentials === undefined ? LOCAL_ACCOUNT : { ...LOCAL_ACCOUNT, credentials }
}
