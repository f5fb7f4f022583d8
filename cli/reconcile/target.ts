import path from 'node:path'
import * as z from 'zod/mini'
import { type ReconcileConfig, readConfig } from '../../functions/reconcile/config'
import { readDotEnv, shellFirst } from '../../local/project/projectFiles'
import { ConfigError, type Environment, parseConfig, setVariables } from '../../shared/config'
import type { FcContext } from '../../shared/fc/types'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { DEFAULT_LIMIT, type LeaverLimit, leaverLimit } from '../../shared/mapping/leaverLimit'
import { UserError } from '../../shared/userError'
import { isThisMachine } from '../beyondThisMachine'
import { requireStack, runningStack, stackEnvironment } from '../localStack'
import { chooseTarget, readAccount } from '../targetEventBridge'

/** From which DingTalk to which EventBridge a walk goes. */
export interface WalkTarget {
  /** whether the running local stack takes the events */
  isLocal: boolean
  config: ReconcileConfig
  endpoint: URL
  context: FcContext
  /** MAX_LEAVERS */
  limit: LeaverLimit
}

const KEYS = ['DINGTALK_APP_KEY', 'DINGTALK_APP_SECRET', 'DINGTALK_CORP_ID']

/** Every call has an end of its own; 100,000 people take some 20 minutes at ten calls a second (docs/scale.md). */
const LIMIT_S = 24 * 3600

/**
 * The running local stack when that is asked for, or when there is one, no .env and no other EventBridge in the shell; else
 * the cloud, by the shell and .env. The keys of the shell go before those of the stack.
 * @throws UserError that names what is missing
 */
export function walkTarget(root: string, shell: Environment, isLocal: boolean): WalkTarget {
  const { isOnStack, environment } = chooseEnvironment(root, setVariables(shell), isLocal)
  const missing = KEYS.filter((name) => environment[name] === undefined)
  if (missing.length > 0) {
    throw new UserError(
      `Set ${missing.join(', ')} in the shell or in .env: of an app in DingTalk's developer console that may read the address book. Or start a local stack with an invented organisation: npm start -- --dingtalk`,
    )
  }
  const unset = Object.entries(readAccount(environment)).flatMap(([name, value]) => (value ? [] : [name]))
  if (unset.length > 0) throw new UserError(`Set ${unset.join(', ')} in .env, or start the local stack: npm start`)
  const { endpoint, credentials, accountId, region } = chooseTarget(environment, {})
  const { MAX_LEAVERS: limit } = readVariables(limitOf, environment)
  const config = readVariables(readConfig, {
    EVENT_BUS_NAME: 'dingtalk',
    ...environment,
    EVENTBRIDGE_ENDPOINT: endpoint.origin,
    ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken,
  })
  const hosts = [config.DINGTALK_API_ENDPOINT, config.DINGTALK_OAPI_ENDPOINT].map((url) => new URL(url).hostname)
  if (hosts.some(isLoopbackHost) && !isThisMachine(endpoint.hostname)) {
    // everybody in that table would be marked as left whom nobody has invented
    throw new UserError('The people of a loopback DingTalk go to no EventBridge elsewhere: see DINGTALK_API_ENDPOINT.')
  }
  return { isLocal: isOnStack, config, endpoint, context: { accountId, region, function: { timeout: LIMIT_S } }, limit }
}

function chooseEnvironment(root: string, shell: Environment, isLocal: boolean) {
  const dotEnv = isLocal ? undefined : readDotEnv(path.join(root, '.env'))
  const stack = isLocal ? requireStack(root, shell) : runningStack(root, shell)
  const namesOther = ['EVENTBRIDGE_ENDPOINT', 'FC_ACCOUNT_ID', 'AccountID'].some(
    (name) => shell[name] !== undefined && shell[name] !== stack[name],
  )
  const isOnStack = isLocal || (stack['ORIGIN'] !== undefined && dotEnv === undefined && !namesOther)
  if (!isOnStack) return { isOnStack, environment: shellFirst(shell, dotEnv) }
  // what it says of itself once more: its account and bus are no business of a shell that is for the cloud
  const local = setVariables({ ...stackEnvironment(root, shell), ALIBABA_CLOUD_SECURITY_TOKEN: undefined, ...stack })
  const own = shell['DINGTALK_APP_KEY'] === undefined ? {} : ofApp(shell, local)
  return { isOnStack, environment: { ...local, ...own } }
}

/** The shell's, and what it leaves open is as DingTalk has it, not as the stack's loopback DingTalk has it. */
function ofApp(shell: Environment, { DINGTALK_CORP_ID }: Environment): Environment {
  const { DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_API_ENDPOINT, DINGTALK_OAPI_ENDPOINT } = shell
  return {
    DINGTALK_APP_KEY,
    DINGTALK_APP_SECRET,
    DINGTALK_API_ENDPOINT,
    DINGTALK_OAPI_ENDPOINT,
    DINGTALK_CORP_ID: shell['DINGTALK_CORP_ID'] ?? DINGTALK_CORP_ID,
  }
}

const limitSchema = z.object({ MAX_LEAVERS: z._default(leaverLimit, DEFAULT_LIMIT) })

function limitOf(environment: Environment) {
  return parseConfig(limitSchema, environment)
}

function readVariables<T>(read: (environment: Environment) => T, environment: Environment): T {
  try {
    return read(environment)
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error
  }
}
