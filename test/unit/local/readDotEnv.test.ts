import fs from 'node:fs'
import path from 'node:path'
import { readDotEnv, shellFirst } from '../../../local/project/projectFiles'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()

test('a file is read as it is written; none is undefined', () => {
  const file = path.join(folder, '.env')
  expect(readDotEnv(file)).toBeUndefined()
  fs.writeFileSync(file, '# where\nA="b # $c"\nEMPTY=\n')
  expect(readDotEnv(file)).toEqual({ A: 'b # $c', EMPTY: '' })
})

test.each([
  ['of the shell alone', { A: 'shell' }, undefined, { A: 'shell' }],
  ['of the file alone', {}, { A: 'file' }, { A: 'file' }],
  ['of both', { A: 'shell' }, { A: 'file' }, { A: 'shell' }],
  ['that is empty in the shell', { A: '' }, { A: 'file' }, { A: 'file' }],
  ['that is undefined in the shell', { A: undefined }, { A: 'file' }, { A: 'file' }],
  ['that is blank in the shell', { A: ' \n' }, { A: 'file' }, { A: 'file' }],
  ['with blanks at its ends', { A: ' shell\n' }, { B: '\tfile ' }, { A: 'shell', B: 'file' }],
  ['whose blanks may be meant', { MYSQL_PASSWORD: ' p ' }, {}, { MYSQL_PASSWORD: ' p ' }],
  ['that is empty in the file', {}, { A: '' }, {}],
])('a variable %s', (_, shell, file, expected) => {
  expect(shellFirst(shell, file)).toStrictEqual(expected)
})
