import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '../../shared/config'
import { errorMessage } from '../../shared/errorCode'

/**
 * Downloads packages of Debian or Ubuntu without installing them, as any user; apt-get checks their signatures.
 *
 * @param folder receives the packages
 * @param work is for apt-get's own files when it may not write the system's
 * @returns what fetches the first of several sets that there is: packages change their names between releases
 */
export function aptDownload(run: Run, folder: string, work: string): (sets: readonly string[][]) => Promise<void> {
  const options = ['-o', 'Acquire::Retries=1']
  let isUpdated = false
  let updateFailure: unknown

  const downloadFirst = async (sets: readonly string[][]) => {
    let failure: unknown
    for (const names of sets) {
      try {
        await run('apt-get', [...options, 'download', ...names], folder)
        return
      } catch (error) {
        failure ??= error
      }
    }
    throw updateFailure ?? failure
  }

  const update = async () => {
    isUpdated = true
    if (process.getuid?.() !== 0) {
      const lists = path.join(work, 'lists')
      const cache = path.join(work, 'cache')
      await mkdir(path.join(lists, 'partial'), { recursive: true })
      await mkdir(path.join(cache, 'archives', 'partial'), { recursive: true })
      options.push('-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`)
    }
    try {
      // without this option, an update that reached no server counts as a success
      await run('apt-get', [...options, '-o', 'APT::Update::Error-Mode=any', 'update'], folder)
    } catch (error) {
      updateFailure = error // not the end: one source of many may be down
    }
  }

  return async (sets) => {
    if (!isUpdated) {
      try {
        return await downloadFirst(sets)
      } catch {
        await update() // the lists are old, or in a container missing
      }
    }
    await downloadFirst(sets)
  }
}

/**
 * Why apt-get or dpkg-deb failed, in one line. Their errors begin with "E:" or their own name; the line above them is
 * our own command.
 */
export function aptFailure(error: unknown): string {
  const lines = errorMessage(error).split('\n')
  const line = lines.find((text) => /^(E|dpkg-deb): /.test(text)) ?? lines[0] ?? ''
  return line.replace(/^E: /, '').replace(/\.?\s*$/, '')
}

/** Runs a command in a folder to its end and gives its output. Its error carries what the command wrote. */
export type Run = (command: string, args: readonly string[], folder: string) => Promise<string>

/**
 * Commands speak English here, whatever the person speaks: their output is read.
 * @param stopping ends the command that runs, and lets no other begin
 */
export function runIn(env: Environment, stopping?: AbortSignal): Run {
  return async (command, args, folder) => {
    // execFile would start it all the same, and end it a moment later
    stopping?.throwIfAborted()
    const options = { cwd: folder, env: { ...env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024, signal: stopping }
    return (await promisify(execFile)(command, [...args], options)).stdout
  }
}
