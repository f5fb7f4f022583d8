import fs from 'node:fs'
import { parseEnv } from 'node:util'
import { type Environment, setVariables } from '../shared/config'

/** The variables of `.env` or `.env.local`, as they are written there; undefined when there is no such file. */
export function readDotEnv(file: string): Environment | undefined {
  return fs.existsSync(file) ? parseEnv(fs.readFileSync(file, 'utf8')) : undefined
}

/** The shell's variables before those of a file, as far as they are set, as in parseConfig. */
export function shellFirst(shell: Environment, file: Environment | undefined): Environment {
  return { ...setVariables(file ?? {}), ...setVariables(shell) }
}
