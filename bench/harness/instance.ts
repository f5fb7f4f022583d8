import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import type { FcContext } from '../../shared/fc/types'
import { watched } from './measure'

/** What a number of calls took, one after another. */
export interface Calls {
  latencies: number[]
  /** of the whole process, while they were made */
  cpuMs: number
  sinceStart: { cpuMs: number; rssMb: number }
  /** what the handler gave for the last one */
  last: unknown
}

/** A function in a process of its own, which takes one event at a time. */
export interface Instance {
  pid: number
  /** what it writes first, such as a server its port */
  said: Promise<string>
  /**
   * @param events none for those of the time before: they are not sent, and held, once more
   * @param count how many calls; the events come again where there are fewer
   * @throws Error when the handler does, or answers with an error
   */
  call(events: readonly string[], count?: number): Promise<Calls>
  /** How much it holds that is no garbage: it collects all of that, and is another process from then on. */
  heldBytes(): Promise<number>
  stop(): Promise<void>
}

/** What Function Compute tells a function of itself, with the keys of a role. */
export const CONTEXT = {
  requestId: '1-bench',
  region: LOCAL_ACCOUNT.region,
  accountId: LOCAL_ACCOUNT.accountId,
  credentials: { accessKeyId: 'STS.bench', accessKeySecret: 'bench', securityToken: 'bench' },
  function: { timeout: 3600 },
} satisfies FcContext

/**
 * Starts a module as Function Compute's runtime does. What it logs is read, as there, and forgotten.
 * @param module CommonJS, with a handler, or a server; none is a process that does nothing
 */
export async function startInstance(module: string | undefined, env: NodeJS.ProcessEnv): Promise<Instance> {
  const options = { env: { PATH: process.env['PATH'], ...env }, execArgv: [], silent: true }
  const child = watched(fork(path.join(__dirname, 'runInstance.cjs'), module === undefined ? [] : [module], options))
  const said = once(child.stdout as Readable, 'data').then(([line]) => String(line))
  child.stdout?.resume()
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => {
    complaint = `${complaint}${text}`.slice(-2000)
  })
  const answer = <T>() => answerOf<T>(child, () => complaint)
  await answer()
  return {
    pid: child.pid ?? 0,
    said,
    async call(events, count = events.length) {
      child.send({ events, count, context: CONTEXT })
      const calls = await answer<Calls | { failure: string }>()
      if ('failure' in calls) throw new Error(`the function failed: ${calls.failure}`)
      return calls
    },
    heldBytes() {
      child.send({ collect: true })
      return answer<number>()
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

async function answerOf<T>(child: ChildProcess, complaint: () => string): Promise<T> {
  const ended = new AbortController()
  const end = () => ended.abort(new Error(`the function ended: ${complaint()}`))
  child.once('close', end)
  try {
    const [answer] = await once(child, 'message', { signal: ended.signal })
    return answer
  } finally {
    child.off('close', end)
  }
}

/** What a process has used from its start until it had answered. */
export interface ColdStart {
  /** of all its threads */
  cpuMs: number
  rssMb: number
  /** as whoever started it waits */
  wallMs: number
}

/**
 * Starts a process and has it answer once.
 * @param events for a handler; none for a process that does nothing
 * @param ask for a server: gets its port, and throws where the answer is not the right one
 */
export async function coldStart(
  module: string | undefined,
  env: NodeJS.ProcessEnv,
  events: readonly string[] = [],
  ask?: (port: number) => Promise<void>,
): Promise<ColdStart> {
  const started = performance.now()
  const instance = await startInstance(module, env)
  try {
    await ask?.(Number(/\d+/.exec(await instance.said)?.[0]))
    const { sinceStart } = await instance.call(events)
    return { ...sinceStart, wallMs: performance.now() - started }
  } finally {
    await instance.stop()
  }
}
