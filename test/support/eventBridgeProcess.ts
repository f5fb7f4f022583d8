import path from 'node:path'
import { freePort } from '../../shared/freePort'
import { readEnv, untilReady } from './stackProcess'
import { type StartedProcess, startCli } from './startProcess'

export interface EventBridgeProcess extends StartedProcess {
  url: string
  /** what its `.local/eventbridge-alone/env` says */
  env: Record<string, string>
}

/** `npm run eventbridge` on a free port, unless one is given, once it is ready. It is killed after the file's tests. */
export function eventBridgeProcesses() {
  const started: StartedProcess[] = []
  // those of a test that failed
  afterAll(() => {
    for (const one of started) one.kill('SIGKILL')
  })
  return async (
    localDir: string,
    args: string[] = [],
    variables: NodeJS.Dict<string> = {},
  ): Promise<EventBridgeProcess> => {
    const port = variables['PORT'] ?? String(await freePort())
    const one = startCli('eventbridge', args, { LOCAL_DIR: localDir, ...variables, PORT: port })
    started.push(one)
    await untilReady(one)
    return { ...one, url: `http://127.0.0.1:${port}`, env: readEnv(path.join(localDir, 'eventbridge-alone')) }
  }
}
