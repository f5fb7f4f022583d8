import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { access, chmod, mkdir, open, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '../../shared/userError'
import { flavourOf, makeDataDirectory } from './dataDirectory'
import { type Flavour, loaderVariables, type ServerProgram } from './findServer'
import { findOwnServer, isOwnServer, stopOwnServer } from './ownServer'
import { prepareDatabase } from './prepareDatabase'
import { type PrivateFiles, privateFiles } from './privateFiles'
import { keepFreePort, makeSettings, type PrivateSettings, readSettings } from './privateSettings'
import { commonArguments } from './serverArguments'
import { lastError } from './serverLog'
import type { Database, DatabaseAddress } from './startDatabase'

/** A healthy server answers within milliseconds; one that another kill interrupted in its start needs a little. */
const ADOPT_DEADLINE_MS = 3_000
/** The recovery after a crash, on a slow disk, counts as starting. */
const START_DEADLINE_MS = 120_000
const POLL_MS = 20

interface PrivateServerOptions {
  dataDir: string
  /** a server program that can read data of the flavour; any, when there is no data yet */
  findProgram(flavour: Flavour | undefined): Promise<ServerProgram>
  report(line: string): void
}

/**
 * A server of our own on a data directory of our own: the one that an earlier run left behind, or a new one.
 * @throws UserError
 */
export async function startPrivateServer(options: PrivateServerOptions): Promise<Database> {
  const files = privateFiles(options.dataDir)
  await mkdir(files.folder, { recursive: true, mode: 0o700 })
  await chmod(files.folder, 0o700)
  return (await adopt(files, options)) ?? (await startNew(files, options))
}

async function adopt(files: PrivateFiles, { report }: PrivateServerOptions): Promise<Database | undefined> {
  const pid = await findOwnServer(files)
  if (pid === undefined) return undefined
  const settings = await readSettings(files)
  if (settings !== undefined) {
    const server = await waitForAnswer(pid, files, settings, ADOPT_DEADLINE_MS)
    if (server !== undefined) return toDatabase(pid, files, settings, server)
  }
  report('stopping the database of an earlier run, which does not answer …')
  await stopOwnServer(pid, files)
  return undefined
}

async function startNew(files: PrivateFiles, { findProgram, report }: PrivateServerOptions): Promise<Database> {
  const flavour = await flavourOf(files.data)
  const program = await findProgram(flavour)
  const kept = flavour === undefined ? undefined : await readSettings(files)
  const settings = kept === undefined ? await makeSettings(files) : await keepFreePort(files, kept)
  if (flavour === undefined) {
    report('preparing a new data directory …')
    await makeDataDirectory(program, files)
  }
  report(`starting ${program.flavour} …`)
  const pid = await launch(program, files, settings)
  const server = await waitForAnswer(pid, files, settings, START_DEADLINE_MS)
  if (server === undefined) {
    await stopOwnServer(pid, files)
    throw new UserError(
      `${program.flavour} did not come up: ${await lastError(files.log)} (log: ${files.log}). To use a server of your own, set MYSQL_HOST.`,
    )
  }
  await rm(files.accounts, { force: true })
  return toDatabase(pid, files, settings, server)
}

async function launch(program: ServerProgram, files: PrivateFiles, settings: PrivateSettings): Promise<number> {
  const hasAccounts = await access(files.accounts).then(
    () => false,
    () => true,
  )
  const log = await open(files.log, 'w', 0o600)
  const child = spawn(
    program.binary,
    [
      ...commonArguments(program, files.data),
      '--bind-address=127.0.0.1',
      `--port=${settings.port}`,
      '--skip-name-resolve',
      // The server's working directory is its data directory. A socket's whole path must fit in 107 bytes.
      '--socket=server.sock',
      `--pid-file=${files.pid}`,
      '--character-set-server=utf8mb4',
      '--default-time-zone=+00:00',
      '--skip-log-bin',
      '--performance-schema=OFF',
      '--innodb-flush-log-at-trx-commit=1',
      ...(hasAccounts ? [] : [`--init-file=${files.accounts}`]),
    ],
    // In a session of its own: the Ctrl-C of the terminal is for us, and we stop it in order.
    { detached: true, stdio: ['ignore', log.fd, log.fd], env: loaderVariables(program), cwd: files.folder },
  )
  child.on('error', () => {}) // it has no pid then
  // The server writes this file as well, but late in its start; a kill of ours until then would leave it unrecognised.
  if (child.pid !== undefined) writeFileSync(files.pid, `${child.pid}\n`)
  child.unref()
  await log.close()
  if (child.pid === undefined) throw new UserError(`${program.binary} cannot be run.`)
  return child.pid
}

/** @returns the server's name and version, or undefined when it has ended or the time is over */
async function waitForAnswer(
  pid: number,
  files: PrivateFiles,
  settings: PrivateSettings,
  deadlineMs: number,
): Promise<string | undefined> {
  const deadline = Date.now() + deadlineMs
  while (Date.now() < deadline && (await isOwnServer(pid, files))) {
    const timeoutMs = deadline - Date.now()
    const server = await prepareDatabase(addressOf(settings), { timeoutMs }).catch(() => undefined)
    if (server !== undefined) return server
    await delay(POLL_MS)
  }
  return undefined
}

function addressOf({ port, password }: PrivateSettings): DatabaseAddress {
  return { host: '127.0.0.1', port, user: 'dingtalk', password, database: 'dingtalk' }
}

function toDatabase(pid: number, files: PrivateFiles, settings: PrivateSettings, server: string): Database {
  let stopped: Promise<void> | undefined
  return {
    ...addressOf(settings),
    description: `${server} (private, 127.0.0.1:${settings.port})`,
    stop() {
      stopped ??= stopOwnServer(pid, files)
      return stopped
    },
  }
}
