import { parseAllDocuments } from 'yaml'
import { allDocuments, type Block } from '../../support/documents'

const snippets = allDocuments().flatMap(({ name, blocks }) =>
  blocks.map((block, index) => [`${name}, block ${index + 1} (${block.language})`, block] as const),
)
const ofLanguage = (language: string) => snippets.filter(([, block]) => block.language === language)

test.each<readonly [string, Block]>(ofLanguage('json'))('%s is JSON', (_, { text }) => {
  expect(() => JSON.parse(text)).not.toThrow()
})

test.each<readonly [string, Block]>(ofLanguage('yaml'))('%s is YAML', (_, { text }) => {
  expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([])
})
