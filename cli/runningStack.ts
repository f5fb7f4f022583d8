import fs from 'node:fs'
import path from 'node:path'
import { readEnvFile } from '../local/envFile'
import { readSettings } from '../local/settings'
import type { Environment } from '../shared/config'
import { UserError } from '../shared/userError'

const PROJECT = path.join(__dirname, '..')

/** What the local stack that runs wrote into its env file when it was ready; empty when none runs. */
export function runningStack(
  projectDir: string = PROJECT,
  shell: Environment = process.env,
): Readonly<Record<string, string>> {
  const { localDir } = readSettings(projectDir, shell, { external: true })
  const file = path.join(localDir, 'env')
  return fs.existsSync(file) ? readEnvFile(file) : {}
}

/** The same, where nothing can be done without it. @throws UserError when none runs */
export function requireStack(projectDir?: string, shell?: Environment): Readonly<Record<string, string>> {
  const stack = runningStack(projectDir, shell)
  if (stack['ORIGIN'] !== undefined) return stack
  throw new UserError('No local stack is running. Start one: npm start')
}
