import path from 'node:path'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import { readEnvFile } from '../../shared/envFile'
import { freePort } from '../../shared/freePort'
import { prepareStackDatabase } from './mariadb'
import { endOf, type StartedProcess, startCli } from './startProcess'
import { waitFor } from './waitFor'

/** Generous: these machines are shared, and the first start makes a data directory. */
const READY_MS = 120_000

export interface StackProcess extends StartedProcess {
  /** resolves once the ready line is there; rejects with the output when the process ends first */
  ready(): Promise<void>
}

/** Runs `npm start`'s command in a process of its own, with these variables and nothing else of ours. */
export function startStackProcess(environment: Record<string, string>, args: string[] = []): StackProcess {
  const started = startCli('start', args, { HOME: process.env['HOME'], ...environment })
  return { ...started, ready: () => untilReady(started) }
}

/** Resolves once `npm start` or `npm run eventbridge` says that it is ready; rejects with its output when it ends first. */
export function untilReady(started: StartedProcess): Promise<void> {
  return waitFor(
    async () => {
      if (started.isOver()) throw new Error(`it ended with ${await started.ended()}:\n${started.output()}`)
      return /^Ready in /m.test(started.output())
    },
    () => `it did not become ready:\n${started.output()}`,
    READY_MS,
  )
}

export interface ReadyStack extends StackProcess {
  origin: string
  /** what its `.local/env` says */
  env: Record<string, string>
  /** asks it to end as Ctrl-C does, and resolves with its exit code */
  stop(): Promise<number | NodeJS.Signals>
}

/** A local stack on a free port, once it is ready. */
export async function startStack(
  localDir: string,
  variables: Record<string, string> = {},
  args: string[] = [],
): Promise<ReadyStack> {
  // of its own, unless they name one
  if (!('MYSQL_PORT' in variables)) await prepareStackDatabase(localDir)
  const port = await freePort()
  const stack = startStackProcess({ PORT: String(port), LOCAL_DIR: localDir, ...variables }, args)
  const stop = () => {
    stack.kill('SIGINT')
    return stack.ended()
  }
  try {
    await stack.ready()
  } catch (error) {
    // whoever asked for it cannot stop it
    await stop()
    throw error
  }
  return { ...stack, origin: `http://127.0.0.1:${port}`, env: readEnv(localDir), stop }
}

/** Runs one of the project's commands to its end. */
export function runCli(command: string, args: string[], environment: Record<string, string>) {
  return endOf(startCli(command, args, environment))
}

/** What `.local/env` of a running stack says. */
export function readEnv(localDir: string): Record<string, string> {
  return readEnvFile(path.join(localDir, 'env'))
}

/** A connection to the database of a running stack, which its `.local/env` names. */
export function connectByEnv(env: Record<string, string>, options: ConnectionOptions = {}): Promise<Connection> {
  return mysql.createConnection({
    host: env['MYSQL_HOST'] ?? '',
    port: Number(env['MYSQL_PORT']),
    user: env['MYSQL_USER'] ?? '',
    password: env['MYSQL_PASSWORD'] ?? '',
    database: env['MYSQL_DATABASE'] ?? '',
    ...options,
  })
}
