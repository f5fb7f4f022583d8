import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'

export interface StartedProcess {
  /** what it has printed so far */
  output(): string
  isOver(): boolean
  /** resolves once all that it printed is there, with the exit code, or the signal that killed it */
  ended(): Promise<number | NodeJS.Signals>
  kill(signal: NodeJS.Signals): void
}

/** Starts a program in the project's folder, with these variables, PATH, and nothing else of ours. */
export function startProcess(command: readonly string[], environment: NodeJS.Dict<string>): StartedProcess {
  // through one pipe: of two nobody knows in which order lines were written
  const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', ...command], {
    cwd: path.join(__dirname, '../..'),
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  // not `exit`, after which there may be more to read
  const end = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  return {
    output: () => output,
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    ended: () => end,
    kill: (signal) => child.kill(signal),
  }
}

/** Starts one of the project's commands. */
export function startCli(name: string, args: readonly string[], environment: NodeJS.Dict<string>): StartedProcess {
  return startProcess(
    [process.execPath, '--require', './cli/withPackages.cjs', commandFile(name), ...args],
    environment,
  )
}

/** What it printed in all, and its exit code. */
export async function endOf(started: StartedProcess): Promise<{ code: number | NodeJS.Signals; output: string }> {
  return { code: await started.ended(), output: started.output() }
}

/** With these variables a command waits a tenth of the time. */
export const QUICK_TIMERS = { NODE_OPTIONS: `--require ${path.join(__dirname, 'quickTimers.cjs')}` }

/** A command is a file of cli/, or a folder's index.ts. */
export function commandFile(name: string): string {
  return existsSync(path.join(__dirname, '../../cli', `${name}.ts`)) ? `cli/${name}.ts` : `cli/${name}/index.ts`
}
