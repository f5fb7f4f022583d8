import { type Document, readDocument } from '../../support/documents'

const [english, chinese] = [readDocument('README.md'), readDocument('README.zh-CN.md')]

const levels = ({ text }: Document) => (text.match(/^#+(?= )/gm) ?? []).map((marks) => marks.length)
const rows = ({ text }: Document) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `') || /^\| \[?[`\d]/.test(line))
    .map((line) => (line.split(' | ')[0] ?? '').replace(/^\| /, '').match(/`[^`]+`/g) ?? [])
const code = ({ blocks }: Document) =>
  blocks.filter(({ language }) => ['sh', 'json', 'yaml', 'sql'].includes(language)).map(({ text }) => text)
const names = ({ text }: Document) => [...new Set(text.match(/`[A-Z][A-Z0-9_]{3,}`/g) ?? [])].sort()

test('the two READMEs have the same sections', () => {
  expect(levels(chinese)).toEqual(levels(english))
})

test('the same code', () => {
  expect(code(chinese)).toEqual(code(english))
})

test('the same rows in their tables', () => {
  expect(rows(chinese)).toEqual(rows(english))
})

test('the same variables', () => {
  expect(names(chinese)).toEqual(names(english))
})
