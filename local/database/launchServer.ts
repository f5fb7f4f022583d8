import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { UserError } from '../../shared/userError'
import type { PrivateFiles } from './privateFiles'
import { commonArguments } from './serverArguments'
import { loaderVariables, type ServerProgram } from './serverProgram'

/**
 * Starts a server on the data directory and returns its pid at once; it takes connections a little later. It outlives
 * this process, whose event loop it does not hold.
 *
 * @throws UserError
 */
export async function launchServer(program: ServerProgram, files: PrivateFiles, port: number): Promise<number> {
  const args = [
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
  const child = spawn(program.binary, args, {
    detached: true, // in a session of its own: a terminal's Ctrl-C is for us, and we stop the server in order
    stdio: ['ignore', log.fd, log.fd],
    env: loaderVariables(program),
  })
  child.on('error', () => {}) // then it has no pid
  // The server writes the same file, but late in its start; were we killed until then, nobody would know it for ours.
  if (child.pid !== undefined) writeFileSync(files.pid, `${child.pid}\n`)
  child.unref()
  await log.close()
  if (child.pid === undefined) throw new UserError(`${program.binary} cannot be run.`)
  return child.pid
}
