import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { waitFor } from './waitFor'

export interface Terminal {
  /** what has been printed so far, without the terminal's own codes */
  output(): string
  /** waits until this is printed, after what the last answer was given to, and types */
  answer(prompt: string, keys: string): Promise<void>
  write(keys: string): void
  ended(): Promise<number>
  /** hangs up */
  close(): Promise<void>
}

export const ENTER = '\r'
export const ESCAPE = '\u001b'
export const CTRL_C = '\u0003'
export const DOWN = '\u001b[B'
/** empties the line */
export const CTRL_U = '\u0015'

/** Runs a command line in a pseudo-terminal of its own, with these variables, PATH, and nothing else of ours. */
export function startInTerminal(command: string, cwd: string, environment: NodeJS.Dict<string>): Terminal {
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let printed = ''
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk
  })
  // one that ended says so in `ended`
  child.stdin.on('error', () => {})
  const end = once(child, 'close').then(([code]) => Number(code))
  const output = () => stripVTControlCharacters(printed).replaceAll('\r', '')
  return {
    output,
    async answer(prompt, keys) {
      const isOver = () => child.exitCode !== null
      const there = () => output().indexOf(prompt, seen)
      await waitFor(
        () => there() >= 0 || isOver(),
        () => `no “${prompt}” in\n${output().slice(seen)}`,
      )
      if (there() < 0) throw new Error(`it ended before “${prompt}”:\n${output()}`)
      seen = there() + prompt.length
      child.stdin.write(keys)
    },
    write: (keys) => void child.stdin.write(keys),
    ended: () => end,
    async close() {
      // of a gentler signal it would tell the command, as a terminal that is closed does not
      child.kill('SIGKILL')
      await end
    },
  }
}
