import fs from 'node:fs'
import path from 'node:path'
import {
  allDocuments,
  anchorsOf,
  chineseOf,
  englishOf,
  isChinese,
  linksOf,
  PROJECT,
  readDocument,
} from '../../support/documents'

const documents = allDocuments().map((document) => [document.name, document] as const)
const names = documents.map(([name]) => name)

test.each(documents)('%s: every link within the project leads somewhere', (name, { text }) => {
  const broken = linksOf(name, text).filter(
    ({ file, anchor }) =>
      !fs.existsSync(path.join(PROJECT, file)) ||
      (anchor !== undefined && !anchorsOf(readDocument(file)).includes(anchor)),
  )
  expect(broken).toEqual([])
})

test.each(documents)('%s leads to the other language once, and everywhere else to its own', (name, { text }) => {
  const inOtherLanguage = linksOf(name, text)
    .map(({ file }) => file)
    .filter((file) => isChinese(file) !== isChinese(name) && names.includes(twinOf(file)))
  expect(inOtherLanguage).toEqual([twinOf(name)].filter((twin) => names.includes(twin)))
})

function twinOf(name: string): string {
  return isChinese(name) ? englishOf(name) : chineseOf(name)
}
