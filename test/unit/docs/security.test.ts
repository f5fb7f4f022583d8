import fs from 'node:fs'
import path from 'node:path'
import { PROJECT, readDocument } from '../../support/documents'

const { text } = readDocument('SECURITY.md')
const attacks = (text.split('| attack |')[1] ?? '').split('\n\n')[0]?.split('\n').slice(2) ?? []
const filesIn = (line: string) => (line.match(/`[\w.-]+(?:\/[\w.-]+)+\.ts`/g) ?? []).map((code) => code.slice(1, -1))

test('every file that SECURITY.md names is there', () => {
  expect(filesIn(text).length).toBeGreaterThan(20)
  expect(filesIn(text).filter((file) => !fs.existsSync(path.join(PROJECT, file)))).toEqual([])
})

test.each(attacks.map((line) => [line.split('|')[1]?.trim(), line]))('a test shows: %s', (_, line) => {
  const tests = filesIn(line.split('|').at(-2) ?? '')
  expect(tests.filter((file) => /^test\/.*\.test\.ts$/.test(file))).toEqual(tests)
  expect(tests).not.toEqual([])
})

test('README and the document about the network lead to it', () => {
  for (const name of ['README.md', 'docs/network-and-security.md'])
    expect(readDocument(name).text).toContain('SECURITY.md)')
})
