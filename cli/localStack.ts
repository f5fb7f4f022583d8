import fs from 'node:fs'
import path from 'node:path'
import { readSettings, type Settings } from '../local/project/settings'
import { keysOf } from '../local/stack/testKeys'
import { type Environment, setVariables } from '../shared/config'
import { readEnvFile } from '../shared/envFile'
import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'
import { ROOT } from './project'

/** As `npm start` reads them, but for a command that starts nothing: they may name a database on another machine. */
export function localSettings(projectDir: string = ROOT, shell: Environment = process.env): Settings {
  return readSettings(projectDir, shell, { external: true })
}

/** The folder of `npm run eventbridge`, laid out as that of `npm start`, and within it. */
export function aloneDir({ localDir }: Pick<Settings, 'localDir'>): string {
  return path.join(localDir, 'eventbridge-alone')
}

/** What the local stack that runs wrote into its env file when it was ready; empty when none runs. */
export function runningStack(projectDir?: string, shell?: Environment): Readonly<Record<string, string>> {
  return envOf(runningDir(projectDir, shell))
}

/** The folder of what runs: the local stack's, else that of `npm run eventbridge`; LOCAL_DIR where neither runs. */
export function runningDir(projectDir?: string, shell?: Environment): string {
  const settings = localSettings(projectDir, shell)
  const isRunning = (folder: string) => envOf(folder)['ORIGIN'] !== undefined
  return [settings.localDir, aloneDir(settings)].find(isRunning) ?? settings.localDir
}

/** Whether what runs is an EventBridge alone, without functions and a database. */
export function isAlone(projectDir?: string, shell?: Environment): boolean {
  const { ORIGIN, MYSQL_HOST } = runningStack(projectDir, shell)
  return ORIGIN !== undefined && MYSQL_HOST === undefined
}

function envOf(folder: string): Readonly<Record<string, string>> {
  const file = path.join(folder, 'env')
  return fs.existsSync(file) && !hasDied(folder) ? readEnvFile(file) : {}
}

/** One that was killed took nothing back. Of another container's process nothing is known: there it may be number 1. */
function hasDied(localDir: string): boolean {
  const file = path.join(localDir, 'pid')
  const pid = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0
  if (!Number.isInteger(pid) || pid <= 1) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    // EPERM: it is there, and another user's
    return errorCode(error) === 'ESRCH'
  }
}

/**
 * The variables of the functions of the local stack: what the stack that runs says of itself goes before the user's, but
 * for keys that the shell names for this one command.
 */
export function stackEnvironment(projectDir?: string, shell: Environment = process.env): Environment {
  const { environment } = localSettings(projectDir, shell)
  return { ...environment, ...runningStack(projectDir, shell), ...keysOf(shell) }
}

/**
 * Whether commands work on the running local stack: the shell's MYSQL_* name no database, or that of the stack, as after
 * `. .local/env`.
 */
export function isOnLocalStack(projectDir?: string, shell: Environment = process.env): boolean {
  const set = setVariables(shell)
  if (set['MYSQL_HOST'] === undefined) return true
  const stack = runningStack(projectDir, shell)
  return ['MYSQL_HOST', 'MYSQL_PORT', 'MYSQL_DATABASE'].every((name) => set[name] === stack[name])
}

/** What runningStack gives, where nothing can be done without it. @throws UserError when none runs */
export function requireStack(projectDir?: string, shell?: Environment): Readonly<Record<string, string>> {
  const stack = runningStack(projectDir, shell)
  if (stack['ORIGIN'] !== undefined) return stack
  throw noStack('', projectDir, shell)
}

/**
 * What every command says that cannot do without a stack.
 * @param otherwise what would do, too: a sentence
 */
export function noStack(otherwise: string, projectDir?: string, shell?: Environment): UserError {
  const { localDir } = localSettings(projectDir, shell)
  const folder = path.relative(process.cwd(), localDir)
  const sentence = `No local stack is running in ${folder.startsWith('..') ? localDir : folder}. Start one in another terminal: npm start`
  return new UserError(otherwise === '' ? sentence : `${sentence}\n${otherwise}`)
}
