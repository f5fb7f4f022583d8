import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { removeEnvFile, writeEnvFile } from '../../../local/envFile'
import { temporaryFolder } from '../../support/temporaryFolder'

const file = path.join(temporaryFolder(), 'env')

const values = {
  PLAIN: 'http://127.0.0.1:8080',
  SPACE: 'a b',
  DOLLAR: '$HOME `id` "x" \\',
  QUOTE: "it's",
  EMPTY: '',
}

test('a shell reads what was written', () => {
  writeEnvFile(file, values)
  const script = `. '${file}'; for name in PLAIN SPACE DOLLAR QUOTE EMPTY; do eval "printf '%s\\n' \\"\\$$name\\""; done`
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n')).toEqual([...Object.values(values), ''])
})

test('node reads it too, and nobody else may', () => {
  const { QUOTE, ...rest } = values
  writeEnvFile(file, rest)
  expect(parseEnv(fs.readFileSync(file, 'utf8'))).toEqual(rest)
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  expect(QUOTE).toBeDefined()
})

test('removing it twice is fine', () => {
  removeEnvFile(file)
  removeEnvFile(file)
  expect(fs.existsSync(file)).toBe(false)
})
