/** What runs in an instance's thread: it loads the bundle, calls what the host asks for, and sends back what came out. */
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { errorCode } from '../../shared/errorCode'
import type { FcContext } from '../../shared/fc/types'
import { callFunction, HandledError } from './callFunction'
import { findHandler } from './checkCode'
import { describeError, type FunctionError } from './functionError'

/** From the host: call this export (`file.method`), with the event if it takes one. */
export interface CallMessage {
  handler: string
  /** all of its buffer, which is this thread's alone */
  event?: Uint8Array<ArrayBuffer> | undefined
  context: FcContext
}

/** To the host: a piece of output, or the end of the call. */
export type WorkerMessage =
  | { kind: 'output'; stream: 'stdout' | 'stderr'; text: string }
  | { kind: 'returned'; body: Uint8Array; memoryMb: number }
  | { kind: 'threw'; error: FunctionError; isHandled: boolean; memoryMb: number }

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
  call(handler, event ? [Buffer.from(event.buffer), context] : [context]).then(
    (body) => send({ kind: 'returned', body, memoryMb: memoryMb() }),
    (error) => send({ kind: 'threw', ...describe(error), memoryMb: memoryMb() }),
  )
})

function describe(error: unknown): { error: FunctionError; isHandled: boolean } {
  const isHandled = error instanceof HandledError
  return { error: describeError(isHandled ? error.given : error), isHandled }
}

/** This thread's own: the rest of the process is none of the function's. */
function memoryMb(): number {
  // not process.memoryUsage(), which reads what the whole process has from a file
  const { total_heap_size: heap, external_memory: external } = getHeapStatistics()
  return (heap + external) / 2 ** 20
}

interface Loaded {
  file: string
  /** of what it exports */
  name: string
  exported: Record<string, unknown>
}

/** by `file.method` */
const loaded = new Map<string, Loaded>()

async function call(handler: string, args: unknown[]): Promise<Uint8Array> {
  const { file, name, exported } = loaded.get(handler) ?? (await loadHandler(handler))
  const method = exported[name]
  if (typeof method !== 'function') throw new Error(`${file} exports no function ${name}. ${tellFunctions(exported)}`)
  return toBytes(await callFunction(method as (...args: unknown[]) => unknown, args))
}

/** One that cannot be loaded is tried again with the next call. */
async function loadHandler(handler: string): Promise<Loaded> {
  const { file, method: name } = findHandler(codePath, handler)
  const found = { file, name, exported: await exportsOf(file) }
  loaded.set(handler, found)
  return found
}

function tellFunctions(exported: Record<string, unknown>): string {
  const names = Object.keys(exported).filter((name) => typeof exported[name] === 'function')
  return names.length === 0 ? 'It exports none at all' : `It exports ${names.join(', ')}`
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
  // without the pool or whatever else it is part of
  if (result instanceof Uint8Array) return new Uint8Array(result)
  return new TextEncoder().encode(typeof result === 'string' ? result : JSON.stringify(result))
}
