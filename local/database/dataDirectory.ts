import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/userError'
import { type Flavour, loaderVariables, type ServerProgram } from './findServer'
import type { PrivateFiles } from './privateFiles'
import { commonArguments } from './serverArguments'
import { lastError } from './serverLog'

/** Whose data directory it is: the other server cannot read it. Undefined when there is none yet. */
export async function flavourOf(data: string): Promise<Flavour | undefined> {
  const names = await readdir(data).catch(() => undefined)
  if (names === undefined) return undefined
  return names.includes('aria_log_control') ? 'MariaDB' : 'MySQL'
}

/**
 * Makes the data directory under another name and renames it when it is complete, so that a kill in the middle leaves
 * no half of one. It holds no account yet but MySQL's root; the first start makes ours before it takes connections.
 *
 * @throws UserError
 */
export async function makeDataDirectory(program: ServerProgram, files: PrivateFiles): Promise<void> {
  await removeLeftovers(files)
  // a name never used before: of a killed run, a server may still be at work in its own
  const partial = `${files.data}.${randomUUID()}.partial`
  await mkdir(partial, { mode: 0o700 })
  const [argument, sql] =
    program.systemTables === undefined
      ? ['--initialize-insecure', '']
      : ['--bootstrap', `CREATE DATABASE mysql;\nUSE mysql;\n${await readFile(program.systemTables, 'utf8')}`]

  const log = await open(files.log, 'w', 0o600)
  const child = spawn(program.binary, [...commonArguments(program, partial), argument], {
    stdio: ['pipe', log.fd, log.fd],
    env: loaderVariables(program),
  })
  child.stdin.on('error', () => {}) // it ended before it read everything; its exit code says so
  child.stdin.end(sql)
  const [code] = await once(child, 'close').finally(() => log.close())
  if (code !== 0) {
    throw new UserError(
      `${program.flavour} could not prepare ${files.data}: ${await lastError(files.log)} (log: ${files.log}). To use a server of your own, set MYSQL_HOST.`,
    )
  }
  await rename(partial, files.data)
}

async function removeLeftovers(files: PrivateFiles): Promise<void> {
  for (const name of await readdir(files.folder)) {
    if (!name.endsWith('.partial')) continue
    await rm(path.join(files.folder, name), { recursive: true, force: true, maxRetries: 10 })
  }
}
