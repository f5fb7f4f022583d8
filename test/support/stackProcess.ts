import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { readEnvFile } from '../../local/envFile'

const PROJECT = path.join(__dirname, '../..')
/** Generous: these machines are shared, and the first start makes a data directory. */
const READY_MS = 120_000

export interface StackProcess {
  process: ChildProcess
  /** what it has printed so far */
  output(): string
  /** resolves once the ready line is there; rejects with the output when the process ends first */
  ready(): Promise<void>
  /** resolves with the exit code, or the signal that killed it */
  ended(): Promise<number | NodeJS.Signals>
  kill(signal: NodeJS.Signals): void
}

/** Runs `npm start`'s command in a process of its own, with these variables and nothing else of ours. */
export function startStackProcess(environment: Record<string, string>, args: string[] = []): StackProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/start.ts', ...args], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      output += chunk
    })
  }
  const exit = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  return {
    process: child,
    output: () => output,
    ready: () =>
      waitFor(
        () => {
          if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the stack ended:\n${output}`)
          return /^Ready in /m.test(output)
        },
        () => `the stack did not become ready:\n${output}`,
        READY_MS,
      ),
    ended: () => exit,
    kill: (signal) => child.kill(signal),
  }
}

/** Runs one of the project's commands to its end. */
export async function runCli(command: string, args: string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', `cli/${command}.ts`, ...args], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code: code as number, output }
}

/** What `.local/env` of a running stack says. */
export function readEnv(localDir: string): Record<string, string> {
  return readEnvFile(path.join(localDir, 'env'))
}

/** Polls a condition until it holds; what is waited for happens in another process, so there is nothing to listen to. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  failure: () => string = () => 'waited in vain',
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(failure())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
