import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { FcContext, FcCredentials } from '../../shared/fc/types'
import type { FunctionError } from './functionError'
import { startInstance } from './instance'
import { createInstancePool, type Slot } from './instancePool'

export interface FunctionDefinition {
  name: string
  /** absolute path of the built bundle, CommonJS */
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

export interface LifecycleHook {
  handler: string
  timeoutMs: number
}

export type ErrorType = 'UnhandledInvocationError' | 'InitializationError'

export interface InvokeResult {
  /** the function's result; a FunctionError as JSON if errorType is set */
  body: Buffer
  /** what Function Compute puts into the header x-fc-error-type */
  errorType?: ErrorType
}

export interface FunctionHost {
  /** @throws Error if the host is stopping */
  invoke(event: Buffer, requestId: string): Promise<InvokeResult>
  /** how many instances there are, at work or idle */
  instances(): number
  /**
   * Takes no more requests, lets those under way finish for so long (without it: until their own time limit), calls
   * preStop in each idle instance and ends them all. Requests cut off that way fail like those of a crashed instance.
   */
  stop(graceMs?: number): Promise<void>
}

/**
 * Runs a bundle as Function Compute 3.0 runs it on a built-in runtime: an instance serves one request at a time,
 * instances are added on demand up to a limit, and further requests wait their turn.
 */
export function createFunctionHost(definition: FunctionDefinition, log: (line: string) => void): FunctionHost {
  const { name, handler, initializer, preStop, timeoutMs, maxInstances } = definition
  const underWay = new Set<Promise<InvokeResult>>()
  let stopped: Promise<void> | undefined

  const startOne = () => {
    const { bundle, memoryMb } = definition
    return startInstance({ codePath: path.dirname(bundle), env: environmentOf(definition), memoryMb, log })
  }
  const pool = createInstancePool(startOne, maxInstances, (error) => {
    if (stopped === undefined) log(`An idle instance ended: ${summary(error)}`)
  })

  async function serve(event: Buffer, requestId: string): Promise<InvokeResult> {
    const slot = await pool.acquire()
    const context = contextOf(definition, requestId)
    const failed = (errorType: ErrorType, error: FunctionError): InvokeResult => {
      log(`Request ${requestId} failed: ${summary(error)}`)
      return { body: Buffer.from(JSON.stringify(error)), errorType }
    }
    try {
      if (initializer && !slot.initialized) {
        const outcome = await slot.instance.call({ title: 'Initializer', ...initializer, context })
        if (!outcome.ok) return failed('InitializationError', outcome.error)
        slot.initialized = true
      }
      const outcome = await slot.instance.call({ title: 'Function', handler, event, context, timeoutMs })
      return outcome.ok ? { body: outcome.body } : failed('UnhandledInvocationError', outcome.error)
    } finally {
      pool.release(slot)
    }
  }

  function stopping(): Error {
    return new Error(`${name} is stopping and takes no more requests`)
  }

  async function end(slot: Slot): Promise<void> {
    const { instance } = slot
    if (preStop && instance.usable() && pool.isIdle(slot)) {
      const outcome = await instance.call({
        title: 'PreStop',
        ...preStop,
        context: contextOf(definition, randomUUID()),
      })
      if (!outcome.ok) log(`preStop failed: ${summary(outcome.error)}`)
    }
    await instance.terminate()
  }

  async function stopAll(graceMs: number | undefined): Promise<void> {
    pool.rejectWaiting(stopping())
    const finished = Promise.allSettled(underWay)
    await (graceMs === undefined ? finished : Promise.race([finished, setTimeout(graceMs, undefined, { ref: false })]))
    await Promise.all(pool.slots().map(end))
  }

  return {
    async invoke(event, requestId) {
      if (stopped !== undefined) throw stopping()
      const result = serve(event, requestId)
      underWay.add(result)
      try {
        return await result
      } finally {
        underWay.delete(result)
      }
    },
    instances: () => pool.slots().length,
    stop(graceMs) {
      stopped ??= stopAll(graceMs)
      return stopped
    },
  }
}

/** One line: the type and message of what was thrown, or what became of the instance. */
function summary({ errorType, errorMessage }: FunctionError): string {
  return errorType === undefined ? errorMessage : `${errorType}: ${errorMessage}`
}

function contextOf({ name, handler, memoryMb, timeoutMs, context }: FunctionDefinition, requestId: string): FcContext {
  return { requestId, function: { name, handler, memory: memoryMb, timeout: timeoutMs / 1000 }, ...context }
}

/** https://help.aliyun.com/zh/functioncompute/fc/user-guide/environment-variables */
function environmentOf({ name, bundle, handler, env, memoryMb, context }: FunctionDefinition): Record<string, string> {
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
