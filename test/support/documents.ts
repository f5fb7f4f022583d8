import fs from 'node:fs'
import path from 'node:path'

export const PROJECT = path.join(__dirname, '../..')

export interface Block {
  language: string
  text: string
}

export interface Document {
  /** relative to the project */
  name: string
  text: string
  /** fenced code, without its indentation */
  blocks: Block[]
}

/** Every document for users and contributors. */
export function allDocuments(): Document[] {
  const inFolder = (folder: string) => fs.readdirSync(path.join(PROJECT, folder)).map((file) => path.join(folder, file))
  const names = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', ...inFolder('docs'), ...inFolder('ram')]
  return names.filter((name) => name.endsWith('.md')).map(readDocument)
}

export function readDocument(name: string): Document {
  const text = fs.readFileSync(path.join(PROJECT, name), 'utf8')
  const blocks = [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)\n\1```/gm)].map(
    ([, indent = '', language = '', body = '']) => ({
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )
  return { name, text, blocks }
}

/** The lines of its shell blocks, comments left out. */
export function shellLines({ blocks }: Document): string[] {
  return blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Every command that the text names: in shell blocks, and in `code` that begins like one. */
export function commandsOf(document: Document): string[] {
  const inline = [...document.text.matchAll(/`((?:npm|npx|s|curl) [^`\n]+)`/g)].map(([, command = '']) => command)
  return [...shellLines(document), ...inline].flatMap((line) => line.split(' && ')).map((line) => line.trim())
}
