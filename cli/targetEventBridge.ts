import { type Environment, readCredentials, setVariables } from '../shared/config'
import { publicEndpoint } from '../shared/eventbridge/client'
import type { FcCredentials } from '../shared/fc/types'
import { isLoopbackHost } from '../shared/isLoopbackHost'
import { UserError } from '../shared/userError'

interface TargetEventBridge {
  endpoint: URL
  credentials: FcCredentials
}

/**
 * The EventBridge that events are published to: EVENTBRIDGE_ENDPOINT, else that of FC_ACCOUNT_ID and FC_REGION_ID.
 * @param variables the shell's, or what the running local stack says of itself
 * @throws UserError that names what is missing
 */
export function targetEventBridge(variables: Environment): TargetEventBridge {
  const { AccountID, AccessKeyID, AccessKeySecret } = readAccount(variables)
  // a shell that has read .env has the names of that file
  const environment = setVariables({
    ...variables,
    FC_ACCOUNT_ID: AccountID,
    ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKeyID,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKeySecret,
  })
  const credentials = readCredentials(environment)
  if (credentials === undefined) {
    throw new UserError(
      'Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or start the local stack: npm start',
    )
  }
  return { endpoint: endpointOf(environment), credentials }
}

function endpointOf({ EVENTBRIDGE_ENDPOINT, FC_ACCOUNT_ID, FC_REGION_ID }: Environment): URL {
  if (EVENTBRIDGE_ENDPOINT) {
    if (URL.canParse(EVENTBRIDGE_ENDPOINT)) return new URL(EVENTBRIDGE_ENDPOINT)
    throw new UserError('EVENTBRIDGE_ENDPOINT must be a URL: https://<account>.eventbridge.<region>.aliyuncs.com')
  }
  if (FC_ACCOUNT_ID && FC_REGION_ID) return publicEndpoint(FC_ACCOUNT_ID, FC_REGION_ID)
  throw new UserError('Set FC_ACCOUNT_ID and FC_REGION_ID, or EVENTBRIDGE_ENDPOINT.')
}

/** The account and region to provision in, or to examine. */
export interface ProvisionTarget extends TargetEventBridge {
  accountId: string
  region: string
}

export interface TargetOptions {
  account?: string
  region?: string
  endpoint?: string
}

/**
 * The EventBridge whose resources are made or read, by whoever may do that.
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

/** The VPC's endpoint is for the webhook function; these commands mostly run outside, and provision has --endpoint inside. */
function reachable(endpoint: string | undefined): string | undefined {
  return endpoint?.includes('-vpc.') ? undefined : endpoint
}

/**
 * The account and its key, under the names of .env.example, which are those that `s` reads. The names of Alibaba Cloud's
 * other tools go first. What is empty is not set.
 */
export function readAccount(environment: Environment) {
  return {
    AccountID: environment['FC_ACCOUNT_ID'] || environment['AccountID'],
    AccessKeyID: environment['ALIBABA_CLOUD_ACCESS_KEY_ID'] || environment['AccessKeyID'],
    AccessKeySecret: environment['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] || environment['AccessKeySecret'],
  }
}
