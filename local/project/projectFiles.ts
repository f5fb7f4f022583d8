import fs from 'node:fs'
import path from 'node:path'
import { type Environment, setVariables } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { type EnvFault, type EnvText, readEnvText } from './envText'
import { knownVariables } from './knownVariables'

/** The text of one of the user's files. @throws UserError when it cannot be read */
export function readProjectFile(projectDir: string, file: string): string {
  try {
    return fs.readFileSync(path.resolve(projectDir, file), 'utf8')
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error'
    throw new UserError(`${file} cannot be read (${code}). Put one there: git checkout brings back the project's own.`)
  }
}

/**
 * The variables of `.env` or `.env.local`, as they are written there; undefined when there is no such file.
 * @throws UserError that names each line by which a variable is lost
 */
export function readDotEnv(file: string): Environment | undefined {
  const read = readIfThere(file)
  const errors = read?.faults.filter(({ isError }) => isError) ?? []
  if (errors.length > 0) throw new UserError(errors.map((fault) => tellFault(file, fault)).join('\n'))
  return read?.variables
}

/** What is worth a look in such a file, a sentence each. */
export function dotEnvWarnings(file: string): string[] {
  const warnings = readIfThere(file)?.faults.filter(({ isError }) => !isError) ?? []
  return warnings.map((fault) => tellFault(file, fault))
}

function readIfThere(file: string): EnvText | undefined {
  if (!fs.existsSync(file)) return undefined
  const named = ['s.yaml', 'eventbridge.yaml'].map((name) => path.join(path.dirname(file), name))
  const texts = named.filter((other) => fs.existsSync(other)).map((other) => fs.readFileSync(other, 'utf8'))
  return readEnvText(fs.readFileSync(file), knownVariables(...texts))
}

function tellFault(file: string, { line, name, message }: EnvFault): string {
  return `${path.basename(file)}:${line} ${name === '' ? '' : `${name}: `}${message}`
}

/** The shell's variables before those of a file, as far as they are set, as in parseConfig. */
export function shellFirst(shell: Environment, file: Environment | undefined): Environment {
  return { ...setVariables(file ?? {}), ...setVariables(shell) }
}
