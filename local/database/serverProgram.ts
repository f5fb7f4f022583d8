import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

export type Flavour = 'MariaDB' | 'MySQL'

/** Where a server program may be. */
export interface Candidate {
  binary: string
  /** folders of libraries that were unpacked with it and that the system's loader does not know */
  libraryDirs: string[]
  /** the loader that was unpacked with them, where the system's is too old for them */
  loader?: string
}

/** A server program that runs here. */
export interface ServerProgram extends Candidate {
  flavour: Flavour
  /** the SQL file that makes the system tables; Oracle's MySQL has it inside the program */
  systemTables?: string
}

/** The server of packages that were unpacked, not installed, under a folder. */
export function unpackedServer(packagesDir: string): Candidate {
  const libraryDirs = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((architecture) => [
    path.join(packagesDir, 'usr/lib', architecture),
    path.join(packagesDir, 'lib', architecture), // packages from before /lib became /usr/lib
  ])
  return { binary: path.join(packagesDir, 'usr/sbin/mariadbd'), libraryDirs }
}

/** Runs it for its version: that also shows whether it is whole and finds its libraries. */
export async function tryServer(candidate: Candidate): Promise<ServerProgram | undefined> {
  // an `mysqld` may be a link to a `mariadbd`, and the share folder lies beside the real one
  const binary = await realpath(candidate.binary).catch(() => undefined)
  if (binary === undefined) return undefined
  const program = { ...candidate, binary }
  const [command, ...args] = commandOf(program)
  const options = { env: loaderVariables(program) }
  const version = await promisify(execFile)(command, [...args, '--no-defaults', '--version'], options)
    .then(({ stdout }) => stdout)
    .catch(() => undefined)
  if (version === undefined) return undefined
  if (!version.includes('MariaDB')) return { ...program, flavour: 'MySQL' }
  const systemTables = findSystemTables(binary)
  return systemTables === undefined ? undefined : { ...program, flavour: 'MariaDB', systemTables }
}

/** Named mysql_… up to MariaDB 10.11, mariadb_… since; the folder differs between distributions. */
function findSystemTables(binary: string): string | undefined {
  const names = ['mariadb_system_tables.sql', 'mysql_system_tables.sql']
  const places = ['mariadb', 'mysql', '.'].flatMap((folder) => names.map((name) => path.join('../share', folder, name)))
  return places.map((place) => path.join(path.dirname(binary), place)).find(existsSync)
}

/** What runs the program, before the program's own arguments. */
export function commandOf({ binary, libraryDirs, loader }: Candidate): [string, ...string[]] {
  return loader === undefined ? [binary] : [loader, '--library-path', libraryDirs.join(':'), binary]
}

/** The whole environment of the program: it needs no more, and what the shell holds is none of its business. */
export function loaderVariables({ libraryDirs, loader }: Candidate): Record<string, string> {
  // with a loader of its own they are among its arguments: a C library of another release breaks whatever else is run
  return libraryDirs.length > 0 && loader === undefined ? { LD_LIBRARY_PATH: libraryDirs.join(':') } : {}
}

/**
 * What a private server is told both when its data directory is made and when it runs. `--no-defaults` must come first;
 * with it no option file of the machine has a say.
 */
export function commonArguments(program: ServerProgram, data: string): string[] {
  const base = path.join(path.dirname(program.binary), '..')
  return [
    '--no-defaults',
    dataDirArgument(data),
    // a folder of its own: a server that starts deletes what temporary tables it finds, another server's in /tmp included
    `--tmpdir=${path.dirname(data)}`,
    // Both refuse to run as root unless told to. Another user would need to reach the data directory, and a project
    // often lies in a home that is closed to others. The server listens on loopback only, with a password of its own.
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ...(program.flavour === 'MariaDB'
      ? [
          // from the base it derives where its messages and character sets are
          `--basedir=${base}`,
          // written in full when the directory is made: the default is ten times as much
          '--innodb-log-file-size=10M',
        ]
      : [
          // a second protocol, on a port of its own
          '--mysqlx=OFF',
          // by default a folder of the system's, which need not be there nor be ours
          '--secure-file-priv=NULL',
          ...(program.loader === undefined ? [] : unpackedPlaces(base)),
        ]),
    '--innodb-buffer-pool-size=64M',
  ]
}

/** Where MySQL is compiled to look is where its packages would be installed. */
function unpackedPlaces(base: string): string[] {
  return [`--basedir=${base}`, `--lc-messages-dir=${base}/share/mysql`, `--plugin-dir=${base}/lib/mysql/plugin`]
}

/** By this argument a running server is recognised as one of this data directory. */
export function dataDirArgument(data: string): string {
  return `--datadir=${data}`
}
