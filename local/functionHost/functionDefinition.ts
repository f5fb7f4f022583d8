import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { FcContext, FcCredentials } from '../../shared/fc/types'

export interface FunctionDefinition {
  name: string
  /** absolute path of the built bundle; its folder is the code directory */
  bundle: string
  /** `file.method`, the file beside or same as the bundle */
  handler: string
  initializer?: LifecycleHook
  preStop?: LifecycleHook
  /** environment variables besides those that Function Compute sets itself; nothing of the host's own leaks in */
  env: Readonly<Record<string, string>>
  memoryMb: number
  timeoutMs: number
  maxInstances: number
  context: { region: string; accountId: string; credentials?: FcCredentials }
}

interface LifecycleHook {
  handler: string
  timeoutMs: number
}

/** The context of a request or of a lifecycle hook. */
export function contextOf(definition: FunctionDefinition, requestId: string): FcContext {
  const { name, handler, memoryMb, timeoutMs, context } = definition
  return { requestId, function: { name, handler, memory: memoryMb, timeout: timeoutMs / 1000 }, ...context }
}

/**
 * The whole environment of a new instance.
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/environment-variables
 */
export function environmentOf(definition: FunctionDefinition): Record<string, string> {
  const { name, bundle, handler, env, memoryMb, context } = definition
  const { region, accountId, credentials } = context
  return {
    ...env,
    FC_FUNC_CODE_PATH: path.dirname(bundle),
    FC_FUNCTION_NAME: name,
    FC_FUNCTION_HANDLER: handler,
    FC_FUNCTION_MEMORY_SIZE: String(memoryMb),
    FC_REGION: region,
    FC_ACCOUNT_ID: accountId,
    FC_INSTANCE_ID: `c-${randomUUID()}`,
    ...(credentials && {
      ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken ?? '',
    }),
  }
}
