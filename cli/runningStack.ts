import fs from 'node:fs'
import path from 'node:path'
import { readEnvFile } from '../local/envFile'
import { readSettings } from '../local/settings'

/** What the local stack that runs wrote into its env file when it was ready; empty when none runs. */
export function runningStack(
  projectDir: string = path.join(__dirname, '..'),
  shell: NodeJS.Dict<string> = process.env,
): Readonly<Record<string, string>> {
  const { localDir } = readSettings(projectDir, shell, { external: true })
  const file = path.join(localDir, 'env')
  return fs.existsSync(file) ? readEnvFile(file) : {}
}
