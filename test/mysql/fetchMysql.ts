import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { aptFailure, runIn } from '../../local/database/aptDownload'
import { fillPackagesFolder } from '../../local/database/packagesFolder'
import { commandOf, type ServerProgram } from '../../local/database/serverProgram'
import type { Environment } from '../../shared/config'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { downloadFromSid } from './downloadFromSid'

/** By architecture: the loader, by its place among the unpacked files, and the libraries' folder. */
const LOADERS = [
  ['usr/lib64/ld-linux-x86-64.so.2', 'usr/lib/x86_64-linux-gnu'],
  ['usr/lib/ld-linux-aarch64.so.1', 'usr/lib/aarch64-linux-gnu'],
] as const

interface FetchOptions {
  packagesDir: string
  env: Environment
  report(line: string): void
  stopping?: AbortSignal
}

/**
 * Oracle's MySQL out of the packages of Debian's sid, unpacked, not installed. No release of Debian has it, and sid's
 * libraries are newer than theirs: they come with it, the C library and its loader included.
 *
 * @throws UserError when it cannot be had from here, or when sid's packages do not fit each other today
 */
export async function fetchMysql(options: FetchOptions): Promise<ServerProgram> {
  const { packagesDir, report } = options
  if (!(await runs(packagesDir))) {
    await fillPackagesFolder(packagesDir, { fill: (work, unpacked) => unpack(options, work, unpacked), isUsable: runs })
  }
  const program = unpackedMysql(packagesDir)
  report(`MySQL ${await versionOf(program)}, out of Debian's packages (${packagesDir})`)
  return program
}

async function unpack({ env, report, stopping }: FetchOptions, work: string, unpacked: string): Promise<void> {
  const run = runIn(env, stopping)
  await mkdir(work)
  const downloads = await downloadFromSid(run, 'mysql-server-core', work, report).catch((error: unknown) => {
    stopping?.throwIfAborted()
    throw new UserError(`MySQL could not be downloaded: ${aptFailure(error)}.`)
  })
  report('unpacking them …')
  for (const name of await readdir(downloads)) {
    if (name.endsWith('.deb')) await run('dpkg-deb', ['--extract', name, unpacked], downloads)
  }
}

/** The server among the unpacked files. */
export function unpackedMysql(packagesDir: string): ServerProgram {
  const binary = path.join(packagesDir, 'usr/sbin/mysqld')
  const place = LOADERS.find(([loader]) => existsSync(path.join(packagesDir, loader)))
  if (place === undefined || !existsSync(binary))
    throw new Error(`there is no mysqld with its loader in ${packagesDir}`)
  const [loader, libraries] = place.map((name) => path.join(packagesDir, name)) as [string, string]
  return { binary, loader, libraryDirs: [libraries], flavour: 'MySQL' }
}

async function runs(packagesDir: string): Promise<boolean> {
  try {
    await versionOf(unpackedMysql(packagesDir))
    return true
  } catch {
    return false // it is not there, or not whole, or the machine is another one than it was
  }
}

/** @throws UserError when the libraries do not fit the program, each other, or the machine */
async function versionOf(program: ServerProgram): Promise<string> {
  const [command, ...args] = commandOf(program)
  // what a library lacks shows at once, and not at its first use
  const run = runIn({ LD_BIND_NOW: '1' })
  const output = await run(command, [...args, '--no-defaults', '--version'], '/').catch((error: unknown) => {
    const line = errorMessage(error)
      .split('\n')
      .find((text) => UNFIT.test(text))
    throw line === undefined ? error : new UserError(`MySQL's packages do not fit each other today: ${line.trim()}`)
  })
  return /Ver (\S+)/.exec(output)?.[1] ?? output
}

/** What a loader says of libraries that do not fit. */
const UNFIT = /error while loading shared libraries|symbol lookup error|version `.*' not found|FATAL: kernel too old/
