import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'

/** What the local stack that runs wrote into its env file when it was ready; empty when none runs. */
export function runningStack(): Readonly<Record<string, string>> {
  const file = path.resolve(__dirname, '..', process.env['LOCAL_DIR'] ?? '.local', 'env')
  return fs.existsSync(file) ? (parseEnv(fs.readFileSync(file, 'utf8')) as Record<string, string>) : {}
}
