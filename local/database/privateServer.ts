import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '../../shared/userError'
import { type Database, type DatabaseAddress, type DatabaseOptions, prepareDatabase } from './database'
import { flavourOf, makeDataDirectory, removeLeftovers } from './dataDirectory'
import { findPrograms } from './findPrograms'
import { keepRunning } from './keepRunning'
import {
  keepFreePort,
  makePrivateSettings,
  type PrivateFiles,
  type PrivateSettings,
  privateFiles,
  readPrivateSettings,
} from './privateFiles'
import { findOwnServer, hasEnded, lastError, launchServer, stopOwnServer } from './serverProcess'
import type { Flavour, ServerProgram } from './serverProgram'

/** A healthy server answers within milliseconds; one whose start a kill of ours interrupted needs a little. */
const ADOPT_DEADLINE_MS = 3_000
/** The recovery after a crash, on a slow disk, counts as starting. */
const START_DEADLINE_MS = 120_000
const POLL_MS = 20

type Options = Pick<DatabaseOptions, 'env' | 'dataDir' | 'packagesDir' | 'report' | 'stopping'> & {
  /** the server programs to try; unless told otherwise those that the machine has, or can get */
  programs?: typeof findPrograms
}

/**
 * A server of our own on a data directory of our own: the one that an earlier run left running, or a new one.
 * @throws UserError
 */
export async function startPrivateServer(options: Options): Promise<Database> {
  const files = privateFiles(options.dataDir)
  await mkdir(files.folder, { recursive: true, mode: 0o700 })
  await chmod(files.folder, 0o700)
  await removeLeftovers(files)
  const database = (await adoptServer(files, options)) ?? (await startServer(files, options))
  await rm(files.accounts, { force: true })
  return database
}

async function adoptServer(files: PrivateFiles, options: Options): Promise<Database | undefined> {
  const pid = await findOwnServer(files)
  if (pid === undefined) return undefined
  const settings = await readPrivateSettings(files)
  if (settings !== undefined) {
    const server = await waitForAnswer(pid, files, settings, ADOPT_DEADLINE_MS)
    if (server !== undefined) return toDatabase(pid, files, settings, server, options)
  }
  options.report('stopping the database of an earlier run, which does not answer …')
  await stopOwnServer(pid, files)
  return undefined
}

async function startServer(files: PrivateFiles, options: Options): Promise<Database> {
  const flavour = await flavourOf(files.data)
  const prepared =
    flavour === undefined ? await prepareFirstStart(files, options) : await prepareNextStart(files, options, flavour)
  options.report(`starting ${prepared.program.flavour} …`)
  const { pid, server } = await launch(files, prepared)
  return toDatabase(pid, files, prepared.settings, server, options)
}

async function launch(files: PrivateFiles, { program, settings }: Prepared): Promise<{ pid: number; server: string }> {
  const pid = await launchServer(program, files, settings.port)
  const server = await waitForAnswer(pid, files, settings, START_DEADLINE_MS)
  if (server === undefined) {
    await stopOwnServer(pid, files)
    const reason = await lastError(files.log)
    throw new UserError(
      `${program.binary} did not come up: ${reason} (log: ${files.log}). Move ${files.folder} away to begin with an empty one, or set MYSQL_HOST to use a server of your own.`,
    )
  }
  return { pid, server }
}

/** @throws UserError also where what others know of it, its port or its data, is not there any more */
async function startAgain(files: PrivateFiles, options: Options, port: number): Promise<number> {
  const flavour = await flavourOf(files.data)
  if (flavour === undefined) throw new UserError(`its data in ${files.data} are gone.`)
  const prepared = await prepareNextStart(files, options, flavour)
  if (prepared.settings.port !== port) throw new UserError(`port ${port} is in use by another program now.`)
  return (await launch(files, prepared)).pid
}

interface Prepared {
  program: ServerProgram
  settings: PrivateSettings
}

async function prepareFirstStart(files: PrivateFiles, options: Options): Promise<Prepared> {
  const { programs = findPrograms, report } = options
  const { program, partial } = await makeDataDirectory(files, programs(options), report)
  const settings = await makePrivateSettings(files, program)
  // Last of all: wherever there is data, there are its settings, and no kill leaves half a directory.
  await rename(partial, files.data)
  return { program, settings }
}

async function prepareNextStart(files: PrivateFiles, options: Options, flavour: Flavour): Promise<Prepared> {
  const { programs = findPrograms } = options
  const kept = await readPrivateSettings(files)
  for await (const program of programs(options, { flavour, servedBefore: kept?.program })) {
    const settings = kept === undefined ? await makePrivateSettings(files, program) : await keepFreePort(files, kept)
    return { program, settings }
  }
  throw new UserError(
    `${files.data} was made by ${flavour}, which is not here any more. Install ${flavour}, or remove that folder.`,
  )
}

/** @returns the server's name and version, or undefined when it has ended or the time is over */
async function waitForAnswer(
  pid: number,
  files: PrivateFiles,
  settings: PrivateSettings,
  timeoutMs: number,
): Promise<string | undefined> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline && !(await hasEnded(pid, files))) {
    const rest = Math.ceil(deadline - performance.now())
    const server = await prepareDatabase(addressOf(settings), { timeoutMs: rest }).catch(() => undefined)
    if (server !== undefined) return server
    await delay(POLL_MS)
  }
  return undefined
}

function addressOf({ port, password }: PrivateSettings): DatabaseAddress {
  return { host: '127.0.0.1', port, user: 'dingtalk', password, database: 'dingtalk' }
}

function toDatabase(
  pid: number,
  files: PrivateFiles,
  settings: PrivateSettings,
  server: string,
  options: Options,
): Database {
  let stopKeeping = async () => pid
  let stopped: Promise<void> | undefined
  return {
    ...addressOf(settings),
    description: `${server} (private, 127.0.0.1:${settings.port})`,
    keepRunning(report) {
      return new Promise((giveUp) => {
        const again = () => startAgain(files, { ...options, report }, settings.port)
        stopKeeping = keepRunning({ pid, files, startAgain: again, report, giveUp })
      })
    },
    stop() {
      stopped ??= stopKeeping().then((lastPid) => stopOwnServer(lastPid, files))
      return stopped
    },
  }
}
