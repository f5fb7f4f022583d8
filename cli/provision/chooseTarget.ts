import type { Environment } from '../../shared/config'
import type { FcCredentials } from '../../shared/fc/types'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { targetEventBridge } from '../targetEventBridge'
import { readAccount } from './account'

/** The account and region to provision in. */
export interface ProvisionTarget {
  accountId: string
  region: string
  endpoint: URL
  credentials: FcCredentials
}

export interface TargetOptions {
  account?: string
  region?: string
  endpoint?: string
}

/**
 * @param environment variables of .env and the shell, or what the running local stack says of itself
 * @param options the command line's, which go first
 * @throws UserError that names what is missing
 */
export function chooseTarget(environment: Environment, options: TargetOptions): ProvisionTarget {
  const { AccountID, AccessKeyID: accessKeyId, AccessKeySecret: accessKeySecret } = readAccount(environment)
  const accountId = options.account || AccountID
  // as s.yaml has it
  const region = options.region || environment['FC_REGION_ID'] || 'cn-hangzhou'
  if (!accountId) throw new UserError('Set AccountID in .env, or give --account: the number of your account.')
  if (!accessKeyId || !accessKeySecret) {
    throw new UserError(
      'Set AccessKeyID and AccessKeySecret in .env: a key with the rights of ram/operator.policy.json.',
    )
  }
  const { endpoint, credentials } = targetEventBridge({
    FC_ACCOUNT_ID: accountId,
    FC_REGION_ID: region,
    EVENTBRIDGE_ENDPOINT: options.endpoint || reachable(environment['EVENTBRIDGE_ENDPOINT']),
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: environment['ALIBABA_CLOUD_SECURITY_TOKEN'],
  })
  if (endpoint.protocol !== 'https:' && !isLoopbackHost(endpoint.hostname)) {
    throw new UserError(
      'The endpoint must be https://…: over plain HTTP anybody on the way could change what is set up.',
    )
  }
  return { accountId, region, endpoint, credentials }
}

/** The VPC's endpoint is for the webhook function; this command mostly runs outside, and has --endpoint inside. */
function reachable(endpoint: string | undefined): string | undefined {
  return endpoint?.includes('-vpc.') ? undefined : endpoint
}
