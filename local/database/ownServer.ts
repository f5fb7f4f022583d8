import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import type { PrivateFiles } from './privateFiles'
import { dataDirArgument } from './serverArguments'

/** A server writes what it holds in memory to disk when it stops; on a busy machine that may take its time. */
const STOP_DEADLINE_MS = 30_000
const POLL_MS = 20

/**
 * The pid of the server that runs on our data directory, left behind by an earlier run. The pid file alone proves
 * nothing: after a reboot, or in another container, its number belongs to someone else.
 */
export async function findOwnServer(files: PrivateFiles): Promise<number | undefined> {
  const pid = Number(await readFile(files.pid, 'utf8').catch(() => ''))
  return Number.isInteger(pid) && pid > 1 && (await isOwnServer(pid, files)) ? pid : undefined
}

/** Whether the process is there and serves our data directory. A process that has ended but was not reaped does not. */
export async function isOwnServer(pid: number, files: PrivateFiles): Promise<boolean> {
  const commandLine = await readCommandLine(pid)
  return `${commandLine} `.includes(` ${dataDirArgument(files.data)} `)
}

/** The program and its arguments, or nothing when there is no such process. */
export async function readCommandLine(pid: number, platform: string = process.platform): Promise<string> {
  if (platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return text.replaceAll('\0', ' ').trim()
  }
  const ps = promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
  return await ps.then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )
}

/**
 * Stops our server in order, or else by force, and returns when it is really gone.
 * @throws UserError when it was started by another user
 */
export async function stopOwnServer(pid: number, files: PrivateFiles): Promise<void> {
  await signal(pid, files, 'SIGTERM')
  await signal(pid, files, 'SIGCONT') // a stopped process acts on SIGTERM only once it goes on
  const deadline = Date.now() + STOP_DEADLINE_MS
  while (await isOwnServer(pid, files)) {
    if (Date.now() > deadline) await signal(pid, files, 'SIGKILL')
    await delay(POLL_MS)
  }
}

async function signal(pid: number, files: PrivateFiles, name: NodeJS.Signals): Promise<void> {
  if (!(await isOwnServer(pid, files))) return
  try {
    process.kill(pid, name)
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return // it has ended in the meantime
    throw new UserError(`The database in ${files.folder} was started by another user. Stop its process ${pid} first.`)
  }
}
