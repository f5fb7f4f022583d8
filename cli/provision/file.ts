import { type EventBridgeFile, fillPlace, readEventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import type { Connections } from '../../emulator/targets/target'
import type { Environment } from '../../shared/config'
import type { FcCredentials } from '../../shared/fc/types'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { targetEventBridge } from '../targetEventBridge'

interface Place {
  accountId: string
  region: string
}

/** The emulator's reader checks that targets can be delivered to; nothing is delivered here. */
const NOWHERE: Connections = { invoke: async () => ({}), publish: async () => ({}) }

/**
 * Reads eventbridge.yaml as the local stack does, with `${region}` and `${account}` filled in.
 * @param environment what the webhook is deployed with: it must publish where the rules are
 * @throws UserError that names every fault
 */
export function readFile(text: string, name: string, place: Place, environment: Environment): EventBridgeFile {
  const file = readEventBridgeFile(fillPlace(text, place), name, NOWHERE)
  const { EVENT_BUS_NAME: bus, EVENT_SOURCE_NAME: source } = environment
  if (bus && bus !== file.bus) {
    throw new UserError(`EVENT_BUS_NAME is ${bus}, and EventBusName in ${name} is ${file.bus}: make them the same.`)
  }
  if (source && !file.sources.some((other) => other.name === source)) {
    throw new UserError(`EVENT_SOURCE_NAME is ${source}, and ${name} has no such event source: add it, or change one.`)
  }
  return file
}

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
