/** What runs in an instance's thread: it loads the bundle, calls what the host asks for, and sends back what came out. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { errorCode } from '../../shared/errorCode'
import type { FcContext } from '../../shared/fc/types'
import { describeError, type FunctionError } from './functionError'

/** From the host: call this export (`file.method`), with the event if it takes one. */
export interface CallMessage {
  handler: string
  event?: Uint8Array
  context: FcContext
}

/** To the host: a piece of output, or the end of the call. */
export type WorkerMessage =
  | { kind: 'output'; stream: 'stdout' | 'stderr'; text: string }
  | { kind: 'returned'; body: Uint8Array; memoryMb: number }
  | { kind: 'threw'; error: FunctionError; memoryMb: number }

const port = parentPort
if (!port) throw new Error('instanceWorker runs in a worker thread only')
const send = (message: WorkerMessage) => port.postMessage(message)

const { codePath } = workerData as { codePath: string }
const load = createRequire(path.join(codePath, 'index.js'))

// A worker's own streams hold lines back until its event loop turns, and lose them when it is terminated.
for (const stream of ['stdout', 'stderr'] as const) {
  process[stream].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    send({ kind: 'output', stream, text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() })
    const callback = rest.find((argument) => typeof argument === 'function')
    if (callback) process.nextTick(callback)
    return true
  }
}

port.on('message', ({ handler, event, context }: CallMessage) => {
  call(handler, event ? [Buffer.from(event), context] : [context]).then(
    (body) => send({ kind: 'returned', body, memoryMb: memoryMb() }),
    (error) => send({ kind: 'threw', error: describeError(error), memoryMb: memoryMb() }),
  )
})

/** This thread's own: the rest of the process is none of the function's. */
function memoryMb(): number {
  const { heapTotal, external } = process.memoryUsage()
  return (heapTotal + external) / 2 ** 20
}

async function call(handler: string, args: unknown[]): Promise<Uint8Array> {
  const dot = handler.lastIndexOf('.')
  const file = fileOf(handler.slice(0, dot))
  const method = (await exportsOf(file))[handler.slice(dot + 1)]
  if (typeof method !== 'function') throw new Error(`${file} exports no function ${handler.slice(dot + 1)}`)
  return toBytes(await method(...args))
}

/** https://help.aliyun.com/zh/functioncompute/fc/user-guide/request-handlers: index.js or, from Node.js 18 on, index.mjs */
function fileOf(name: string): string {
  const module = `${name}.mjs`
  return existsSync(path.join(codePath, module)) ? module : `${name}.js`
}

async function exportsOf(file: string): Promise<Record<string, unknown>> {
  const whole = path.join(codePath, file)
  try {
    return load(whole)
  } catch (error) {
    // an ES module, by its name or by its package.json; from 20.19 on only one that awaits at its top level
    if (!/^ERR_REQUIRE_(ESM|ASYNC_MODULE)$/.test(errorCode(error) ?? '')) throw error
    return await import(pathToFileURL(whole).href)
  }
}

/** Text and bytes are the body as they are, undefined is an empty one, anything else is JSON. */
function toBytes(result: unknown): Uint8Array {
  if (result instanceof Uint8Array) return result
  return new TextEncoder().encode(typeof result === 'string' ? result : JSON.stringify(result))
}
