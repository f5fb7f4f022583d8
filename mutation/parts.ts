import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../shared/userError'

/** What is changed, each in a run of its own, and the tests that should notice: a folder or a file of test/unit each. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'functions/webhook': ['webhook', 'dropFields'],
  'functions/enrich': ['enrich'],
  'functions/reconcile': ['reconcile'],
  'functions/employees': ['employees', 'mapping'],
  shared: ['shared', 'dingtalk', 'dropFields', 'mapping', 'fc'],
  'emulator/pattern': ['emulator/compilePattern', 'emulator/compileRules'],
  'emulator/delivery': [
    ...['dispatcher', 'changeTeller', 'busToBus', 'robotBurst', 'severalBuses', 'retrySchedule'].map(
      (name) => `emulator/${name}`,
    ),
    'emulator/standalone/startEventBridge',
  ],
}

export const partNames = Object.keys(PARTS)

export interface Part {
  /** a folder or a file, from the project on */
  mutate: string
  tests: readonly string[]
}

/** @throws UserError */
export function partNamed(name: string, root: string): Part {
  const mutate = path.relative(root, path.resolve(name)).split(path.sep).join('/')
  const part = partNames.find((folder) => mutate === folder || mutate.startsWith(`${folder}/`))
  const tests = part === undefined ? undefined : PARTS[part]
  if (tests !== undefined && fs.existsSync(path.join(root, mutate))) return { mutate, tests }
  throw new UserError(`There is no ${name} to change. There are, and what is in them: ${partNames.join(', ')}`)
}
