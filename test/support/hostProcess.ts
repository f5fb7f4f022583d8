import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { waitFor } from './stackProcess'

export interface HostProcess {
  url: string
  /** what it has printed so far */
  output(): string
  /** asks it to end, and resolves with its exit code */
  stop(): Promise<number>
}

/** Runs `npm run host`'s command until it serves; the function sees these variables and PATH. */
export async function startHostProcess(variables: Record<string, string>, args: string[] = []): Promise<HostProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/host.ts', ...args], {
    cwd: path.join(__dirname, '../..'),
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const url = () => /POST (\S+)/.exec(output)?.[1]
  const failure = () => `the host did not start:\n${output}`
  await waitFor(() => {
    if (child.exitCode !== null) throw new Error(failure())
    return url() !== undefined
  }, failure)
  return {
    url: url() ?? '',
    output: () => output,
    async stop() {
      child.kill('SIGINT')
      const [code] = await exit
      return code as number
    },
  }
}
