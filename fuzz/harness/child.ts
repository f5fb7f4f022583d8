import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'

/** A process that is asked by messages, one at a time. What crashes it, or lasts too long, is an error of the one who asked. */
export interface Child<Ready> {
  /** @throws Error when it crashes, or says nothing within the time */
  ask<T>(message: object): Promise<T>
  /** what it said when it was ready; it is started anew when it has ended */
  ready(): Promise<Ready>
  stop(): Promise<void>
}

interface ChildOptions {
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** for TypeScript */
  execArgv?: readonly string[]
}

/** The longest that anything of ours may last: the time limit of the functions that serve requests. */
const ANSWER_WITHIN_MS = 10_000
const START_WITHIN_MS = 60_000

/** As the commands are run: `fork` with it takes TypeScript. */
export const TYPESCRIPT = ['--require', path.join(__dirname, '../../cli/withPackages.cjs')]

export function startChild<Ready>(file: string, { args, env, execArgv = [] }: ChildOptions): Child<Ready> {
  let child: ChildProcess | undefined
  let started: Promise<Ready> | undefined
  let complaint = ''

  function ready(): Promise<Ready> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      complaint = ''
      child = fork(file, [...args], {
        env: { PATH: process.env['PATH'], ...env },
        execArgv: [...execArgv],
        serialization: 'advanced',
        silent: true,
      })
      child.stdout?.resume()
      ;(child.stderr as Readable).on('data', (text: Buffer) => {
        complaint = `${complaint}${text}`.slice(-2_000)
      })
      started = answerOf<Ready>(child, START_WITHIN_MS)
    }
    return started as Promise<Ready>
  }

  async function answerOf<T>(of: ChildProcess, withinMs: number): Promise<T> {
    const over = new AbortController()
    const ended = () => over.abort(new Error(`the process ended: ${complaint}`))
    const late = setTimeout(() => {
      over.abort(new Error(`it said nothing for ${withinMs} ms`))
      of.kill('SIGKILL')
    }, withinMs)
    of.once('close', ended)
    try {
      const [answer] = await once(of, 'message', { signal: over.signal })
      return answer
    } catch (error) {
      throw over.signal.aborted ? over.signal.reason : error
    } finally {
      clearTimeout(late)
      of.off('close', ended)
    }
  }

  return {
    ready,
    async ask<T>(message: object) {
      await ready()
      const of = child as ChildProcess
      of.send(message)
      return answerOf<T>(of, ANSWER_WITHIN_MS)
    },
    async stop() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
    },
  }
}
