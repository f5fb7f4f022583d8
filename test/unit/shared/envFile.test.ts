import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { readEnvFile, writeEnvFile } from '../../../shared/envFile'
import { temporaryFolder } from '../../support/temporaryFolder'

const file = path.join(temporaryFolder(), 'env')

const values = {
  PLAIN: 'http://127.0.0.1:8080',
  SPACE: 'a b',
  DOLLAR: '$HOME `id` "x" \\',
  QUOTE: "it's",
  QUOTES: `''"\\'`,
  LINES: 'a\nEMPTY=b\n',
  EMPTY: '',
}

test('a shell reads what was written, and so do we', () => {
  writeEnvFile(file, values)
  const script = `. '${file}'; for name in ${Object.keys(values).join(' ')}; do eval "printf '%s;' \\"\\$$name\\""; done`
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(`${Object.values(values).join(';')};`)
  expect(readEnvFile(file)).toEqual(values)
})

test('we read any value as it was written', () => {
  const value = fc
    .array(fc.constantFrom("'", '\\', '"', '\n', '=', '#', ' ', 'a', '$', '小'))
    .map((all) => all.join(''))
  fc.assert(
    fc.property(value, value, (A, B) => {
      writeEnvFile(file, { A, B })
      expect(readEnvFile(file)).toEqual({ A, B })
    }),
  )
})

test('only its owner may read it', () => {
  writeEnvFile(file, values)
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
})
