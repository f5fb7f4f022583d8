import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { readDotEnv, readProjectFile, shellFirst } from '../../local/project/projectFiles'
import { readServerlessFile } from '../../local/project/serverlessFile'
import { type Environment, setVariables } from '../../shared/config'
import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { findProblems } from '../checkEnvironment/findProblems'
import { notForTheCloud } from '../checkEnvironment/notForTheCloud'
import { readAsServerlessDevs } from '../checkEnvironment/readAsServerlessDevs'
import { setVariable } from './dotEnvText'

/** What has been answered so far: .env, and what the shell sets, which goes before it. */
export interface Answers {
  environment(): Environment
  inShell(name: string): boolean
  /** what check:environment would say of this value, with all the others as they are; undefined when it is content */
  problem(name: string, value: string): string | undefined
  /** writes it into .env, at once */
  keep(name: string, value: string): void
  /** whether an earlier run, or a person, has begun: .env has what the example has not */
  areBegun: boolean
  /** whether only what is missing or wrong is asked for */
  onlyLacking: boolean
  /** whether anything has been written */
  areKept(): boolean
}

/** @throws UserError when a file of the project cannot be read, or .env has lines that nobody can read */
export function openAnswers(root: string, shell: Environment): Answers {
  const file = path.join(root, '.env')
  const example = readProjectFile(root, '.env.example')
  const functions = readServerlessFile(readProjectFile(root, 's.yaml'))
  const certificates = path.join(root, 'certs')
  // read each time: somebody may have it open in an editor meanwhile
  const text = () => readDotEnvText(file) ?? example
  text()
  // lines by which a variable is lost: what is written beside them would not be what is read
  readDotEnv(file)
  const fromShell = setVariables(shell)
  let kept = false

  function problemsWith(name: string, value: string): string[] {
    try {
      const dotEnvText = setVariable(text(), name, value, example)
      const sources = { dotEnv: parseEnv(dotEnvText), dotEnvText, shell }
      const problems = findProblems({ ...sources, functions, certificates })
      return [...problems, ...notForTheCloud(readAsServerlessDevs(sources), [])]
    } catch (error) {
      if (error instanceof UserError) return [error.message]
      throw error
    }
  }

  return {
    areBegun: differs(readDotEnvText(file) ?? example, example),
    onlyLacking: false,
    environment: () => shellFirst(shell, parseEnv(text())),
    inShell: (name) => fromShell[name] !== undefined,
    areKept: () => kept,
    problem: (name, value) => problemsWith(name, value).find((problem) => problem.startsWith(`${name}: `)),
    keep(name, value) {
      writeSecretly(file, setVariable(text(), name, value, example))
      kept = true
    },
  }
}

function differs(text: string, example: string): boolean {
  const usual = parseEnv(example)
  return Object.entries(parseEnv(text)).some(([name, value]) => value !== '' && value !== usual[name])
}

/** @throws UserError */
function readDotEnvText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw new UserError(`.env cannot be read (${errorCode(error)}).`)
  }
}

/** In one step, and for its owner only: a crash leaves the old file or the new one. A link stays one. @throws UserError */
function writeSecretly(file: string, text: string): void {
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`
  try {
    fs.writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    fs.renameSync(temporary, target)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw new UserError(`.env cannot be written (${errorCode(error)}).`)
  }
}
