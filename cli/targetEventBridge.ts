import { type Environment, setVariables } from '../shared/config'
import { publicEndpoint } from '../shared/eventbridge/client'
import type { FcCredentials } from '../shared/fc/types'
import { UserError } from '../shared/userError'

export interface TargetEventBridge {
  endpoint: URL
  credentials: FcCredentials
}

/**
 * The EventBridge that events are published to: EVENTBRIDGE_ENDPOINT, else that of FC_ACCOUNT_ID and FC_REGION_ID.
 * @param variables the shell's, or what the running local stack says of itself
 * @throws UserError that names what is missing
 */
export function targetEventBridge(variables: Environment): TargetEventBridge {
  const environment = setVariables(variables)
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret } = environment
  if (!accessKeyId || !accessKeySecret) {
    throw new UserError(
      'Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or start the local stack: npm start',
    )
  }
  const securityToken = environment['ALIBABA_CLOUD_SECURITY_TOKEN']
  return {
    endpoint: endpointOf(environment),
    credentials: { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) },
  }
}

function endpointOf({ EVENTBRIDGE_ENDPOINT, FC_ACCOUNT_ID, FC_REGION_ID }: Environment): URL {
  if (EVENTBRIDGE_ENDPOINT) {
    if (URL.canParse(EVENTBRIDGE_ENDPOINT)) return new URL(EVENTBRIDGE_ENDPOINT)
    throw new UserError('EVENTBRIDGE_ENDPOINT must be a URL: https://<account>.eventbridge.<region>.aliyuncs.com')
  }
  if (FC_ACCOUNT_ID && FC_REGION_ID) return publicEndpoint(FC_ACCOUNT_ID, FC_REGION_ID)
  throw new UserError('Set FC_ACCOUNT_ID and FC_REGION_ID, or EVENTBRIDGE_ENDPOINT.')
}
