import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { bundle } from '../../shared/bundle'
import type { FcContext } from '../../shared/fc/types'
import { describeError, type FunctionError } from './functionError'
import type { CallMessage, WorkerMessage } from './instanceWorker'

/** Node's own 48 let a thread grow by tens of MB of what is no longer used, before it is looked through. */
const YOUNG_MB = 6

interface InstanceOptions {
  /** instanceCode's */
  code: string
  /** folder of the bundle */
  codePath: string
  /** the whole process.env */
  env: Readonly<Record<string, string>>
  memoryMb: number
  /** one line of the function's output */
  log: (line: string) => void
}

export interface Call {
  /** for the message of a timeout */
  title: 'Function' | 'Initializer' | 'PreStop'
  /** `file.method` */
  handler: string
  /** absent for the lifecycle hooks */
  event?: Buffer
  context: FcContext
  timeoutMs: number
  /** each line that is written meanwhile */
  onLine?: ((line: string) => void) | undefined
}

/** isHandled: the function itself handed the error to its callback */
export type Outcome = { ok: true; body: Buffer } | { ok: false; error: FunctionError; isHandled?: boolean }

export interface Instance {
  /** One call at a time. A call that takes too long ends the instance. Never rejects. */
  call(call: Call): Promise<Outcome>
  /** False once the instance has ended, for whatever reason, or is about to. */
  usable(): boolean
  /** MB of heap and buffers when a call last returned or threw; undefined before that */
  memoryMb(): number | undefined
  /** Resolves once the instance has ended, with the error that a call under way then comes to. */
  ended: Promise<FunctionError>
  terminate(): Promise<void>
}

/**
 * Starts an instance: a worker thread with its own environment and heap limit. (Buffers lie outside the heap: unlike in
 * Function Compute they do not count.) It loads the bundle with its first call.
 */
export function startInstance({ code, codePath, env, memoryMb, log }: InstanceOptions): Instance {
  let usable = true
  let isOnline = false
  let end: FunctionError | undefined
  let settle: (outcome: Outcome) => void = () => {}
  let onLine: ((line: string) => void) | undefined
  let memoryMbAtEnd: number | undefined
  const write = (line: string) => {
    log(line)
    onLine?.(line)
  }
  const output = { stdout: createLineSplitter(write), stderr: createLineSplitter(write) }

  const worker = new Worker(code, {
    eval: true,
    env,
    // Else the worker would load what the host was started with, such as tsx.
    execArgv: [],
    workerData: { codePath },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const online = new Promise<void>((resolve) => {
    worker.once('online', () => {
      isOnline = true
      resolve()
    })
  })
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'output') return output[message.stream].write(message.text)
    memoryMbAtEnd = message.memoryMb
    if (message.kind === 'returned') settle({ ok: true, body: bufferOf(message.body) })
    else settle({ ok: false, error: message.error, isHandled: message.isHandled })
  })
  const ended = new Promise<FunctionError>((resolve) => {
    let error: FunctionError | undefined
    worker.on('error', (uncaught: NodeJS.ErrnoException) => {
      error =
        uncaught.code === 'ERR_WORKER_OUT_OF_MEMORY' ? exited(`out of memory: ${memoryMb} MB`) : describeError(uncaught)
    })
    worker.on('exit', (code) => {
      usable = false
      output.stdout.end()
      output.stderr.end()
      end = error ?? exited(`exit code: ${code}`)
      settle({ ok: false, error: end })
      resolve(end)
    })
  })

  async function call({ title, handler, event, context, timeoutMs, onLine: listener }: Call): Promise<Outcome> {
    if (end) return { ok: false, error: end }
    onLine = listener
    // no race with `ended` in each call: that promise would keep something of every one until the instance ends
    const answered = new Promise<Outcome>((resolve) => {
      settle = resolve
    })
    // The time it takes to start a thread is not the function's.
    if (!isOnline) await Promise.race([online, ended])
    // as an array of its own: a Buffer is part of a pool, all of which would be copied
    worker.postMessage({ handler, event: event && new Uint8Array(event), context } satisfies CallMessage)
    const timer = setTimeout(() => {
      usable = false
      settle({ ok: false, error: { errorMessage: `${title} timed out after ${timeoutMs / 1000} seconds` } })
      void worker.terminate()
    }, timeoutMs)
    const outcome = await answered
    clearTimeout(timer)
    onLine = undefined
    return outcome
  }

  return {
    call,
    usable: () => usable,
    memoryMb: () => memoryMbAtEnd,
    ended,
    async terminate() {
      usable = false
      await worker.terminate()
    },
  }
}

/** The same bytes. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Cuts text that comes in pieces into lines; `end` gives out a last line that has no end. */
function createLineSplitter(onLine: (line: string) => void): { write(text: string): void; end(): void } {
  let rest = ''
  return {
    write(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    },
    end() {
      if (rest) onLine(rest)
      rest = ''
    },
  }
}

let building: Promise<string> | undefined

/**
 * What runs in an instance's thread, built once: node runs no TypeScript, and neither tsx nor jest reaches into a worker.
 * A host asks for it before there is a request.
 */
export function instanceCode(): Promise<string> {
  building ??= buildCode()
  building.catch(() => {}) // whoever awaits it hears of it
  return building
}

async function buildCode(): Promise<string> {
  const [file] = await bundle({
    entryPoints: [path.join(__dirname, 'instanceWorker.ts')],
    platform: 'node',
    format: 'cjs',
  })
  if (!file) throw new Error('esbuild wrote no file for instanceWorker.ts')
  return file.text
}

/** As Function Compute words it: https://www.alibabacloud.com/help/en/functioncompute/fc/error-handling-nodejs */
function exited(detail: string): FunctionError {
  return { errorMessage: `Process exited unexpectedly before completing request (${detail})` }
}
