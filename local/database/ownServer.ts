import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import type { PrivateFiles } from './privateFiles'
import { dataDirArgument } from './serverProgram'

/** A server writes what it holds in memory to disk when it stops; on a busy machine that may take its time. */
const STOP_DEADLINE_MS = 30_000
const POLL_MS = 20

/**
 * The pid of the server that runs on our data directory, left behind by an earlier run. The pid file alone proves
 * nothing: after a reboot, or in another container, its number belongs to someone else.
 */
export async function findOwnServer(files: PrivateFiles): Promise<number | undefined> {
  const pid = await readPid(files)
  return pid !== undefined && (await isOwnServer(pid, files)) ? pid : undefined
}

async function readPid(files: PrivateFiles): Promise<number | undefined> {
  const pid = Number(await readFile(files.pid, 'utf8').catch(() => ''))
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

/** Whether the process serves our data directory. */
async function isOwnServer(pid: number, files: PrivateFiles): Promise<boolean> {
  return isOwn(await readCommandLine(pid), files)
}

/** Whether a server of ours has ended, so that its files, its locks and its port are free. */
export async function hasEnded(pid: number, files: PrivateFiles): Promise<boolean> {
  const commandLine = await readCommandLine(pid)
  // a number that means another process by now is as good as none
  return commandLine === undefined || (commandLine !== '' && !isOwn(commandLine, files))
}

function isOwn(commandLine: string | undefined, files: PrivateFiles): boolean {
  return `${commandLine} `.includes(` ${dataDirArgument(files.data)} `)
}

/**
 * The program of a process and its arguments. It is empty for moments while the process begins and while it ends,
 * and undefined once it has ended, whether it was reaped or not.
 */
export async function readCommandLine(pid: number, platform: string = process.platform): Promise<string | undefined> {
  if (platform === 'linux') {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    if (state === undefined || /\) [ZX] /.test(state)) return undefined
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
    return commandLine?.replaceAll('\0', ' ').trim()
  }
  const ps = promisify(execFile)('ps', ['-ww', '-o', 'stat=', '-o', 'command=', '-p', String(pid)])
  const line = await ps.then(({ stdout }) => stdout).catch(() => 'Z ')
  const [, state = '', commandLine] = /^\s*(\S+)\s*(.*)/.exec(line) ?? []
  return state.startsWith('Z') ? undefined : commandLine
}

/**
 * Stops our server in order, or else by force, and returns when it is really gone.
 * @throws UserError when it was started by another user
 */
export async function stopOwnServer(pid: number, files: PrivateFiles): Promise<void> {
  await signal(pid, files, 'SIGTERM')
  await signal(pid, files, 'SIGCONT') // a stopped process acts on SIGTERM only once it goes on
  const deadline = Date.now() + STOP_DEADLINE_MS
  while (!(await hasEnded(pid, files))) {
    if (Date.now() > deadline) await signal(pid, files, 'SIGKILL')
    await delay(POLL_MS)
  }
  // one that was killed leaves it
  if ((await readPid(files)) === pid) await rm(files.pid, { force: true })
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
