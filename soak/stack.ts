import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { privateFiles } from '../local/database/privateFiles'
import { findOwnServer, stopOwnServer } from '../local/database/serverProcess'
import { readEnvFile } from '../shared/envFile'
import { freePort } from '../shared/freePort'
import { UserError } from '../shared/userError'

/** A stack of `npm start`, in a process of its own. */
export interface SoakedStack {
  pid: number
  /** of its private database */
  databasePid: number
  origin: string
  /** all that it keeps */
  folder: string
  /** what it says of itself */
  env: Readonly<Record<string, string>>
  hasEnded(): boolean
  /** the last of what it printed */
  lastWords(): string
  stop(): Promise<void>
}

/** How large the event store of the stack may grow: it is reached within the first minute. */
export const TRACE_MAX_MB = 8

const PROJECT = path.join(__dirname, '..')
const KEPT_CHARACTERS = 4_000

/** @throws UserError with what it said, where it does not become ready, or uses a database that is not its own */
export async function startStack(folder: string): Promise<SoakedStack> {
  const env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_OPTIONS: process.env['NODE_OPTIONS'] },
    ...{ LOCAL_DIR: folder, PORT: String(await freePort()), TRACE_MAX_MB: String(TRACE_MAX_MB) },
  }
  const command = ['--require', './cli/withPackages.cjs', 'cli/start.ts']
  const child = spawn(process.execPath, command, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const database = privateFiles(path.join(folder, 'database'))
  let words = ''
  const isReady = new Promise<boolean>((resolve) => {
    const take = (text: string) => {
      // a line for each event: all of it is read, and the end kept
      words = (words + text).slice(-KEPT_CHARACTERS)
      if (/^Ready in /m.test(words)) resolve(true)
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    void ended.then(() => resolve(false))
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  async function stop(): Promise<void> {
    if (!hasEnded()) child.kill('SIGTERM')
    await ended
    // a stack that was killed leaves its database to the next one, and here there is none
    const databasePid = await findOwnServer(database)
    if (databasePid !== undefined) await stopOwnServer(databasePid, database)
  }
  if (!(await isReady)) {
    await stop()
    throw new UserError(`npm start did not become ready:\n${words}`)
  }
  if (!fs.existsSync(database.pid)) {
    await stop()
    throw new UserError(
      '.env.local names a database: the soak needs a private one. Take MYSQL_HOST out of it meanwhile.',
    )
  }
  const own = readEnvFile(path.join(folder, 'env'))
  return {
    ...{ folder, hasEnded, stop, env: own, origin: own['ORIGIN'] ?? '', pid: child.pid ?? 0 },
    databasePid: Number(fs.readFileSync(database.pid, 'utf8')),
    lastWords: () => words,
  }
}
