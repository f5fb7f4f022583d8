import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Clock, systemClock } from '../../shared/clock'
import { contextOf, environmentOf, type FunctionDefinition } from './functionDefinition'
import type { FunctionError } from './functionError'
import { instanceCode, startInstance } from './instance'
import { createInstancePool, type Slot } from './instancePool'

type ErrorType = 'UnhandledInvocationError' | 'HandledInvocationError' | 'InitializationError'

export interface InvokeResult {
  /** the function's result; a FunctionError as JSON if errorType is set */
  body: Buffer
  /** what Function Compute puts into the header x-fc-error-type */
  errorType?: ErrorType
}

interface InvokeOptions {
  /** what the request itself says of the function, which goes before its definition */
  overrides?: Partial<FunctionDefinition>
  /** each line that the function writes meanwhile */
  onLine?(line: string): void
  /** what the request took, once it has ended */
  onUsage?(usage: Usage): void
}

export interface Usage {
  /** from when it had an instance; with the initializer, if that ran */
  durationMs: number
  /** heap and buffers of the instance's thread, when it last finished a call; undefined when it never did */
  memoryMb: number | undefined
}

/** What Ctrl-C waits for; what a function still does then, for a database that hangs, is cut off. */
export const STOP_GRACE_MS = 5_000

export interface FunctionHost {
  /** @throws Error if the host is stopping */
  invoke(event: Buffer, requestId: string, options?: InvokeOptions): Promise<InvokeResult>
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
 * instances are added up to a limit where requests wait for a while, and ended, but for one, when they were idle for long;
 * further requests wait their turn.
 */
export function createFunctionHost(
  definition: FunctionDefinition,
  log: (line: string) => void,
  clock: Clock = systemClock,
): FunctionHost {
  const { name, preStop, maxInstances } = definition
  const underWay = new Set<Promise<InvokeResult>>()
  let stopped: Promise<void> | undefined

  void instanceCode()
  let code = ''
  const startOne = () => {
    const { bundle, memoryMb } = definition
    return startInstance({ code, codePath: path.dirname(bundle), env: environmentOf(definition), memoryMb, log })
  }
  const pool = createInstancePool({
    start: startOne,
    limit: maxInstances,
    onIdleEnded(error) {
      if (stopped === undefined) log(`An idle instance ended: ${summary(error)}`)
    },
    endIdle: end,
    clock,
  })
  const ends = new WeakMap<Slot, Promise<void>>()

  async function serve(event: Buffer, requestId: string, options: InvokeOptions): Promise<InvokeResult> {
    code ||= await instanceCode()
    const slot = await pool.acquire()
    const startedAt = performance.now()
    const requested = { ...definition, ...options.overrides }
    const { handler, initializer, timeoutMs } = requested
    const request = { context: contextOf(requested, requestId), onLine: options.onLine }
    const failed = (errorType: ErrorType, error: FunctionError): InvokeResult => {
      log(`Request ${requestId} failed: ${summary(error)}`)
      return { body: Buffer.from(JSON.stringify(error)), errorType }
    }
    let hasAnswered = false
    try {
      if (initializer && !slot.initialized) {
        const outcome = await slot.instance.call({ title: 'Initializer', ...initializer, ...request })
        if (!outcome.ok) return failed('InitializationError', outcome.error)
        slot.initialized = true
      }
      const outcome = await slot.instance.call({ title: 'Function', handler, event, timeoutMs, ...request })
      hasAnswered = outcome.ok
      if (outcome.ok) return { body: outcome.body }
      return failed(outcome.isHandled ? 'HandledInvocationError' : 'UnhandledInvocationError', outcome.error)
    } finally {
      options.onUsage?.({ durationMs: performance.now() - startedAt, memoryMb: slot.instance.memoryMb() })
      pool.release(slot, hasAnswered)
    }
  }

  function stopping(): Error {
    return new Error(`${name} is stopping and takes no more requests`)
  }

  /** Once: it may be asked to stop while it ends after a rest. */
  function end(slot: Slot): Promise<void> {
    const ending = ends.get(slot) ?? endOne(slot)
    ends.set(slot, ending)
    return ending
  }

  async function endOne(slot: Slot): Promise<void> {
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
    pool.close(stopping())
    const finished = Promise.allSettled(underWay)
    await (graceMs === undefined ? finished : Promise.race([finished, setTimeout(graceMs, undefined, { ref: false })]))
    await Promise.all(pool.slots().map(end))
  }

  return {
    async invoke(event, requestId, options = {}) {
      if (stopped !== undefined) throw stopping()
      const result = serve(event, requestId, options)
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
