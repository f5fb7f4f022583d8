import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import type { PrivateFiles } from './privateFiles'
import { commandOf, commonArguments, dataDirArgument, loaderVariables, type ServerProgram } from './serverProgram'

/**
 * Starts a server on the data directory and returns its pid at once; it takes connections a little later. It outlives
 * this process, whose event loop it does not hold.
 *
 * @throws UserError
 */
export async function launchServer(program: ServerProgram, files: PrivateFiles, port: number): Promise<number> {
  const command = [
    ...commandOf(program),
    ...commonArguments(program, files.data),
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--skip-name-resolve',
    // Relative to the data directory: the whole path of a socket must fit in 107 bytes, and ours may be longer.
    '--socket=server.sock',
    `--pid-file=${files.pid}`,
    '--character-set-server=utf8mb4',
    '--default-time-zone=+00:00',
    '--skip-log-bin',
    '--performance-schema=OFF',
    '--innodb-flush-log-at-trx-commit=1',
    ...(existsSync(files.accounts) ? [`--init-file=${files.accounts}`] : []),
  ]
  // A new log for every start, so that its last error is of this one and it never grows for long.
  const log = await open(files.log, 'w', 0o600)
  // The process notes its own pid, and then becomes the server. The server would do so, too, but late in its start; and
  // we, when it is there. Whoever kills us in between must not leave a server that nobody knows for ours; that there is
  // one about to come is noted before.
  await writeFile(files.pid, `${LAUNCHED}\n`)
  const child = spawn('/bin/sh', ['-c', 'echo $$ > "$0" && exec "$@"', files.pid, ...command], {
    detached: true, // in a session of its own: a terminal's Ctrl-C is for us, and we stop the server in order
    stdio: ['ignore', log.fd, log.fd],
    env: loaderVariables(program),
  })
  child.on('error', () => {}) // then it has no pid
  child.unref()
  await log.close()
  if (child.pid !== undefined) return child.pid
  await rm(files.pid, { force: true })
  throw new UserError(`No process could be started for ${program.binary}.`)
}

/** In the pid file, in place of a process's number that it has not noted yet. */
const LAUNCHED = 'launched'
/** On a busy machine a process may take some time to begin. */
const LAUNCH_DEADLINE_MS = 5_000

/** The line of a server's log that tells why it ended: the last error, or the last line when there is no error. */
export async function lastError(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '')
  // "[ERROR] Aborting" follows the error that is meant
  const errors = lines.filter((line) => /ERROR/.test(line) && !/Aborting\s*$/.test(line))
  return errors.at(-1) ?? lines.at(-1) ?? 'it wrote no log'
}

/**
 * The pid of the server that runs on our data directory, left behind by an earlier run. The pid file alone proves
 * nothing: after a reboot, or in another container, its number belongs to someone else.
 */
export async function findOwnServer(files: PrivateFiles): Promise<number | undefined> {
  const pid = await readPid(files)
  return pid !== undefined && (await isOwnServer(pid, files)) ? pid : undefined
}

async function readPid(files: PrivateFiles): Promise<number | undefined> {
  const read = async () => (await readFile(files.pid, 'utf8').catch(() => '')).trim()
  let text = await read()
  for (const deadline = performance.now() + LAUNCH_DEADLINE_MS; text === LAUNCHED && performance.now() < deadline; ) {
    await delay(POLL_MS)
    text = await read()
  }
  const pid = Number(text)
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

/** Whether the process serves our data directory. */
async function isOwnServer(pid: number, files: PrivateFiles): Promise<boolean> {
  // whoever comes in the moment in which the process becomes the server must not take it for another's
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const commandLine = await readCommandLine(pid)
    if (commandLine !== '') return isOwn(commandLine, files)
    await delay(POLL_MS)
  }
  return false
}

/** The moment is over long before; what has no command line even then is one of the kernel's own. */
const MOST_LOOKS = 50

function isOwn(commandLine: string | undefined, files: PrivateFiles): boolean {
  return `${commandLine} `.includes(` ${dataDirArgument(files.data)} `)
}

/** Whether a server of ours has ended, so that its files, its locks and its port are free. */
export async function hasEnded(pid: number, files: PrivateFiles): Promise<boolean> {
  const commandLine = await readCommandLine(pid)
  // a number that means another process by now is as good as none
  return commandLine === undefined || (commandLine !== '' && !isOwn(commandLine, files))
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

/** A server writes what it holds in memory to disk when it stops; on a busy machine that may take its time. */
const STOP_DEADLINE_MS = 30_000
const POLL_MS = 20

/**
 * Stops our server in order, or else by force, and returns when it is really gone.
 * @throws UserError when it was started by another user
 */
export async function stopOwnServer(pid: number, files: PrivateFiles): Promise<void> {
  await signal(pid, files, 'SIGTERM')
  await signal(pid, files, 'SIGCONT') // a stopped process acts on SIGTERM only once it goes on
  const deadline = performance.now() + STOP_DEADLINE_MS
  while (!(await hasEnded(pid, files))) {
    if (performance.now() > deadline) await signal(pid, files, 'SIGKILL')
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
