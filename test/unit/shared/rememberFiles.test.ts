import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { rememberFiles } from '../../../shared/rememberFiles'

let folder: string
let files: string[]

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'remember-'))
  files = ['a', 'b'].map((name) => path.join(folder, name))
  for (const file of files) fs.writeFileSync(file, 'x')
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

test.each<[string, (file: string) => void, isAnother: boolean]>([
  ['nothing happened to', () => {}, false],
  ['was written to', (file) => fs.appendFileSync(file, 'y'), false],
  ['was removed', (file) => fs.rmSync(file), true],
  [
    'another was put in the place of',
    (file) => {
      fs.writeFileSync(`${file}.new`, 'x')
      fs.renameSync(`${file}.new`, file)
    },
    true,
  ],
])('a file that %s', (_, happen, isAnother) => {
  const changed = rememberFiles(files)
  for (const file of files) {
    happen(file)
    expect(changed()).toBe(isAnother ? files[0] : undefined)
  }
})

test('the second of them alone', () => {
  const changed = rememberFiles(files)
  fs.rmSync(String(files[1]))
  expect(changed()).toBe(files[1])
})

test('one that comes about later, where there was none', () => {
  const late = path.join(folder, 'late')
  const changed = rememberFiles([late])
  expect(changed()).toBeUndefined()
  fs.writeFileSync(late, 'x')
  expect(changed()).toBe(late)
})
