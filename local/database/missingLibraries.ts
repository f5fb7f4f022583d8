import { UserError } from '../../shared/userError'
import type { Run } from './run'
import { waysOut } from './waysOut'

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
