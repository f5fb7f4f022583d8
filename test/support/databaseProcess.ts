import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { waitFor } from './waitFor'

const SCRIPT = path.join(__dirname, 'startDatabaseScript.ts')

export interface DatabaseProcess {
  process: ChildProcess
  /** resolves once it has printed this; rejects when it ends before */
  printed(text: string): Promise<void>
  /** resolves with all it printed, once it has ended */
  ended(): Promise<string>
}

/**
 * Runs startDatabaseScript.ts.
 * @param command what runs node, e.g. setpriv and its arguments
 */
export function databaseProcess(args: string[], command: string[] = [], env: NodeJS.ProcessEnv = {}): DatabaseProcess {
  const [program = process.execPath, ...rest] = [...command, process.execPath, '--import', 'tsx', SCRIPT, ...args]
  const child = spawn(program, rest, {
    cwd: path.join(__dirname, '../..'),
    env: { PATH: process.env['PATH'], ...env },
    detached: true, // a process group of its own, for a Ctrl-C as a terminal sends it
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  const end = once(child, 'close')
  return {
    process: child,
    printed: (text) =>
      waitFor(
        () => {
          if (output.includes(text)) return true
          if (child.exitCode !== null) throw new Error(`it ended:\n${output}`)
          return false
        },
        () => `it did not print "${text}":\n${output}`,
      ),
    ended: async () => {
      await end
      return output
    },
  }
}
