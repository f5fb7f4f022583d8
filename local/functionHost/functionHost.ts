import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { FcContext, FcCredentials } from '../../shared/fc/types'
import type { FunctionError } from './functionError'
import { type Instance, startInstance } from './instance'

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

export interface InvokeResult {
  /** the function's result; a FunctionError as JSON if errorType is set */
  body: Buffer
  /** what Function Compute puts into the header x-fc-error-type */
  errorType?: 'UnhandledInvocationError' | 'InitializationError'
}

export interface FunctionHost {
  /** @throws Error if the host is stopping */
  invoke(event: Buffer, requestId: string): Promise<InvokeResult>
  /** how many instances there are, at work or idle */
  instances(): number
  /** Takes no more requests, lets those under way finish, calls preStop in each instance and ends it. */
  stop(): Promise<void>
}

/** An instance, and whether its initializer has succeeded. */
interface Slot {
  instance: Instance
  initialized: boolean
}

/**
 * Runs a bundle as Function Compute 3.0 runs it on a built-in runtime: an instance serves one request at a time,
 * instances are added on demand up to a limit, and further requests wait their turn.
 */
export function createFunctionHost(definition: FunctionDefinition, log: (line: string) => void): FunctionHost {
  const { name, handler, initializer, preStop, timeoutMs, maxInstances } = definition
  const slots = new Set<Slot>()
  /** the most recently used one last */
  const idle: Slot[] = []
  const waiting: { resolve(slot: Slot): void; reject(error: Error): void }[] = []
  const underWay = new Set<Promise<InvokeResult>>()
  let stopped: Promise<void> | undefined

  function start(): Slot {
    const { memoryMb } = definition
    const instance = startInstance({
      codePath: path.dirname(definition.bundle),
      env: environment(definition),
      memoryMb,
      log,
    })
    const slot = { instance, initialized: false }
    slots.add(slot)
    void instance.ended.then(() => replace(slot))
    return slot
  }

  function replace(ended: Slot): void {
    slots.delete(ended)
    const index = idle.indexOf(ended)
    if (index >= 0) idle.splice(index, 1)
    waiting.shift()?.resolve(start())
  }

  async function acquire(): Promise<Slot> {
    const slot = idle.pop()
    if (slot) return slot
    if (slots.size < maxInstances) return start()
    return await new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }

  function release(slot: Slot): void {
    if (!slot.instance.usable()) return
    const next = waiting.shift()
    if (next) next.resolve(slot)
    else idle.push(slot)
  }

  async function serve(event: Buffer, requestId: string): Promise<InvokeResult> {
    const slot = await acquire()
    const context = contextOf(definition, requestId)
    try {
      if (initializer && !slot.initialized) {
        const outcome = await slot.instance.call({ title: 'Initializer', ...initializer, context })
        if (!outcome.ok) return failed('InitializationError', outcome.error)
        slot.initialized = true
      }
      const outcome = await slot.instance.call({ title: 'Function', handler, event, context, timeoutMs })
      return outcome.ok ? { body: outcome.body } : failed('UnhandledInvocationError', outcome.error)
    } finally {
      release(slot)
    }
  }

  function stopping(): Error {
    return new Error(`${name} is stopping and takes no more requests`)
  }

  async function end({ instance }: Slot): Promise<void> {
    if (preStop && instance.usable()) {
      const outcome = await instance.call({
        title: 'PreStop',
        ...preStop,
        context: contextOf(definition, randomUUID()),
      })
      if (!outcome.ok) log(`preStop failed: ${outcome.error.errorMessage}`)
    }
    await instance.terminate()
  }

  async function stopAll(): Promise<void> {
    for (const { reject } of waiting.splice(0)) reject(stopping())
    await Promise.allSettled(underWay)
    await Promise.all([...slots].map(end))
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
    instances: () => slots.size,
    stop() {
      stopped ??= stopAll()
      return stopped
    },
  }
}

function failed(errorType: NonNullable<InvokeResult['errorType']>, error: FunctionError): InvokeResult {
  return { body: Buffer.from(JSON.stringify(error)), errorType }
}

function contextOf({ name, handler, memoryMb, timeoutMs, context }: FunctionDefinition, requestId: string): FcContext {
  return { requestId, function: { name, handler, memory: memoryMb, timeout: timeoutMs / 1000 }, ...context }
}

/** https://help.aliyun.com/zh/functioncompute/fc/user-guide/environment-variables */
function environment({ name, bundle, handler, env, memoryMb, context }: FunctionDefinition): Record<string, string> {
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
