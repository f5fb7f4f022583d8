import { startCli } from './startProcess'
import { waitFor } from './waitFor'

export interface HostProcess {
  url: string
  /** what it has printed so far */
  output(): string
  /** asks it to end, and resolves with its exit code */
  stop(): Promise<number | NodeJS.Signals>
}

/** Runs `npm run host`'s command until it serves; the function sees these variables and PATH. */
export async function startHostProcess(variables: Record<string, string>, args: string[] = []): Promise<HostProcess> {
  const host = startCli('host', args, variables)
  const url = () => /POST (\S+)/.exec(host.output())?.[1]
  const failure = () => `the host did not start:\n${host.output()}`
  await waitFor(() => {
    if (host.isOver()) throw new Error(failure())
    return url() !== undefined
  }, failure)
  return {
    url: url() ?? '',
    output: host.output,
    stop() {
      host.kill('SIGINT')
      return host.ended()
    },
  }
}
