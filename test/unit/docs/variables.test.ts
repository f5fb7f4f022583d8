import fs from 'node:fs'
import path from 'node:path'
import { allDocuments, PROJECT } from '../../support/documents'

const SOURCES = [
  's.yaml',
  '.env.example',
  'functions',
  'shared',
  'emulator',
  'local',
  'cli',
  'examples',
  '.ci',
  '.github',
  'test/support',
]

/** Every word in capitals with an underscore that a file of the project holds, documents left out. */
const known = new Set(
  SOURCES.flatMap(filesIn)
    .filter((file) => !file.endsWith('.md'))
    .flatMap((file) => fs.readFileSync(file, 'utf8').match(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g) ?? []),
)

function filesIn(name: string): string[] {
  const file = path.join(PROJECT, name)
  if (!fs.statSync(file).isDirectory()) return [file]
  return fs.readdirSync(file).flatMap((child) => filesIn(path.join(name, child)))
}

test.each(allDocuments().map(({ name, text }) => [name, text] as const))(
  '%s names no variable that there is not',
  (_, text) => {
    const named = text.match(/`[^`\n]*\b[A-Z]+(?:_[A-Z0-9]+)+\b[^`\n]*`/g) ?? []
    const words = named.flatMap((code) => code.match(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g) ?? [])
    expect([...new Set(words)].filter((word) => !known.has(word))).toEqual([])
  },
)
