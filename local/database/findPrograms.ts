import type { DatabaseOptions } from './database'
import { fetchServer } from './fetchServer'
import {
  type Candidate,
  type Flavour,
  installedServers,
  type ServerProgram,
  tryServer,
  unpackedServer,
} from './serverProgram'

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
