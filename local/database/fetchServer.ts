import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Environment } from '../../shared/config'
import { UserError } from '../../shared/userError'
import { aptDownload, aptFailure } from './aptDownload'
import { missingLibraries, packagesOf } from './missingLibraries'
import { fillPackagesFolder } from './packagesFolder'
import { type Run, runIn } from './run'
import { loaderVariables, type ServerProgram, tryServer, unpackedServer } from './serverProgram'
import { waysOut } from './waysOut'

/** The server and, for the person who wants to look into the database, the client; before MariaDB 10.11 with a version. */
const MARIADB_PACKAGES = ['', '-10.6', '-10.5'].map((version) => [
  `mariadb-server-core${version}`,
  `mariadb-client-core${version}`,
])

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
