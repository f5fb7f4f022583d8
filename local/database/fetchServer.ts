import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Environment } from '../../shared/config'
import { UserError } from '../../shared/userError'
import { aptDownload, aptFailure, type Run, runIn } from './aptDownload'
import { fillPackagesFolder } from './packagesFolder'
import { loaderVariables, type ServerProgram, tryServer, unpackedServer } from './serverProgram'

interface FetchOptions {
  packagesDir: string
  env: Environment
  report(line: string): void
  stopping?: AbortSignal
  /** names the distribution; https://www.freedesktop.org/software/systemd/man/os-release.html */
  osRelease?: string
}

/**
 * MariaDB out of the packages of Debian or Ubuntu, fetched and unpacked, not installed: any user may do that.
 * @throws UserError elsewhere, and when it cannot be fetched
 */
export async function fetchServer(options: FetchOptions): Promise<ServerProgram> {
  const { packagesDir, env, stopping, osRelease = '/etc/os-release' } = options
  const run = runIn(env, stopping)
  if (!(await hasPackages(run, osRelease))) {
    throw new UserError(`No usable MariaDB or MySQL was found, and none can be fetched on this system. ${waysOut()}.`)
  }
  try {
    await fillPackagesFolder(packagesDir, {
      fill: (work, unpacked) => unpackServer(options, work, unpacked),
      isUsable: async (folder) => (await tryServer(unpackedServer(folder))) !== undefined,
    })
    const program = await tryServer(unpackedServer(packagesDir))
    if (program === undefined) throw new Error('the fetched server does not run on this machine')
    return program
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`MariaDB could not be fetched: ${aptFailure(error)}. ${waysOut()}.`)
  }
}

async function hasPackages(run: Run, osRelease: string): Promise<boolean> {
  const text = await readFile(osRelease, 'utf8').catch(() => '')
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(text)) return false
  const tools = ['apt-get', 'dpkg-deb'].map((tool) => run(tool, ['--version'], '/'))
  return (await Promise.allSettled(tools)).every(({ status }) => status === 'fulfilled')
}

/** The server and, for the person who wants to look into the database, the client; before MariaDB 10.11 with a version. */
const MARIADB_PACKAGES = ['', '-10.6', '-10.5'].map((version) => [
  `mariadb-server-core${version}`,
  `mariadb-client-core${version}`,
])

async function unpackServer({ env, report, stopping }: FetchOptions, work: string, unpacked: string): Promise<void> {
  const run = runIn(env, stopping)
  const downloads = path.join(work, 'downloads')
  await mkdir(downloads, { recursive: true })
  report("fetching MariaDB from the system's packages (about 10 MB) …")
  const download = aptDownload(run, downloads, work)
  const unpack = async (sets: readonly string[][]) => {
    await download(sets)
    for (const file of await readdir(downloads)) {
      await run('dpkg-deb', ['--extract', file, unpacked], downloads)
      await rm(path.join(downloads, file))
    }
  }
  await unpack(MARIADB_PACKAGES)
  const server = unpackedServer(unpacked)
  const runWithItsLibraries = runIn({ ...env, ...loaderVariables(server) }, stopping)
  let before = ''
  for (;;) {
    const missing = await missingLibraries(runWithItsLibraries, server.binary)
    if (missing.length === 0) return
    if (missing.join() === before) throw new Error(`no package brings ${before}`)
    before = missing.join()
    await unpack(packagesOf(missing)) // which may lack others in turn
  }
}

/**
 * The packages of the libraries that a bare machine may lack, by their names until 2023 and since (Debian 13, Ubuntu
 * 24.04). What else MariaDB links is there wherever apt-get is.
 */
const PACKAGES: Record<string, readonly [older: string, newer?: string]> = {
  'libaio.so.1': ['libaio1', 'libaio1t64'],
  'libaio.so.1t64': ['libaio1t64'],
  'libnuma.so.1': ['libnuma1'],
  'liburing.so.1': ['liburing1'],
  'liburing.so.2': ['liburing2'],
  'libssl.so.3': ['libssl3', 'libssl3t64'],
  'libcrypto.so.3': ['libssl3', 'libssl3t64'],
  'libsnappy.so.1': ['libsnappy1v5'],
  'libpmem.so.1': ['libpmem1'],
  'libndctl.so.6': ['libndctl6'],
  'libdaxctl.so.1': ['libdaxctl1'],
}

/** The libraries, by their sonames, that the loader does not find for a program. */
export async function missingLibraries(run: Run, binary: string): Promise<string[]> {
  const output = await run('ldd', [binary], '/')
  return [...output.matchAll(/^\s*(\S+) => not found$/gm)].map(([, soname = '']) => soname)
}

/**
 * @returns the packages by their older names, and by their newer ones
 * @throws UserError for a library that we know no package of
 */
export function packagesOf(sonames: readonly string[]): [string[], string[]] {
  const packages = sonames.map((soname) => {
    const names = PACKAGES[soname]
    if (names !== undefined) return names
    throw new UserError(`MariaDB was fetched, but this machine lacks its library ${soname}. ${waysOut()}.`)
  })
  const older = new Set(packages.map(([name]) => name))
  const newer = new Set(packages.map(([name, newerName = name]) => newerName))
  return [[...older], [...newer]]
}

/** What a person can do when no database can be had by ourselves; the end of an error's one line. */
export function waysOut(platform: string = process.platform): string {
  const install = platform === 'linux' ? 'sudo apt-get install mariadb-server' : 'brew install mariadb'
  return (
    `Ways out: \`${install}\` (or any package of MariaDB or MySQL); or ` +
    '`docker run -d -p 127.0.0.1:3306:3306 -e MARIADB_ROOT_PASSWORD=local mariadb:10.11` with ' +
    'MYSQL_HOST=127.0.0.1 MYSQL_PORT=3306 MYSQL_USER=root MYSQL_PASSWORD=local; or MYSQL_HOST and the other MYSQL_* of ' +
    'a server of your own'
  )
}
