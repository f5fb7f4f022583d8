/** What runs in an instance's thread: it loads the bundle, calls what the host asks for, and sends back what came out. */
import { createRequire } from 'node:module'
import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
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
  | { kind: 'returned'; body: Uint8Array }
  | { kind: 'threw'; error: FunctionError }

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
    (body) => send({ kind: 'returned', body }),
    (error) => send({ kind: 'threw', error: describeError(error) }),
  )
})

async function call(handler: string, args: unknown[]): Promise<Uint8Array> {
  const dot = handler.lastIndexOf('.')
  const file = `${handler.slice(0, dot)}.js`
  const method: unknown = load(path.join(codePath, file))[handler.slice(dot + 1)]
  if (typeof method !== 'function') throw new Error(`${file} exports no function ${handler.slice(dot + 1)}`)
  return toBytes(await method(...args))
}

/** Text and bytes are the body as they are, undefined is an empty one, anything else is JSON. */
function toBytes(result: unknown): Uint8Array {
  if (result instanceof Uint8Array) return result
  return new TextEncoder().encode(typeof result === 'string' ? result : JSON.stringify(result))
}
