import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/userError'
import { removeFolder } from './packagesFolder'
import type { PrivateFiles } from './privateFiles'
import { lastError } from './serverProcess'
import { commandOf, commonArguments, type Flavour, loaderVariables, type ServerProgram } from './serverProgram'

/** Whose data directory it is: the other server cannot read it. Undefined when there is none yet. */
export async function flavourOf(data: string): Promise<Flavour | undefined> {
  const names = await readdir(data).catch(() => undefined)
  if (names === undefined) return undefined
  return names.includes('aria_log_control') ? 'MariaDB' : 'MySQL'
}

/**
 * Makes a data directory under a temporary name, with the first program that can. (Ubuntu's AppArmor lets its own mysqld
 * write nowhere but in /var/lib/mysql; MariaDB's packages may then still do.) No account is in it yet but MySQL's root,
 * which has no password: a server must make ours before it takes connections.
 *
 * @throws UserError when none can
 */
export async function makeDataDirectory(
  files: PrivateFiles,
  programs: AsyncIterable<ServerProgram>,
  report: (line: string) => void,
): Promise<{ program: ServerProgram; partial: string }> {
  const failures: string[] = []
  try {
    for await (const program of programs) {
      report(`preparing a new data directory with ${program.binary} …`)
      // a name never used before: of a killed run, a server may still be at work in its own
      const partial = `${files.data}.${randomUUID()}.partial`
      if (await initialise(program, partial, files.log)) return { program, partial }
      failures.push(`${program.binary} cannot make a data directory: ${await lastError(files.log)}.`)
      report(failures.at(-1) ?? '')
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError([...failures, error.message].join(' '))
  }
  throw new UserError(`${failures.join(' ')} To use a server of your own, set MYSQL_HOST.`)
}

/** @returns whether it worked; the log tells why not */
async function initialise(program: ServerProgram, data: string, logFile: string): Promise<boolean> {
  await mkdir(data, { mode: 0o700 })
  const [argument, sql] =
    program.systemTables === undefined
      ? ['--initialize-insecure', '']
      : ['--bootstrap', `CREATE DATABASE mysql;\nUSE mysql;\n${await readFile(program.systemTables, 'utf8')}`]
  const log = await open(logFile, 'w', 0o600)
  const [command, ...args] = commandOf(program)
  const child = spawn(command, [...args, ...commonArguments(program, data), argument], {
    stdio: ['pipe', log.fd, log.fd],
    env: loaderVariables(program),
  })
  child.stdin?.on('error', () => {}) // it ended before it had read everything; its exit code says so
  child.stdin?.end(sql)
  const [code] = await once(child, 'close').finally(() => log.close())
  return code === 0
}

/** Removes the halves of data directories that killed runs left. */
export async function removeLeftovers(files: PrivateFiles): Promise<void> {
  for (const name of await readdir(files.folder)) {
    if (name.endsWith('.partial')) await removeFolder(path.join(files.folder, name))
  }
}
