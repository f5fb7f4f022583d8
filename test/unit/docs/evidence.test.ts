import fs from 'node:fs'
import path from 'node:path'
import { PROJECT, readDocument } from '../../support/documents'

const EVIDENCE = ['SECURITY.md', 'docs/reliability.md']
const filesIn = (line: string) => (line.match(/`[\w.-]+(?:\/[\w.-]+)+\.ts`/g) ?? []).map((code) => code.slice(1, -1))

test.each(EVIDENCE)('every file that %s names is there', (name) => {
  const files = filesIn(readDocument(name).text)
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter((file) => !fs.existsSync(path.join(PROJECT, file)))).toEqual([])
})

/** The rows of the table with this column first. */
function rowsOf(name: string, column: string): string[] {
  return (readDocument(name).text.split(`| ${column} |`)[1] ?? '').split('\n\n')[0]?.split('\n').slice(2) ?? []
}

const claims = [...rowsOf('SECURITY.md', 'attack'), ...rowsOf('docs/reliability.md', 'promise')]

test.each(claims.map((line) => [line.split('|')[1]?.trim(), line]))('a test shows: %s', (_, line) => {
  const tests = filesIn(line.split('|').at(-2) ?? '')
  expect(tests.filter((file) => /^test\/.*\.test\.ts$/.test(file))).toEqual(tests)
  expect(tests).not.toEqual([])
})

test('README and the document about the network lead to SECURITY.md', () => {
  for (const name of ['README.md', 'docs/network-and-security.md'])
    expect(readDocument(name).text).toContain('SECURITY.md)')
})
