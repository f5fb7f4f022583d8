import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { UserError } from '../../shared/userError'
import type { PrivateFiles } from './privateFiles'
import { commandOf, commonArguments, loaderVariables, type ServerProgram } from './serverProgram'

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
  // we, when it is there. Whoever kills us in between must not leave a server that nobody knows for ours.
  const child = spawn('/bin/sh', ['-c', 'echo $$ > "$0" && exec "$@"', files.pid, ...command], {
    detached: true, // in a session of its own: a terminal's Ctrl-C is for us, and we stop the server in order
    stdio: ['ignore', log.fd, log.fd],
    env: loaderVariables(program),
  })
  child.on('error', () => {}) // then it has no pid
  child.unref()
  await log.close()
  if (child.pid === undefined) throw new UserError(`No process could be started for ${program.binary}.`)
  return child.pid
}

/** The line of a server's log that tells why it ended: the last error, or the last line when there is no error. */
export async function lastError(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '')
  // "[ERROR] Aborting" follows the error that is meant
  const errors = lines.filter((line) => /ERROR/.test(line) && !/Aborting\s*$/.test(line))
  return errors.at(-1) ?? lines.at(-1) ?? 'it wrote no log'
}
