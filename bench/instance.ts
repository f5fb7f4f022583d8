import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { FcContext } from '../shared/fc/types'

/** What a number of calls took, one after another. */
export interface Calls {
  latencies: number[]
  /** of the whole process, while they were made */
  cpuMs: number
  /** what the handler gave for the last one */
  last: unknown
}

/** A function in a process of its own, which takes one event at a time. */
export interface Instance {
  pid: number
  /** @throws Error when the handler does */
  call(events: readonly string[], context: FcContext): Promise<Calls>
  stop(): Promise<void>
}

/** Starts a bundle as Function Compute's runtime does. What it logs is read, as there, and forgotten. */
export async function startInstance(bundle: string, env: NodeJS.ProcessEnv): Promise<Instance> {
  const child = fork(path.join(__dirname, 'peers/instance.mjs'), [bundle], {
    env: { PATH: process.env['PATH'], ...env },
    execArgv: [],
    silent: true,
  })
  child.stdout?.resume()
  child.stderr?.resume()
  await answerOf(child)
  return {
    pid: child.pid ?? 0,
    async call(events, context) {
      child.send({ events, context })
      const answer = await answerOf(child)
      if ('failure' in answer) throw new Error(`the function failed: ${answer.failure}`)
      return answer
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

async function answerOf(child: ChildProcess): Promise<Calls | { failure: string }> {
  const ended = new AbortController()
  const end = () => ended.abort(new Error('the function ended'))
  child.once('exit', end)
  try {
    const [answer] = await once(child, 'message', { signal: ended.signal })
    return answer
  } finally {
    child.off('exit', end)
  }
}
