import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Environment } from '../../shared/config'

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
