import type { Environment } from '../../shared/config'
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
  const { EVENTBRIDGE_ENDPOINT, ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = environment
  if (!EVENTBRIDGE_ENDPOINT || !ALIBABA_CLOUD_ACCESS_KEY_ID || !ALIBABA_CLOUD_ACCESS_KEY_SECRET) return LOCAL_ACCOUNT
  const credentials = {
    accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    ...(environment['ALIBABA_CLOUD_SECURITY_TOKEN'] && { securityToken: environment['ALIBABA_CLOUD_SECURITY_TOKEN'] }),
  }
  return { ...LOCAL_ACCOUNT, credentials }
}
