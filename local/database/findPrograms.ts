import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseOptions } from './database'
import { fetchServer } from './fetchServer'
import { type Candidate, type Flavour, type ServerProgram, tryServer, unpackedServer } from './serverProgram'

interface Known {
  /** whose the data directory is */
  flavour?: Flavour
  /** the program that served it before */
  servedBefore?: Candidate | undefined
}

/**
 * The server programs to try, one after the other: the one that served before, those on the machine, and as the last
 * resort MariaDB out of the system's packages, fetched only when it comes to that.
 *
 * @throws UserError when it comes to that and they cannot be fetched
 */
export async function* findPrograms(
  options: Pick<DatabaseOptions, 'env' | 'packagesDir' | 'report' | 'stopping'>,
  { flavour, servedBefore }: Known = {},
): AsyncGenerator<ServerProgram> {
  const { env, packagesDir } = options
  const installed = await installedServers(env['PATH'])
  for (const candidate of servedBefore === undefined ? installed : [servedBefore, ...installed]) {
    const program = await tryServer(candidate)
    if (program !== undefined && (flavour ?? program.flavour) === program.flavour) yield program
  }
  if (flavour === 'MySQL') return
  yield (await tryServer(unpackedServer(packagesDir))) ?? (await fetchServer(options))
}

/**
 * Every server program that the machine may have, MariaDB's before MySQL's: those on PATH, and where distributions and
 * Homebrew put a server that is on no ordinary user's PATH.
 */
export async function installedServers(pathVariable = ''): Promise<Candidate[]> {
  const folders = [
    ...pathVariable.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/libexec', // Fedora, RHEL
    '/usr/local/mysql/bin', // Oracle's packages
    ...(await homebrewFolders('/opt/homebrew/opt')), // Apple silicon
    ...(await homebrewFolders('/usr/local/opt')), // Intel
  ]
  const binaries = ['mariadbd', 'mysqld'].flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return [...new Set(binaries)].map((binary) => ({ binary, libraryDirs: [] }))
}

/** Homebrew leaves versioned formulae (mariadb@10.11, mysql@8.0) off the PATH. */
async function homebrewFolders(optFolder: string): Promise<string[]> {
  const formulae = await readdir(optFolder).catch(() => [])
  return formulae.filter((name) => /^(mariadb|mysql)(@|$)/.test(name)).map((name) => path.join(optFolder, name, 'bin'))
}
