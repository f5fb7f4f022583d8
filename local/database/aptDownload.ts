import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Run } from './run'

/**
 * Downloads packages of Debian or Ubuntu, as any user, without installing them; apt-get checks their signatures.
 *
 * @param work a folder for what apt-get needs meanwhile; the packages come into its `downloads`
 */
export function aptDownload(run: Run, work: string) {
  let update: Promise<Update> | undefined

  /** Fetches the first of the names that there is: they change from release to release. */
  return async (alternatives: readonly string[]): Promise<void> => {
    if (update === undefined) {
      // The machine's lists of packages are mostly fresh. In a container there are none, and this fails at once.
      const failure = await firstOf(alternatives, [])
      if (failure === undefined) return
    }
    update ??= updateLists(run, work)
    const { options, failure: updateFailure } = await update
    const failure = await firstOf(alternatives, options)
    if (failure !== undefined) throw updateFailure ?? failure
  }

  /** @returns undefined, or what went wrong with the first name */
  async function firstOf(alternatives: readonly string[], options: readonly string[]): Promise<Error | undefined> {
    const failures: Error[] = []
    for (const name of alternatives) {
      const failure = await attempt(() => run('apt-get', [...options, 'download', name], path.join(work, 'downloads')))
      if (failure === undefined) return undefined
      failures.push(failure)
    }
    return failures[0]
  }
}
