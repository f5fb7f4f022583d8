import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { type Environment, setVariables } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'

/** The text of one of the user's files. @throws UserError when it cannot be read */
export function readProjectFile(projectDir: string, file: string): string {
  try {
    return fs.readFileSync(path.resolve(projectDir, file), 'utf8')
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error'
    throw new UserError(`${file} cannot be read (${code}). Put one there: git checkout brings back the project's own.`)
  }
}

/** The variables of `.env` or `.env.local`, as they are written there; undefined when there is no such file. */
export function readDotEnv(file: string): Environment | undefined {
  return fs.existsSync(file) ? parseEnv(fs.readFileSync(file, 'utf8')) : undefined
}

/** The shell's variables before those of a file, as far as they are set, as in parseConfig. */
export function shellFirst(shell: Environment, file: Environment | undefined): Environment {
  return { ...setVariables(file ?? {}), ...setVariables(shell) }
}
